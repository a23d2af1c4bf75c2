using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FlowEngine.Analyzers;

/// <summary>FE002: hot code does not box values.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BoxingAnalyzer : HotPathAnalyzer
{
    /// <summary>The rule's name.</summary>
    public const string Id = "FE002";

    /// <summary>Looks at conversions, and at calls of what a struct only inherits.</summary>
    public BoxingAnalyzer()
        : base(Id, "Hot code boxes a value", OperationKind.Conversion, OperationKind.Invocation)
    {
    }

    private protected override string? Fault(IOperation operation) => operation switch
    {
        IConversionOperation conversion => conversion.GetConversion().IsBoxing
            ? $"boxes {conversion.Operand.Type?.ToDisplayString()} into {conversion.Type?.ToDisplayString()}"
            : null,
        IInvocationOperation { Instance.Type: { } type } call when CallBoxes(call.TargetMethod, type) =>
            $"boxes {type.ToDisplayString()} to call {call.TargetMethod.Name}, which it does not define itself",
        _ => null,
    };

    private static bool CallBoxes(IMethodSymbol method, ITypeSymbol receiver)
    {
        if (receiver.TypeKind == TypeKind.TypeParameter)
        {
            var isDefault = method.ContainingType.TypeKind == TypeKind.Interface && !method.IsAbstract;
            return !receiver.IsReferenceType && (isDefault || method.Name == nameof(GetType));
        }

        return receiver.IsValueType && method.ContainingType.SpecialType
            is SpecialType.System_Object or SpecialType.System_ValueType or SpecialType.System_Enum;
    }
}
