using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Sums and sizes that stop at the ends of <see langword="long"/> instead of wrapping: absurd input gives an absurd but
/// ordered value.
/// </summary>
internal static class Saturating
{
    /// <summary>a + b, held within the range of <see langword="long"/>.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Add(long a, long b)
    {
        long sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) >= 0 ? sum : a < 0 ? long.MinValue : long.MaxValue;
    }

    /// <summary>|a|, where <see cref="Math.Abs(long)"/> would throw at the one absurd difference of two
    /// prices.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Abs(long a) => a >= 0 ? a : a == long.MinValue ? long.MaxValue : -a;
}
