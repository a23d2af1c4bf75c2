using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FlowEngine.Analyzers;

/// <summary>
/// Code inside hot methods that is not hot: attributes, arguments of checks, which are compiled out, and of throwers.
/// </summary>
internal static class ColdArgument
{
    /// <summary>Whether <paramref name="operation"/> is within such code.</summary>
    public static bool Holds(IOperation operation)
    {
        for (var at = operation; at.Parent is { } parent; at = parent)
        {
            if (parent is IAttributeOperation
                || (at is IArgumentOperation && parent is IInvocationOperation call && IsCold(call.TargetMethod)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCold(IMethodSymbol method) =>
        (method.Name == "That" && method.ContainingType.ToDisplayString() == "FlowEngine.Core.Checks.Check")
        || method.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString()
            == "System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute");
}
