using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>Open interest with what the price did (L4), and what holding it costs (L7). Engine thread only.</summary>
public struct LeverageGroup
{
    private const long NsPerMinute = 60L * 1_000_000_000;
    private const int Minutes = 5;
    private const double PerFixed9 = 1e-9;

    private readonly OpenInterestFlow _flow;
    private readonly long _stepNs;
    private readonly double _fundingHours;
    private Funding _funding;
    private long _lots = Optional.Null;
    private long _polledNs = Optional.Null;

    /// <summary>Nothing polled yet.</summary>
    public LeverageGroup(CatalogueOptions options)
    {
        _stepNs = options.OpenInterestStepNs;
        _fundingHours = options.FundingHours;
        _flow = new OpenInterestFlow(_stepNs, (int)Math.Max(2, 2 + Minutes * NsPerMinute / _stepNs));
        _funding = new Funding(new HalfLife(options.PremiumHalfLifeNs));
    }

    /// <summary>A poll of open interest. Those that come sooner than the step after the one before only say what it
    /// is.</summary>
    /// <param name="lots">0 or more.</param>
    /// <param name="mid2">Twice the mid; 0 where there is none, and then it says nothing of the price.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void OpenInterest(long lots, long mid2, long nowNs)
    {
        _lots = lots;
        bool isDue = _polledNs == Optional.Null || nowNs - _polledNs >= _stepNs;
        if (isDue && mid2 > 0)
        {
            _polledNs = nowNs;
            _flow.Add(lots, mid2, nowNs);
        }
    }

    /// <summary>From <paramref name="nowNs"/> on these are mark and index.</summary>
    [Hot]
    public void Prices(long mark, long index, long nowNs) => _funding.Set(mark, index, nowNs);

    /// <summary>Everything as of <paramref name="nowNs"/>.</summary>
    /// <param name="fundingRate">Fixed point at 1e-9, <see cref="Optional.Null"/> where unknown.</param>
    /// <param name="depthLots">Lots of both sides in the widest band.</param>
    /// <param name="dayLots">Lots of 24 hours.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">Receives all of it.</param>
    /// <returns>LowSamples where open interest, premium, funding or what it is held against is not known yet; Stale
    /// when polls stopped.</returns>
    [Hot]
    public readonly ValidityFlags Read(
        long fundingRate, double depthLots, double dayLots, long nowNs, ref LeverageValues values)
    {
        ValidityFlags flags = _flow.Read(NsPerMinute, nowNs, out values.Minute)
            | _flow.Read(Minutes * NsPerMinute, nowNs, out values.FiveMinutes)
            | OpenInterestFlow.Ratio(Math.Max(_lots, 0), depthLots, out values.OverDepth)
            | OpenInterestFlow.Ratio(Math.Max(_lots, 0), dayLots, out values.OverDayLots)
            | _funding.Read(nowNs, out values.MeanPremiumBps);
        bool isFunded = fundingRate != Optional.Null;
        values.AnnualFunding = isFunded ? Funding.Annualised(fundingRate * PerFixed9, _fundingHours) : 0;
        return flags | (isFunded ? ValidityFlags.None : ValidityFlags.LowSamples);
    }
}
