using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>One order that went through at least two prices.</summary>
public struct Sweep
{
    /// <summary>1 bought, -1 sold.</summary>
    public int Sign;

    /// <summary>Different prices it printed at.</summary>
    public int Prices;

    /// <summary>Lots.</summary>
    public long Lots;

    /// <summary>From the first to the worst price, quanta.</summary>
    public long Quanta;

    /// <summary>Average price, quanta.</summary>
    public double Vwap;

    /// <summary>Lots over those that stood on the best levels before it; 0 when that is not known.</summary>
    public double DepthShare;
}

/// <summary>
/// F10: prints of one venue event on one side at two or more prices are a sweep; decayed number and lots of them by
/// side. Where a feed tells no venue events, prints of one time and side at prices that only get worse are one
/// (<see cref="Continues"/>).
/// </summary>
public struct Sweeps
{
    private readonly HalfLife _halfLife;
    private Running _buy;
    private Running _sell;
    private DecayedPair _bought;
    private DecayedPair _sold;
    private Sweep _last;
    private long _nowNs;
    private int _lastSign;

    /// <summary>No sweep yet.</summary>
    public Sweeps(HalfLife halfLife) => _halfLife = halfLife;

    /// <summary>The newest sweep.</summary>
    public readonly Sweep Last => _last;

    /// <summary>Sweeps since the start.</summary>
    public long Count { get; private set; }

    /// <summary>Whether a print may belong to the running event, for feeds that don't say.</summary>
    [Hot]
    public readonly bool Continues(int sign, long price, long nowNs) => nowNs == _nowNs && sign == _lastSign
        && (sign > 0 ? price >= _buy.Worst : price <= _sell.Worst);

    /// <summary>A print of sign 1 or -1 of the running venue event; 0 adds nothing.</summary>
    [Hot]
    public void Add(int sign, long price, long lots, long nowNs)
    {
        _nowNs = nowNs;
        _lastSign = sign;
        if (sign > 0)
        {
            _buy.Add(price, lots, 1);
        }
        else if (sign < 0)
        {
            _sell.Add(price, lots, -1);
        }
    }

    /// <summary>Ends the venue event.</summary>
    /// <param name="bidLots">Lots of the best bids before the event, top 5 say.</param>
    /// <param name="askLots">Lots of the best asks before it.</param>
    /// <returns>Whether there was a sweep: see <see cref="Last"/>.</returns>
    [Hot]
    public bool EndEvent(long bidLots, long askLots)
    {
        bool swept = End(ref _buy, 1, askLots, ref _bought);
        swept |= End(ref _sell, -1, bidLots, ref _sold);
        _lastSign = 0;
        return swept;
    }

    /// <summary>Decayed sweeps and their lots as of <paramref name="nowNs"/>.</summary>
    /// <param name="sign">1 bought, -1 sold.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="count">Decayed number.</param>
    /// <param name="lots">Decayed lots.</param>
    [Hot]
    public readonly void Read(int sign, long nowNs, out double count, out double lots)
    {
        if (sign > 0)
        {
            _bought.At(nowNs, _halfLife, out count, out lots);
        }
        else
        {
            _sold.At(nowNs, _halfLife, out count, out lots);
        }
    }

    private bool End(ref Running running, int sign, long depthLots, ref DecayedPair sums)
    {
        Running ended = running;
        running = default;
        if (ended.Prices < 2)
        {
            return false;
        }

        _last = new Sweep
        {
            Sign = sign,
            Prices = ended.Prices,
            Lots = ended.Lots,
            Quanta = sign * (ended.Worst - ended.First),
            Vwap = ended.First + (double)ended.Excess / ended.Lots,
            DepthShare = depthLots > 0 ? (double)ended.Lots / depthLots : 0,
        };
        Count++;
        sums.Add(1, ended.Lots, _nowNs, _halfLife);
        return true;
    }

    private struct Running
    {
        public long First;
        public long Worst;
        public long Lots;
        public int Prices;
        public Int128 Excess;

        public void Add(long price, long lots, int sign)
        {
            if (Prices == 0)
            {
                First = price;
                Worst = price;
                Prices = 1;
            }
            else if (sign * (price - Worst) > 0)
            {
                // Prices between those seen were or will be seen once: an order walks one way.
                Worst = price;
                Prices++;
            }

            Lots = Saturating.Add(Lots, lots);
            Excess += Math.BigMul(price - First, lots);
        }
    }
}
