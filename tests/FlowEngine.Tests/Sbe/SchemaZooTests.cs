using FlowEngine.Sbe.Schema;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Schemas in real use: each compiles, and the C# that comes of it compiles without a warning.</summary>
public class SchemaZooTests
{
    [Fact]
    public void Every_schema_in_real_use_compiles_without_a_warning()
    {
        var folder = SbeFiles.NeedFolder(Path.Combine(SbeFiles.Data, "schemas"));
        var paths = Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(44, paths.Count);

        // Versions of one venue share most of their messages: a file equal to one checked before is not checked again.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (messages, files) = (0, 0);
        foreach (var path in paths)
        {
            var schema = new SchemaText(path, File.ReadAllText(path), "Zoo");
            messages += SbeSchema.Parse(schema.Xml, schema.Path).Schema!.Messages.Count;
            SbeCompiler.Driver(schema).RunGeneratorsAndUpdateCompilation(
                SbeCompiler.Compilation([]), out var compilation, out var diagnostics,
                TestContext.Current.CancellationToken);
            Assert.Empty(diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error));
            foreach (var tree in compilation.SyntaxTrees)
            {
                files++;
                if (!seen.Add(tree.ToString()))
                    continue;
                Assert.Empty(compilation.GetSemanticModel(tree)
                    .GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken)
                    .Where(found => found.Severity >= DiagnosticSeverity.Warning));
            }
        }

        Assert.True(messages > 900, $"{messages} messages");
        TestContext.Current.TestOutputHelper?.WriteLine($"{messages} messages, {files} files, {seen.Count} different");
    }
}
