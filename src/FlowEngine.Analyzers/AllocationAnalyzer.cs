using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FlowEngine.Analyzers;

/// <summary>FE001: hot code does not allocate on the managed heap.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AllocationAnalyzer : HotPathAnalyzer
{
    /// <summary>The rule's name.</summary>
    public const string Id = "FE001";

    /// <summary>Looks at everything that makes an object.</summary>
    public AllocationAnalyzer()
        : base(
            Id,
            "Hot code allocates",
            OperationKind.ObjectCreation,
            OperationKind.AnonymousObjectCreation,
            OperationKind.TypeParameterObjectCreation,
            OperationKind.ArrayCreation,
            OperationKind.CollectionExpression,
            OperationKind.With,
            OperationKind.InterpolatedString,
            OperationKind.Binary,
            OperationKind.CompoundAssignment)
    {
    }

    private protected override string? Fault(IOperation operation) => operation switch
    {
        // A throw is FE004's business, with all that is in it.
        IObjectCreationOperation { Parent: IThrowOperation } => null,
        IObjectCreationOperation { Parent: IConversionOperation { Parent: IThrowOperation } } => null,
        IArrayCreationOperation { IsImplicit: true } array when IsEmpty(array) => null,
        IArrayCreationOperation array => array.IsImplicit ? "makes an array for params" : "makes an array",
        ICollectionExpressionOperation collection => Collection(collection),
        IInterpolatedStringOperation text => MakesText(text) ? "makes a string" : null,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum => MakesText(sum) ? "makes a string" : null,
        ICompoundAssignmentOperation sum => MakesText(sum) ? "makes a string" : null,
        IBinaryOperation => null,
        _ => operation.Type is { IsValueType: false } type ? $"makes a {type.Name} on the heap" : null,
    };

    private static bool IsEmpty(IArrayCreationOperation array) =>
        array.DimensionSizes.Length == 1 && array.DimensionSizes[0].ConstantValue is { HasValue: true, Value: 0 };

    private static bool MakesText(IOperation operation) =>
        operation.Type?.SpecialType == SpecialType.System_String
        && !operation.ConstantValue.HasValue
        && operation.Parent is not IInterpolatedStringHandlerCreationOperation;

    private static string? Collection(ICollectionExpressionOperation collection)
    {
        foreach (var element in collection.Elements)
        {
            if (element is ISpreadOperation)
            {
                return "makes a collection of unknown length";
            }
        }

        var isFree = collection.Type is { IsRefLikeType: true }
            || (collection.Type is IArrayTypeSymbol && collection.Elements.IsEmpty);
        return isFree ? null : "makes a collection on the heap";
    }
}
