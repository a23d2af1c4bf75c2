using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// Where the price belongs: microprice (B5), odds of the next move (B6), lots that the touch takes in (B12), and sweeps
/// (F10). O(1) each event. Engine thread only.
/// </summary>
public struct FairValueGroup
{
    private const int SweptLevels = 5;

    private QueueImbalance _queue;
    private Absorption _bid;
    private Absorption _ask;
    private Sweeps _sweeps;
    private long _bidDepth;
    private long _askDepth;
    private ValidityFlags _flags;

    /// <summary>Nothing seen yet.</summary>
    public FairValueGroup(CatalogueOptions options, Instrument instrument)
    {
        _queue = new QueueImbalance(new HalfLife(options.OneTickHalfLifeNs), instrument.TickQuanta);
        _sweeps = new Sweeps(new HalfLife(options.SweepHalfLifeNs));
    }

    /// <summary>A print of the continuous market, before the book of its event.</summary>
    [Hot]
    public void Trade(int sign, long price, long lots, long nowNs)
    {
        _sweeps.Add(sign, price, lots, nowNs);
        if (sign < 0)
        {
            _bid.Trade(price, lots);
        }
        else if (sign > 0)
        {
            _ask.Trade(price, lots);
        }
    }

    /// <summary>The book at the end of an event.</summary>
    /// <param name="bids">Best bids.</param>
    /// <param name="asks">Best asks.</param>
    /// <param name="step">What the touch made of it.</param>
    /// <param name="touch">Its best levels; empty while frozen.</param>
    /// <param name="orders">What the event traded.</param>
    /// <param name="parameters">Tables in force.</param>
    /// <param name="largeTradeLots">95th percentile of trade sizes; 0 while unknown.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">What comes from the book holds while it is frozen.</param>
    /// <returns>LowSamples where B4 stood in for B5, default weights for B6, or the spread is too often wide.</returns>
    [Hot]
    public ValidityFlags Evaluate(
        in BookSide bids,
        in BookSide asks,
        BookStep step,
        in TouchState touch,
        in EventOrders orders,
        SetParameters parameters,
        double largeTradeLots,
        long nowNs,
        ref FairValueValues values)
    {
        if (orders.FirstSign != 0 && _sweeps.EndEvent(_bidDepth, _askDepth))
        {
            values.LastSweep = _sweeps.Last;
            values.SweepCount = _sweeps.Count;
        }

        _queue.Set(touch, nowNs);
        values.OneTickShare = _queue.OneTickShare(nowNs);
        if (step != BookStep.Stepped)
        {
            // Another book: what was taken in before is not this touch's.
            _bid.Set(0, 0);
            _ask.Set(0, 0);
        }

        bool isKnown = step != BookStep.Frozen;
        _bidDepth = isKnown ? Depth(bids) : 0;
        _askDepth = isKnown ? Depth(asks) : 0;
        if (isKnown)
        {
            _bid.Set(touch.BidPrice, touch.BidLots);
            _ask.Set(touch.AskPrice, touch.AskLots);
            _flags = Price(touch, parameters, ref values);
        }

        Read(_bid, largeTradeLots, ref values.BidAbsorption);
        Read(_ask, largeTradeLots, ref values.AskAbsorption);
        _sweeps.Read(-1, nowNs, out values.BidSweeps.Count, out values.BidSweeps.Lots);
        _sweeps.Read(1, nowNs, out values.AskSweeps.Count, out values.AskSweeps.Lots);
        return _flags;
    }

    private static ValidityFlags Price(in TouchState touch, SetParameters parameters, ref FairValueValues values)
    {
        ValidityFlags flags = Microprice.Read(touch, parameters.Microprice, out values.Microprice);
        values.MicropriceVersion =
            flags == ValidityFlags.None ? parameters.VersionOf(ParameterKind.Microprice) : 0;
        values.QueueVersion = parameters.VersionOf(ParameterKind.QueueImbalance);
        return flags
            | QueueImbalance.Read(touch, parameters.QueueImbalance, values.OneTickShare, out values.UpProbability)
            | (values.QueueVersion == 0 ? ValidityFlags.LowSamples : ValidityFlags.None);
    }

    private static void Read(in Absorption side, double largeTradeLots, ref AbsorptionLine line)
    {
        line.IsTelling = side.Read(largeTradeLots, out line.Ratio);
        line.Lots = side.AbsorbedLots;
    }

    private static long Depth(in BookSide levels)
    {
        Span<PriceLevel> room = stackalloc PriceLevel[SweptLevels];
        long lots = 0;
        foreach (ref readonly PriceLevel level in levels.Best(room))
        {
            lots = Saturating.Add(lots, level.Lots);
        }

        return lots;
    }
}
