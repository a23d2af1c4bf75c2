using System.Collections.Immutable;
using System.Text;
using System.Xml;
using FlowEngine.Sbe.Generator.Emitting;
using FlowEngine.Sbe.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FlowEngine.Sbe.Generator;

/// <summary>
/// Compiles every <c>AdditionalFiles</c> item whose root is <c>messageSchema</c> into readers and writers. Each step's
/// result is compared by value: an edit elsewhere compiles nothing again, an edit of one message only its files.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class SbeGenerator : IIncrementalGenerator
{
    /// <summary>The item metadata that names the namespace.</summary>
    public const string NamespaceMetadata = "build_metadata.AdditionalFiles.SbeNamespace";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(text => text.Path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase))
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select((pair, cancellation) => ReadFile(pair.Left, pair.Right, cancellation))
            .WithTrackingName("SbeFiles");
        var outputs = files.Collect()
            .SelectMany((all, _) => PairWithIncludes(all))
            .WithTrackingName("SbeSchemas")
            .Select((input, _) => Compile(input))
            .WithTrackingName("SbeOutputs");
        var merged = outputs.Collect().Select((all, _) => Merge(all)).WithTrackingName("SbeMerged");
        context.RegisterSourceOutput(
            merged.SelectMany((output, _) => output.Files).WithTrackingName("SbeSources"),
            (production, file) => production.AddSource(file.HintName, SourceText.From(file.Source, Encoding.UTF8)));
        context.RegisterSourceOutput(
            merged.SelectMany((output, _) => output.Faults),
            (production, fault) => production.ReportDiagnostic(fault.ToDiagnostic()));
    }

    private static SchemaFile ReadFile(
        AdditionalText text, AnalyzerConfigOptionsProvider options, CancellationToken cancellation)
    {
        options.GetOptions(text).TryGetValue(NamespaceMetadata, out var namespaceName);
        return new SchemaFile(
            text.Path, text.GetText(cancellation)?.ToString() ?? string.Empty,
            string.IsNullOrWhiteSpace(namespaceName) ? null : namespaceName);
    }

    private static IEnumerable<SchemaInput> PairWithIncludes(ImmutableArray<SchemaFile> all)
    {
        var schemas = new List<SchemaFile>();
        var includes = new List<SchemaFile>();
        foreach (var file in all)
        {
            switch (RootOf(file.Text))
            {
                case "types":
                    includes.Add(file);
                    break;
                case null or "messageSchema":
                    schemas.Add(file);
                    break;
            }
        }

        foreach (var schema in schemas)
        {
            var mayInclude = schema.Text.IndexOf("include", StringComparison.Ordinal) >= 0;
            yield return new SchemaInput(schema, new ValueList<SchemaFile>(mayInclude ? includes : []));
        }
    }

    /// <summary>The local name of the root; null when the file is no XML, which the parser will report.</summary>
    private static string? RootOf(string text)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };
            using var reader = XmlReader.Create(new StringReader(text), settings);
            return reader.MoveToContent() == XmlNodeType.Element ? reader.LocalName : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static SchemaOutput Compile(SchemaInput input)
    {
        var parsed = SbeSchema.Parse(
            input.Schema.Text, input.Schema.Path,
            path => input.Includes.FirstOrDefault(file => file.Path.Replace('\\', '/') == path)?.Text);
        var files = parsed.IsValid
            ? SchemaEmitter.Emit(parsed.Schema!, input.Schema.Namespace)
                .Select(file => new GeneratedFile(file.Key, file.Value))
            : [];
        return new SchemaOutput(
            new ValueList<GeneratedFile>(files),
            new ValueList<FoundFault>(parsed.Diagnostics.Concat(parsed.Warnings).Select(FoundFault.Of)));
    }

    /// <summary>Puts all schemas together; of two with the same namespace and type the first one wins.</summary>
    private static SchemaOutput Merge(ImmutableArray<SchemaOutput> all)
    {
        var files = new Dictionary<string, GeneratedFile>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<FoundFault>();
        foreach (var output in all)
        {
            faults.AddRange(output.Faults);
            foreach (var file in output.Files)
            {
                if (!files.ContainsKey(file.HintName))
                {
                    files.Add(file.HintName, file);
                    continue;
                }

                faults.Add(new FoundFault(
                    $"SBE{(int)SbeRule.DuplicateOutput:000}",
                    $"Two schemas generate '{file.HintName}': give one of them another SbeNamespace.", default));
            }
        }

        return new SchemaOutput(new ValueList<GeneratedFile>(files.Values), new ValueList<FoundFault>(faults));
    }
}
