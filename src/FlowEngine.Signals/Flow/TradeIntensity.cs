using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// F8: trades, lots and sold lots a second over a fast, a middle and a slow time (tau 1, 10, 60 s by default), and the
/// burst: fast over slow, 1 when nothing is special.
/// </summary>
public struct TradeIntensity
{
    private RateTriple _fast;
    private RateTriple _middle;
    private RateTriple _slow;

    /// <summary>Nothing traded yet.</summary>
    public TradeIntensity(HalfLife fast, HalfLife middle, HalfLife slow)
    {
        _fast = new RateTriple(fast);
        _middle = new RateTriple(middle);
        _slow = new RateTriple(slow);
    }

    /// <summary>Starts to watch, if it has not yet.</summary>
    [Hot]
    public void Start(long nowNs)
    {
        _fast.Start(nowNs);
        _middle.Start(nowNs);
        _slow.Start(nowNs);
    }

    /// <summary>A trade of sign 1, -1 or 0.</summary>
    [Hot]
    public void Add(int sign, long lots, long nowNs)
    {
        _fast.Add(sign, lots, nowNs);
        _middle.Add(sign, lots, nowNs);
        _slow.Add(sign, lots, nowNs);
    }

    /// <summary>All of it as of <paramref name="nowNs"/>.</summary>
    /// <returns>Warmup until five slow times were watched; LowSamples where nothing traded.</returns>
    [Hot]
    public readonly ValidityFlags Read(long nowNs, out IntensityLines lines)
    {
        lines = default;
        _fast.Read(nowNs, out lines.Fast);
        _middle.Read(nowNs, out lines.Middle);
        ValidityFlags flags = _slow.Read(nowNs, out lines.Slow);
        bool known = lines.Slow.TradesPerSecond > 0;
        lines.Burst = known ? lines.Fast.TradesPerSecond / lines.Slow.TradesPerSecond : 0;
        return flags | (known ? ValidityFlags.None : ValidityFlags.LowSamples);
    }

    private struct RateTriple(HalfLife halfLife)
    {
        public DecayedRate Trades = new(halfLife);
        public DecayedRate Lots = new(halfLife);
        public DecayedRate SellLots = new(halfLife);

        public void Start(long nowNs)
        {
            Trades.Start(nowNs);
            Lots.Start(nowNs);
            SellLots.Start(nowNs);
        }

        public void Add(int sign, long lots, long nowNs)
        {
            Trades.Add(1, nowNs);
            Lots.Add(lots, nowNs);
            SellLots.Add(sign < 0 ? lots : 0, nowNs);
        }

        public readonly ValidityFlags Read(long nowNs, out IntensityLine line)
        {
            line = default;
            ValidityFlags flags = Trades.Read(nowNs, out line.TradesPerSecond);
            Lots.Read(nowNs, out line.LotsPerSecond);
            SellLots.Read(nowNs, out line.SellLotsPerSecond);
            return flags;
        }
    }
}

/// <summary>Rates over one time.</summary>
public struct IntensityLine
{
    /// <summary>Trades a second.</summary>
    public double TradesPerSecond;

    /// <summary>Lots a second.</summary>
    public double LotsPerSecond;

    /// <summary>Lots sold by aggressors a second.</summary>
    public double SellLotsPerSecond;
}

/// <summary>Rates over three times.</summary>
public struct IntensityLines
{
    /// <summary>Over the fast time.</summary>
    public IntensityLine Fast;

    /// <summary>Over the middle time.</summary>
    public IntensityLine Middle;

    /// <summary>Over the slow time.</summary>
    public IntensityLine Slow;

    /// <summary>Fast over slow trades a second; 0 when nothing traded.</summary>
    public double Burst;
}
