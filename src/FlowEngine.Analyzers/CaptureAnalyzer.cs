using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FlowEngine.Analyzers;

/// <summary>FE003: hot code makes no delegates and captures no variables.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CaptureAnalyzer : HotPathAnalyzer
{
    /// <summary>The rule's name.</summary>
    public const string Id = "FE003";

    /// <summary>Looks at lambdas, method groups and local functions.</summary>
    public CaptureAnalyzer()
        : base(Id, "Hot code captures", OperationKind.DelegateCreation, OperationKind.LocalFunction)
    {
    }

    private protected override string? Fault(IOperation operation) => operation switch
    {
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation } => "has a lambda",
        IDelegateCreationOperation => "makes a delegate of a method",
        ILocalFunctionOperation local when Captures(local) => $"local function {local.Symbol.Name} captures variables",
        _ => null,
    };

    private static bool Captures(ILocalFunctionOperation local) =>
        !local.Symbol.IsStatic && local.Descendants().Any(operation => operation switch
        {
            ILocalReferenceOperation { Local.IsConst: false } reference => IsOutside(reference.Local, local.Symbol),
            IParameterReferenceOperation reference => IsOutside(reference.Parameter, local.Symbol),
            _ => false,
        });

    private static bool IsOutside(ISymbol variable, IMethodSymbol function)
    {
        for (var owner = variable.ContainingSymbol; owner is IMethodSymbol; owner = owner.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(owner, function))
            {
                return false;
            }
        }

        return true;
    }
}
