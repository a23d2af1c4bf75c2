using System.Collections.Immutable;
using FlowEngine.Analyzers;
using FlowEngine.Core;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace FlowEngine.Tests.Analyzers;

/// <summary>Compiles a sample and runs all hot-path analyzers over it, as the build does.</summary>
internal static class Sample
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Diagnostics.CodeAnalysis;
        using System.Runtime.CompilerServices;
        using System.Threading.Tasks;
        using FlowEngine.Core;
        using FlowEngine.Core.Checks;

        """;

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(HotAttribute).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        new AllocationAnalyzer(),
        new BoxingAnalyzer(),
        new CaptureAnalyzer(),
        new ControlAnalyzer(),
        new DispatchAnalyzer(),
    ];

    /// <summary>The rules that <paramref name="members"/> of a hot class break, in order of their lines.</summary>
    public static Task<string[]> BrokenBy(string members) =>
        BrokenByFile($"public sealed class Sample {{ {members} }}");

    /// <summary>
    /// The rules that <paramref name="code"/> breaks, in order of their lines. Compiler errors fail the test.
    /// </summary>
    public static async Task<string[]> BrokenByFile(string code)
    {
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(Usings + code, cancellationToken: TestContext.Current.CancellationToken)],
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers(s_analyzers)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. found
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
            .Select(diagnostic => diagnostic.Id)];
    }
}
