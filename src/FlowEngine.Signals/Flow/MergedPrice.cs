using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>An exact volume-weighted price: Quanta + Remainder / Lots, with 0 ≤ Remainder &lt; Lots.</summary>
/// <param name="Quanta">Whole quanta, rounded down.</param>
/// <param name="Remainder">Numerator of the rest.</param>
/// <param name="Lots">Denominator of the rest.</param>
internal readonly record struct MergedPrice(long Quanta, long Remainder, long Lots)
{
    /// <summary>Notional over lots.</summary>
    [Hot]
    public static MergedPrice Of(Int128 notional, long lots)
    {
        Int128 quanta = notional / lots;
        Int128 remainder = notional - quanta * lots;
        return remainder < 0
            ? new MergedPrice((long)(quanta - 1), (long)(remainder + lots), lots)
            : new MergedPrice((long)quanta, (long)remainder, lots);
    }

    /// <summary>-1, 0 or 1, without rounding.</summary>
    [Hot]
    public int CompareTo(in MergedPrice other) => Quanta != other.Quanta
        ? Quanta > other.Quanta ? 1 : -1
        : Math.BigMul(Remainder, other.Lots).CompareTo(Math.BigMul(other.Remainder, Lots));
}
