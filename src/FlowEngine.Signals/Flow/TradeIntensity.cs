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

    // Three sums on one clock: one decay factor serves them all.
    private struct RateTriple(HalfLife halfLife)
    {
        private const double NsPerSecond = 1e9;
        private const double WarmTaus = 5;

        private readonly double _perTau = NsPerSecond * Elementary.Ln2 / halfLife.Ns;
        private readonly long _warmNs = (long)(halfLife.Ns * (WarmTaus / Elementary.Ln2));
        private double _trades;
        private double _lots;
        private double _sellLots;
        private long _lastNs;
        private long _startNs;
        private bool _started;

        public void Start(long nowNs)
        {
            if (!_started)
            {
                _started = true;
                _startNs = nowNs;
            }
        }

        public void Add(int sign, long lots, long nowNs)
        {
            Start(nowNs);
            double factor = halfLife.Factor(nowNs - _lastNs);
            _trades = _trades * factor + 1;
            _lots = _lots * factor + lots;
            _sellLots = _sellLots * factor + (sign < 0 ? lots : 0);
            _lastNs = nowNs;
        }

        public readonly ValidityFlags Read(long nowNs, out IntensityLine line)
        {
            line = default;
            long watchedNs = nowNs - _startNs;
            if (!_started || watchedNs <= 0)
            {
                return ValidityFlags.Warmup;
            }

            bool warm = watchedNs > _warmNs;
            double scale = halfLife.Factor(nowNs - _lastNs) * _perTau / (warm ? 1 : halfLife.Lost(watchedNs));
            line.TradesPerSecond = _trades * scale;
            line.LotsPerSecond = _lots * scale;
            line.SellLotsPerSecond = _sellLots * scale;
            return warm ? ValidityFlags.None : ValidityFlags.Warmup;
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
