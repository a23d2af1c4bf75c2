using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// L7: basis = 1e4 × (mark - index) / index in basis points; a discount is negative. The mid never stands in for the
/// index.
/// </summary>
public static class Basis
{
    private const double BpsPerUnit = 10_000;

    /// <summary>The basis of two prices in the same fixed point.</summary>
    /// <returns>False, and 0, when either is unknown (<see cref="Optional.Null"/>) or the index is not above
    /// 0.</returns>
    [Hot]
    public static bool TryBps(long mark, long index, out double bps)
    {
        bool known = mark != Optional.Null && index > 0;
        bps = known ? (double)((Int128)mark - index) * BpsPerUnit / index : 0;
        return known;
    }
}
