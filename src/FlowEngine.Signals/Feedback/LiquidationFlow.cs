using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// L1: forced lots a second by side (sell: longs are closed), decayed, their share of all that is traded on that side,
/// and how bunched they come (Fano factor of 1-s counts). A throttled feed shows less than there was: see <see
/// cref="LiquidationBounds"/>.
/// </summary>
public sealed class LiquidationFlow
{
    private const long NsPerSecond = 1_000_000_000;

    private readonly CountWindows _counts;
    private DecayedRate _sold;
    private DecayedRate _bought;
    private DecayedRate _soldNotional;
    private DecayedRate _boughtNotional;
    private DecayedRate _takerSold;
    private DecayedRate _takerBought;
    private DecayedRate _usual;

    /// <summary>Nothing forced yet.</summary>
    /// <param name="halfLife">Of the rates; tau = 5 s by default.</param>
    /// <param name="usual">Of the usual rate that the composite refers to (F9); 30 minutes by default.</param>
    /// <param name="fanoSeconds">Seconds the Fano factor looks back.</param>
    public LiquidationFlow(HalfLife halfLife, HalfLife usual, int fanoSeconds)
    {
        _sold = new DecayedRate(halfLife);
        _bought = new DecayedRate(halfLife);
        _soldNotional = new DecayedRate(halfLife);
        _boughtNotional = new DecayedRate(halfLife);
        _takerSold = new DecayedRate(halfLife);
        _takerBought = new DecayedRate(halfLife);
        _usual = new DecayedRate(usual);
        _counts = new CountWindows(NsPerSecond, fanoSeconds);
    }

    /// <summary>A forced trade: sign -1 sold, 1 bought.</summary>
    /// <param name="sign">Of the forced order; 0 counts in the number only.</param>
    /// <param name="lots">Lots.</param>
    /// <param name="notional">Its worth in the currency the figures are to be in.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void Add(int sign, long lots, double notional, long nowNs)
    {
        _counts.Add(1, nowNs);
        if (sign < 0)
        {
            _sold.Add(lots, nowNs);
            _soldNotional.Add(notional, nowNs);
        }
        else if (sign > 0)
        {
            _bought.Add(lots, nowNs);
            _boughtNotional.Add(notional, nowNs);
        }

        _usual.Add(lots, nowNs);
    }

    /// <summary>Any trade, forced or not, of sign 1 or -1: what the shares are of.</summary>
    [Hot]
    public void Trade(int sign, long lots, long nowNs)
    {
        _usual.Start(nowNs);
        if (sign < 0)
        {
            _takerSold.Add(lots, nowNs);
        }
        else if (sign > 0)
        {
            _takerBought.Add(lots, nowNs);
        }
    }

    /// <summary>Closes the seconds that ended: on timers.</summary>
    [Hot]
    public void Pass(long nowNs) => _counts.Pass(nowNs);

    /// <summary>All of it as of <paramref name="nowNs"/>.</summary>
    /// <returns>Warmup while the usual rate is new; LowSamples without trades to take a share of.</returns>
    [Hot]
    public ValidityFlags Read(long nowNs, out LiquidationLines lines)
    {
        lines = default;
        lines.SoldPerSecond = _sold.Raw(nowNs);
        lines.BoughtPerSecond = _bought.Raw(nowNs);
        lines.SoldNotionalPerSecond = _soldNotional.Raw(nowNs);
        lines.BoughtNotionalPerSecond = _boughtNotional.Raw(nowNs);
        double takerSold = _takerSold.Raw(nowNs);
        double takerBought = _takerBought.Raw(nowNs);
        lines.SoldShare = takerSold > 0 ? Math.Min(1, lines.SoldPerSecond / takerSold) : 0;
        lines.BoughtShare = takerBought > 0 ? Math.Min(1, lines.BoughtPerSecond / takerBought) : 0;
        ValidityFlags flags = _usual.Read(nowNs, out lines.UsualPerSecond);
        _ = _counts.ReadFano(out lines.Fano);
        return flags | (takerSold + takerBought > 0 ? ValidityFlags.None : ValidityFlags.LowSamples);
    }
}

/// <summary>Forced trades now.</summary>
public struct LiquidationLines
{
    /// <summary>Forced sells, lots a second.</summary>
    public double SoldPerSecond;

    /// <summary>Forced buys, lots a second.</summary>
    public double BoughtPerSecond;

    /// <summary>Forced sells, currency a second.</summary>
    public double SoldNotionalPerSecond;

    /// <summary>Forced buys, currency a second.</summary>
    public double BoughtNotionalPerSecond;

    /// <summary>Forced share of what takers sold, 0 to 1.</summary>
    public double SoldShare;

    /// <summary>Forced share of what takers bought, 0 to 1.</summary>
    public double BoughtShare;

    /// <summary>Liquidated lots a second over a long time: F9's ref.</summary>
    public double UsualPerSecond;

    /// <summary>Variance over mean of the number in a second; 0 without any.</summary>
    public double Fano;
}

/// <summary>
/// L1's censoring, over an interval: at least what was seen, at most what open interest and the takers' lots leave room
/// for.
/// </summary>
/// <param name="LowerLots">Seen.</param>
/// <param name="UpperLots">max(seen, min(fall of open interest, takers' lots)).</param>
/// <param name="LowerShare">Over the takers' lots, 0 to 1; 0 without any.</param>
/// <param name="UpperShare">The same of the upper bound.</param>
public readonly record struct LiquidationBounds(long LowerLots, long UpperLots, double LowerShare, double UpperShare)
{
    /// <summary>The bounds of an interval.</summary>
    /// <param name="seenLots">Forced lots on one side that the feed showed.</param>
    /// <param name="openInterestChange">Lots; only a fall gives room.</param>
    /// <param name="takerLots">All lots takers traded on that side.</param>
    [Hot]
    public static LiquidationBounds Of(long seenLots, long openInterestChange, long takerLots)
    {
        long fall = openInterestChange < 0 ? -Math.Max(openInterestChange, -long.MaxValue) : 0;
        long upper = Math.Max(seenLots, Math.Min(fall, takerLots));
        return new LiquidationBounds(
            seenLots,
            upper,
            takerLots > 0 ? Math.Min(1, (double)seenLots / takerLots) : 0,
            takerLots > 0 ? Math.Min(1, (double)upper / takerLots) : 0);
    }
}
