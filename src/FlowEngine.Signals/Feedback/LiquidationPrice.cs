using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// L5: where an isolated position is closed by force. mmr is the maintenance margin as a fraction of the notional.
/// Prices in the unit of the entry. Which form a venue uses must be tried: many sites' Pe·(1 - 1/l + mmr) takes the
/// maintenance of the entry's notional instead.
/// </summary>
public static class LiquidationPrice
{
    /// <summary>Long, linear: Pe(1 - 1/l) / (1 - mmr).</summary>
    [Hot]
    public static double Long(double entry, double leverage, double maintenance) =>
        entry * (1 - 1 / leverage) / (1 - maintenance);

    /// <summary>Short, linear: Pe(1 + 1/l) / (1 + mmr).</summary>
    [Hot]
    public static double Short(double entry, double leverage, double maintenance) =>
        entry * (1 + 1 / leverage) / (1 + maintenance);

    /// <summary>Long, inverse: Pe(1 + mmr) / (1 + 1/l).</summary>
    [Hot]
    public static double InverseLong(double entry, double leverage, double maintenance) =>
        entry * (1 + maintenance) / (1 + 1 / leverage);

    /// <summary>
    /// Short, inverse: Pe(1 - mmr) / (1 - 1/l), the mirror of the long one; never, told as 0, at a leverage of 1 or
    /// less.
    /// </summary>
    [Hot]
    public static double InverseShort(double entry, double leverage, double maintenance) =>
        leverage > 1 ? entry * (1 - maintenance) / (1 - 1 / leverage) : 0;

    /// <summary>Where a linear long has nothing left: Pe(1 - 1/l).</summary>
    [Hot]
    public static double LongBankruptcy(double entry, double leverage) => entry * (1 - 1 / leverage);

    /// <summary>Where a linear short has nothing left: Pe(1 + 1/l).</summary>
    [Hot]
    public static double ShortBankruptcy(double entry, double leverage) => entry * (1 + 1 / leverage);

    /// <summary>
    /// Tiered, one way, linear: the price at which margin + q(P - Pe) = |q|·P·mmr - cum; q above 0 is long.
    /// </summary>
    /// <param name="margin">Wallet margin of the position.</param>
    /// <param name="bracketAllowance">cum of the notional bracket.</param>
    /// <param name="quantity">q, base.</param>
    /// <param name="entry">Pe.</param>
    /// <param name="maintenance">mmr of the bracket.</param>
    [Hot]
    public static double Tiered(
        double margin, double bracketAllowance, double quantity, double entry, double maintenance) =>
        (margin + bracketAllowance - quantity * entry) / (Math.Abs(quantity) * maintenance - quantity);
}
