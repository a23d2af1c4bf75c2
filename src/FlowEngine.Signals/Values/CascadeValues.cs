namespace FlowEngine.Signals;

/// <summary>What a liquidation cascade feeds on: message <c>cascade</c>.</summary>
public struct CascadeValues
{
    /// <summary>Lots of longs sold by force since the start.</summary>
    public long LiquidatedLongLots;

    /// <summary>Lots of shorts bought back by force since the start.</summary>
    public long LiquidatedShortLots;

    /// <summary>Forced trades since the start.</summary>
    public ulong Liquidations;

    /// <summary>Open interest in lots, <see cref="Optional.Null"/> when unknown.</summary>
    public long OpenInterest;

    /// <summary>Mark price at 1e-9, <see cref="Optional.Null"/> when unknown.</summary>
    public long MarkPrice;

    /// <summary>Index price at 1e-9, <see cref="Optional.Null"/> when unknown.</summary>
    public long IndexPrice;

    /// <summary>Funding of the running interval at 1e-9, <see cref="Optional.Null"/> when unknown.</summary>
    public long FundingRate;

    /// <summary>Mark over index less one in basis points (L7), 0 when either is unknown.</summary>
    public double BasisBps;
}
