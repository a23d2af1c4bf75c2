using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FlowEngine.Core.Checks;

/// <summary>
/// Assertions about the programmer's own errors. Bad input is never asserted: it is counted (architecture section 5).
/// </summary>
public static class Check
{
    /// <summary>Holds an invariant in checked builds (FLOW_CHECKS); free in release.</summary>
    [Conditional("FLOW_CHECKS")]
    public static void That(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            Fail(expression);
        }
    }

    /// <summary>Holds an invariant in every build.</summary>
    public static void Always(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            Fail(expression);
        }
    }

    [DoesNotReturn, StackTraceHidden]
    private static void Fail(string? expression) => throw new InvariantException($"invariant broken: {expression}");
}
