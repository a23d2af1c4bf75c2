namespace FlowEngine.Signals;

/// <summary>What a schedule would cost that takes from one side (M10), basis points of the mid, + is worse.</summary>
public struct ScheduleLine
{
    /// <summary>Expected cost of the schedule that the risk aversion makes best.</summary>
    public double ExpectedBps;

    /// <summary>Its standard deviation.</summary>
    public double DeviationBps;

    /// <summary>Expected cost of equal slices.</summary>
    public double StraightBps;

    /// <summary>Its standard deviation.</summary>
    public double StraightDeviationBps;

    /// <summary>Cost of the best schedule on the book of now, with what past trades and its own still do to the
    /// price.</summary>
    public double LiveBps;

    /// <summary>Share of the order that goes at once.</summary>
    public double FirstShare;

    /// <summary>κ × T: 0 is a straight line, above 3 nearly all goes at the start.</summary>
    public double Urgency;

    /// <summary>Lots that the book of now could not fill slice by slice.</summary>
    public long UnfilledLots;
}

/// <summary>What the sweep sizes cost where a pool shares them (M12); all 0 without one.</summary>
public struct PoolLine
{
    /// <summary>Basis points of the mid where book and pool share each size.</summary>
    public PerSize Bps;

    /// <summary>The same in the pool alone; 0 where it has not so much.</summary>
    public PerSize PoolBps;

    /// <summary>Lots of each size that go to the pool.</summary>
    public PerSizeLots PoolLots;
}

/// <summary>What an order of a usual minute's volume would cost over time, and what a pool would take of it (M10, M12):
/// message <c>execution</c>.</summary>
public struct ExecutionValues
{
    /// <summary>Lots of the schedule: the fourth of the sweep sizes.</summary>
    public long Lots;

    /// <summary>Selling into the bids.</summary>
    public ScheduleLine Bid;

    /// <summary>Buying from the asks.</summary>
    public ScheduleLine Ask;

    /// <summary>Selling into bids and pool.</summary>
    public PoolLine BidPool;

    /// <summary>Buying from asks and pool.</summary>
    public PoolLine AskPool;

    /// <summary>Lots that take the pool's price down by a percent.</summary>
    public double PoolFallLots;
}
