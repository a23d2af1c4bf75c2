using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FlowEngine.Analyzers;

/// <summary>
/// FE004: hot code has no throw, try, lock, await or yield; it may call a method that does not return.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ControlAnalyzer : HotPathAnalyzer
{
    /// <summary>The rule's name.</summary>
    public const string Id = "FE004";

    /// <summary>Looks at statements that leave the straight way.</summary>
    public ControlAnalyzer()
        : base(
            Id,
            "Hot code throws, catches, locks or suspends",
            OperationKind.Throw,
            OperationKind.Try,
            OperationKind.Lock,
            OperationKind.Await,
            OperationKind.Loop,
            OperationKind.YieldReturn,
            OperationKind.YieldBreak)
    {
    }

    private protected override string? Fault(IOperation operation) => operation switch
    {
        IThrowOperation => "throws: call a method marked [DoesNotReturn], or return a failure",
        ITryOperation => "has a try: catch outside the loop",
        ILockOperation => "takes a lock",
        IForEachLoopOperation { IsAsynchronous: true } or IAwaitOperation => "awaits",
        IReturnOperation => "yields",
        _ => null,
    };
}
