using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowEngine.Analyzers;

/// <summary>
/// Looks at certain operations of hot code: members marked <c>[Hot]</c> and members of types marked so.
/// </summary>
public abstract class HotPathAnalyzer : DiagnosticAnalyzer
{
    private const string HotAttribute = "FlowEngine.Core.HotAttribute";

    private readonly DiagnosticDescriptor _rule;
    private readonly ImmutableArray<OperationKind> _kinds;

    /// <summary>One rule, as an error, over the given kinds of operation.</summary>
    private protected HotPathAnalyzer(string id, string title, params OperationKind[] kinds)
    {
        _rule = new DiagnosticDescriptor(
            id, title, "hot code: {0}", "HotPath", DiagnosticSeverity.Error, isEnabledByDefault: true);
        _kinds = [.. kinds];
        SupportedDiagnostics = [_rule];
    }

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName(HotAttribute) is { } hot)
            {
                start.RegisterOperationBlockStartAction(block => Start(block, hot));
            }
        });
    }

    /// <summary>What is wrong with the operation, as the end of a sentence, or null.</summary>
    private protected abstract string? Fault(IOperation operation);

    private static bool IsHot(ISymbol symbol, INamedTypeSymbol hot)
    {
        if (symbol is not IMethodSymbol method)
        {
            return false;
        }

        var constructs = method.MethodKind is MethodKind.Constructor or MethodKind.StaticConstructor;
        return IsMarked(method, hot)
            || IsMarked(method.AssociatedSymbol, hot)
            || (!constructs && IsMarked(method.ContainingType, hot));
    }

    private static bool IsMarked(ISymbol? symbol, INamedTypeSymbol hot)
    {
        foreach (var attribute in symbol?.GetAttributes() ?? [])
        {
            if (SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, hot))
            {
                return true;
            }
        }

        return false;
    }

    private void Start(OperationBlockStartAnalysisContext block, INamedTypeSymbol hot)
    {
        if (!IsHot(block.OwningSymbol, hot))
        {
            return;
        }

        block.RegisterOperationAction(
            context =>
            {
                if (Fault(context.Operation) is { } fault && !ColdArgument.Holds(context.Operation))
                {
                    context.ReportDiagnostic(Diagnostic.Create(_rule, context.Operation.Syntax.GetLocation(), fault));
                }
            },
            _kinds);
    }
}
