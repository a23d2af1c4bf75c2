namespace FlowEngine.Signals;

/// <summary>What happened to the book behind the touch (F2, B8, B9): message <c>depthFlow</c>.</summary>
public struct DepthFlowValues
{
    /// <summary>Σ e^m of each level since the start, lots, + is buy (F2).</summary>
    public PerLevelLots LevelFlowSums;

    /// <summary>Added and cancelled lots of both sides, and what they say (B9).</summary>
    public WithdrawalLines Withdrawal;

    /// <summary>Refill of the bids (B8).</summary>
    public RefillLine BidRefill;

    /// <summary>Refill of the asks (B8).</summary>
    public RefillLine AskRefill;
}
