using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Sums of lots that stop at the ends of <see langword="long"/> instead of wrapping: absurd input gives an absurd but
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
}
