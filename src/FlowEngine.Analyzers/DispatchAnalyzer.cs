using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FlowEngine.Analyzers;

/// <summary>
/// FE005: hot code calls methods that the JIT knows: of structs, sealed types and struct type arguments.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DispatchAnalyzer : HotPathAnalyzer
{
    /// <summary>The rule's name.</summary>
    public const string Id = "FE005";

    /// <summary>Looks at calls, properties and loops over interfaces.</summary>
    public DispatchAnalyzer()
        : base(
            Id,
            "Hot code makes a virtual call",
            OperationKind.Invocation,
            OperationKind.PropertyReference,
            OperationKind.Loop)
    {
    }

    private protected override string? Fault(IOperation operation) => operation switch
    {
        IInvocationOperation { IsVirtual: true, Instance: { } receiver } call => Dispatch(call.TargetMethod, receiver),
        IPropertyReferenceOperation { Instance: { } receiver } access => Dispatch(access.Property, receiver),
        // The compiler turns a loop over an array into one over its index, though the tree shows a conversion.
        IForEachLoopOperation { Collection: IConversionOperation { Operand.Type.TypeKind: TypeKind.Array } } => null,
        IForEachLoopOperation { Collection.Type: { TypeKind: TypeKind.Interface } type } =>
            $"enumerates through the interface {type.Name}",
        _ => null,
    };

    private static string? Dispatch(ISymbol member, IOperation receiver)
    {
        var isVirtual = (member.IsVirtual || member.IsAbstract || member.IsOverride) && !member.IsSealed;
        var isBase = receiver.Syntax is BaseExpressionSyntax;
        return isVirtual && !isBase && receiver.Type is { IsValueType: false, IsSealed: false } type
            ? $"calls {type.Name}.{member.Name} virtually: make {type.Name} a struct type argument or sealed"
            : null;
    }
}
