namespace FlowEngine.Signals;

/// <summary>What it costs to sweep the book now (M1): message <c>impact</c>.</summary>
public struct ImpactValues
{
    /// <summary>The sizes in lots.</summary>
    public PerSizeLots Sizes;

    /// <summary>Lots the bids would take; less than the size when the book is too thin.</summary>
    public PerSizeLots SellFilled;

    /// <summary>Average price in quanta of what fills, 0 when nothing does.</summary>
    public PerSize SellVwap;

    /// <summary>Mid minus average price in quanta; 0 when nothing fills or there is no mid.</summary>
    public PerSize SellSlippage;

    /// <summary>The same in basis points of the mid.</summary>
    public PerSize SellSlippageBps;

    /// <summary>Worst price touched in quanta, 0 when nothing fills.</summary>
    public PerSizeLots SellWorst;

    /// <summary>Lots the asks would give.</summary>
    public PerSizeLots BuyFilled;

    /// <summary>Average price in quanta of what fills, 0 when nothing does.</summary>
    public PerSize BuyVwap;

    /// <summary>Average price minus mid in quanta; 0 when nothing fills or there is no mid.</summary>
    public PerSize BuySlippage;

    /// <summary>The same in basis points of the mid.</summary>
    public PerSize BuySlippageBps;

    /// <summary>Worst price touched in quanta, 0 when nothing fills.</summary>
    public PerSizeLots BuyWorst;
}
