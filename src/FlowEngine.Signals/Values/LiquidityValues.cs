namespace FlowEngine.Signals;

/// <summary>Spread and depth (B10, B1 bands): message <c>liquidity</c>.</summary>
public struct LiquidityValues
{
    /// <summary>Best ask minus best bid in quanta, 0 when a side is empty.</summary>
    public long Spread;

    /// <summary>Spread in basis points of the mid.</summary>
    public double SpreadBps;

    /// <summary>Spread weighted by how long it stood, decayed, quanta.</summary>
    public double TimeWeightedSpread;

    /// <summary>Decayed quanta the best bid stepped down: buyers leave.</summary>
    public double BidRetreat;

    /// <summary>Decayed quanta the best ask stepped down: sellers undercut.</summary>
    public double AskAdvance;

    /// <summary>Decayed quanta the best bid stepped up.</summary>
    public double BidAdvance;

    /// <summary>Decayed quanta the best ask stepped up.</summary>
    public double AskRetreat;

    /// <summary>Down steps less up steps over all, -1 to 1, + is sell.</summary>
    public double DownStepShare;

    /// <summary>Ask advance over all down steps, 0 to 1.</summary>
    public double NarrowingBySellers;

    /// <summary>Bid lots within each band around the mid.</summary>
    public PerBandLots BidBandLots;

    /// <summary>Ask lots within each band around the mid.</summary>
    public PerBandLots AskBandLots;

    /// <summary>Populated bid levels held.</summary>
    public uint BidLevels;

    /// <summary>Populated ask levels held.</summary>
    public uint AskLevels;
}
