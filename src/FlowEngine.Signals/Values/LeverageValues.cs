namespace FlowEngine.Signals;

/// <summary>Open interest and what holding it costs (L4, L7): message <c>leverage</c>.</summary>
public struct LeverageValues
{
    /// <summary>Change of open interest over a minute, and of the price.</summary>
    public OpenInterestChange Minute;

    /// <summary>The same over five minutes.</summary>
    public OpenInterestChange FiveMinutes;

    /// <summary>Open interest over the lots of both sides in the widest band; 0 where there are none.</summary>
    public double OverDepth;

    /// <summary>Open interest over the lots of 24 hours; 0 where there are none.</summary>
    public double OverDayLots;

    /// <summary>Funding of a year as a fraction; 0 where it is not known (L7).</summary>
    public double AnnualFunding;

    /// <summary>Mark over index less one over time, basis points (L7).</summary>
    public double MeanPremiumBps;
}
