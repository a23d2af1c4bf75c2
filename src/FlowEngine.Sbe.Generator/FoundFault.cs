using FlowEngine.Sbe.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowEngine.Sbe.Generator;

/// <summary>A schema's fault as plain values; becomes a compiler diagnostic at the schema's line and column.</summary>
internal sealed record FoundFault(string Code, string Message, string Path, int Line, int Column)
{
    public static FoundFault Of(SbeDiagnostic diagnostic) => new(
        diagnostic.Code, diagnostic.Message, diagnostic.Position.Path, diagnostic.Position.Line,
        diagnostic.Position.Column);

    public Diagnostic ToDiagnostic()
    {
        var descriptor = new DiagnosticDescriptor(
            Code, "Broken SBE schema", "{0}", "Sbe", DiagnosticSeverity.Error, isEnabledByDefault: true);
        var at = new LinePosition(Math.Max(0, Line - 1), Math.Max(0, Column - 1));
        return Diagnostic.Create(
            descriptor, Location.Create(Path, default, new LinePositionSpan(at, at)), Message);
    }
}
