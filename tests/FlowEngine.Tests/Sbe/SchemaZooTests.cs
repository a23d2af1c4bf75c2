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
        var schemas = Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal)
            .Select((path, index) => new SchemaText(path, File.ReadAllText(path), $"Zoo.S{index}")).ToArray();
        Assert.Equal(44, schemas.Length);
        SbeCompiler.Driver(schemas).RunGeneratorsAndUpdateCompilation(
            SbeCompiler.Compilation([]), out var compilation, out var diagnostics,
            TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics);
        var found = compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
        Assert.Empty(found);
        var messages = schemas.Sum(schema => SbeSchema.Parse(schema.Xml, schema.Path).Schema!.Messages.Count);
        var files = compilation.SyntaxTrees.Count();
        Assert.True(messages > 900, $"{messages} messages");
        TestContext.Current.TestOutputHelper?.WriteLine($"{messages} messages, {files} files");
    }

    [Fact]
    public void The_conformance_schemas_compile_without_a_warning()
    {
        var folder = Path.Combine(SbeFiles.NeedFolder(SbeFiles.Conformance), "schemas");
        var schemas = Directory.GetFiles(folder, "*.xml")
            .Select((path, index) => new SchemaText(path, File.ReadAllText(path), $"Conformance.S{index}"));
        SbeCompiler.Driver(schemas).RunGeneratorsAndUpdateCompilation(
            SbeCompiler.Compilation([]), out var compilation, out var diagnostics,
            TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }
}
