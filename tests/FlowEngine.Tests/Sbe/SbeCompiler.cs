using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using FlowEngine.Sbe.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Runs the generator and the C# compiler in the test, on schemas given as files or text.</summary>
internal static class SbeCompiler
{
    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "FlowEngine.Sbe.dll"
                || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A driver over the given schemas; steps are tracked.</summary>
    public static CSharpGeneratorDriver Driver(params IEnumerable<SchemaText> schemas)
    {
        var texts = schemas.ToImmutableArray();
        return CSharpGeneratorDriver.Create(
            [new SbeGenerator().AsSourceGenerator()],
            texts.CastArray<AdditionalText>(),
            Options,
            new NamespaceOptions(texts),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    }

    /// <summary>C# 14 with doc comments checked, as a project with a documentation file has it.</summary>
    public static CSharpParseOptions Options { get; } =
        new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    /// <summary>A compilation of hand-written sources alone.</summary>
    public static CSharpCompilation Compilation(IEnumerable<string> sources, CSharpParseOptions? options = null) =>
        CSharpCompilation.Create(
            "Generated" + Guid.NewGuid().ToString("N"),
            sources.Select(source => CSharpSyntaxTree.ParseText(source, options ?? Options)),
            s_references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Generates, compiles with additional sources, and loads; any error or warning fails the test.</summary>
    public static Assembly Load(
        IEnumerable<SchemaText> schemas, IEnumerable<string> sources, params string[] symbols)
    {
        var options = Options.WithPreprocessorSymbols(symbols);
        GeneratorDriver driver = Driver(schemas).WithUpdatedParseOptions(options);
        driver.RunGeneratorsAndUpdateCompilation(
            Compilation(sources, options), out var compilation, out var diagnostics,
            TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(result.Diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning));
        stream.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(stream);
    }

    /// <summary>What the generator reports about one schema.</summary>
    public static ImmutableArray<Diagnostic> Diagnose(string xml, string path = "test.xml") =>
        Driver(new SchemaText(path, xml)).RunGenerators(
            Compilation([]), TestContext.Current.CancellationToken).GetRunResult().Diagnostics;

    private sealed class NamespaceOptions(ImmutableArray<SchemaText> schemas) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(null);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new Values(schemas.FirstOrDefault(schema => schema.Path == textFile.Path)?.Namespace);
    }

    private sealed class Values(string? namespaceName) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value)
        {
            value = namespaceName ?? string.Empty;
            return namespaceName is not null && key == SbeGenerator.NamespaceMetadata;
        }
    }
}

/// <summary>A schema as the compiler is given it.</summary>
internal sealed class SchemaText(string path, string xml, string? namespaceName = null) : AdditionalText
{
    public override string Path { get; } = path;

    /// <summary>The item's namespace metadata, if any.</summary>
    public string? Namespace { get; } = namespaceName;

    public string Xml { get; } = xml;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(Xml);
}
