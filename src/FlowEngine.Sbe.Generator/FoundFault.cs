using FlowEngine.Sbe.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowEngine.Sbe.Generator;

/// <summary>A schema's fault as plain values; becomes a compiler diagnostic at the schema's line and column.</summary>
internal sealed record FoundFault
{
    public FoundFault(string code, string message, SbePosition position, bool isWarning = false)
    {
        Code = code;
        Message = message;
        Position = position;
        IsWarning = isWarning;
    }

    public string Code { get; }

    public string Message { get; }

    public SbePosition Position { get; }

    public bool IsWarning { get; }

    public static FoundFault Of(SbeDiagnostic diagnostic) =>
        new(diagnostic.Code, diagnostic.Message, diagnostic.Position, diagnostic.IsWarning);

    public Diagnostic ToDiagnostic()
    {
        var descriptor = new DiagnosticDescriptor(
            Code, IsWarning ? "Doubtful SBE schema" : "Broken SBE schema", "{0}", "Sbe",
            IsWarning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error, isEnabledByDefault: true);
        var at = new LinePosition(Math.Max(0, Position.Line - 1), Math.Max(0, Position.Column - 1));
        var location = string.IsNullOrEmpty(Position.Path)
            ? Location.None : Location.Create(Position.Path, default, new LinePositionSpan(at, at));
        return Diagnostic.Create(descriptor, location, Message);
    }
}
