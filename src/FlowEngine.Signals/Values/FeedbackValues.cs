namespace FlowEngine.Signals;

/// <summary>What feeds itself on one side: forced trades, branching, loop gain (L1, L3, L5, L6).</summary>
public struct FeedbackLine
{
    /// <summary>Forced lots a second that the feed showed.</summary>
    public double ForcedPerSecond;

    /// <summary>The same with what open interest and takers leave room for.</summary>
    public double ForcedPerSecondUpper;

    /// <summary>Forced share of what takers traded on this side, 0 to 1.</summary>
    public double ForcedShare;

    /// <summary>Branching ratio over W, 0 to below 1.</summary>
    public double BranchingShort;

    /// <summary>Branching ratio over 4 W.</summary>
    public double BranchingMiddle;

    /// <summary>Branching ratio over 16 W.</summary>
    public double BranchingLong;

    /// <summary>Greatest forced over resting lots of any band, at most 100.</summary>
    public double LoopGain;

    /// <summary>Quanta from the touch to the end of the narrowest band that feeds itself, <see cref="Optional.Null"/>
    /// for none.</summary>
    public long GainBandQuanta;

    /// <summary>Q*: lots that sell at least twice themselves, <see cref="Optional.Null"/> where no shock
    /// does.</summary>
    public long CriticalShockLots;

    /// <summary>Price at which the critical shock ends, <see cref="Optional.Null"/> without one.</summary>
    public long FinalPrice;

    /// <summary>Where it would end if makers came back as they did in the last seconds, <see cref="Optional.Null"/>
    /// without one.</summary>
    public long RefilledPrice;

    /// <summary>Lots sold in all over the shock then; 0 without one.</summary>
    public double RefilledAmplification;
}

/// <summary>What feeds itself: message <c>feedback</c>.</summary>
public struct FeedbackValues
{
    /// <summary>Falls: forced sells on the bids.</summary>
    public FeedbackLine Fall;

    /// <summary>Squeezes: forced buys on the asks.</summary>
    public FeedbackLine Squeeze;

    /// <summary>Forced lots a second over a long time (L1).</summary>
    public double UsualForcedPerSecond;

    /// <summary>Variance over mean of the forced trades in a second (L1).</summary>
    public double Fano;

    /// <summary>Foretold lots that were liquidated, 0 to 1 (L5).</summary>
    public double MapPrecision;

    /// <summary>Liquidated lots that were foretold, 0 to 1 (L5).</summary>
    public double MapRecall;
}
