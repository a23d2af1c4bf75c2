using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// What trades do to the price: flow slope (M4), illiquidity (M5), impulse and response (M6), trend followers (M6b),
/// what is left of them (M8, by the fitted kernel), permanent share (M9), effective and realised spread (M11). Engine
/// thread only.
/// </summary>
public struct PriceImpactGroup
{
    private const long NsPerSecond = 1_000_000_000;
    private const long NsPerMinute = 60 * NsPerSecond;
    private const int FewTrades = 5;

    private readonly ResponseFunction _response;
    private readonly ImpactSplit _split;
    private readonly EffectiveSpread _spread;
    private readonly PropagatorKernel _kernel = KernelGrid.Unit();
    private readonly double _lotValue;
    private readonly double _quantumValue;
    private OfiSlope _slope;
    private Amihud _amihud;
    private HasbrouckMoments _moments;
    private TrendGain _trend;
    private TransientImpact _impact;
    private long _mid2;
    private long _minute;

    /// <summary>No trade yet.</summary>
    public PriceImpactGroup(CatalogueOptions options, Instrument instrument)
    {
        double newSecond = new HalfLife(options.SlopeHalfLifeSeconds).Lost(1);
        double newTrade = new HalfLife(options.ImpulseHalfLifeTrades).Lost(1);
        var markouts = new HalfLife(options.MarkoutHalfLifeNs);
        Span<long> horizons = stackalloc long[CatalogueWidths.Horizons];
        for (int i = 0; i < horizons.Length; i++)
        {
            horizons[i] = options.HorizonsNs[i];
        }

        _response = new ResponseFunction(newTrade);
        _split = new ImpactSplit(options.PermanentAfterNs, markouts, options.MarkoutCapacity);
        _spread = new EffectiveSpread(markouts, options.MarkoutCapacity, horizons);
        _slope = new OfiSlope(newSecond);
        _trend = new TrendGain(newSecond);
        _amihud = new Amihud(new HalfLife(options.AmihudHalfLifeMinutes).Lost(1));
        _moments = new HasbrouckMoments(newTrade);
        PerKernelTerm none = default;
        _kernel.Load(0, none);
        _impact = new TransientImpact(_kernel);

        // A lot's worth: of an inverse contract in itself, of others times the price.
        _lotValue = instrument.Lot.ToDouble() * instrument.ContractMultiplier.ToDouble();
        bool isInverse = instrument.Contract == ContractKind.Inverse;
        _quantumValue = isInverse ? 0 : instrument.PriceQuantum.ToDouble();
    }

    /// <summary>M8 by the kernel in force at the newest reading: a copy, to read on from.</summary>
    public readonly TransientImpact Transient => _impact;

    /// <summary>M4's slope, quanta a lot.</summary>
    public readonly RegressionFit FlowSlope => _slope.Fit;

    /// <summary>A print of the continuous market, before the book of its event.</summary>
    [Hot]
    public void Trade(int sign, long price, long lots, long nowNs)
    {
        _trend.Trade(sign, lots);
        _amihud.Trade(lots * _lotValue * (_quantumValue > 0 ? Math.Abs(price * _quantumValue) : 1));
        if (_mid2 > 0)
        {
            _spread.Add(new Markout(sign, price, lots, _mid2, _mid2, nowNs));
        }
    }

    /// <summary>The end of a venue event.</summary>
    /// <param name="orders">What it traded.</param>
    /// <param name="step">What the touch made of its book.</param>
    /// <param name="mid2">Twice the mid; 0 where there is none.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void EndEvent(in EventOrders orders, BookStep step, long mid2, long nowNs)
    {
        // What is left of trades outlives gaps and snapshots: only the book was lost.
        _impact.Trade(orders.BoughtLots > 0 ? 1 : 0, orders.BoughtLots, nowNs);
        _impact.Trade(orders.SoldLots > 0 ? -1 : 0, orders.SoldLots, nowNs);
        if (step != BookStep.Stepped)
        {
            Restart();
        }
        else if (orders.FirstSign != 0 && _mid2 > 0)
        {
            Order(orders, orders.FirstSign, mid2, nowNs);
            Order(orders, -orders.FirstSign, mid2, nowNs);
        }

        if (mid2 != _mid2)
        {
            Settle(mid2, nowNs);
            _mid2 = mid2;
        }
    }

    /// <summary>Ends a second.</summary>
    /// <param name="flowSum">Σ order flow imbalance since the start (F1), lots.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void CloseSecond(long flowSum, long nowNs)
    {
        Settle(_mid2, nowNs);
        if (_mid2 > 0)
        {
            _slope.Close(flowSum, _mid2);
            _trend.Close(_mid2);
        }
        else
        {
            _slope.Reset();
            _trend.Reset();
        }

        long minute = nowNs / NsPerMinute;
        if (minute != _minute)
        {
            _minute = minute;
            _amihud.Close(_mid2);
        }
    }

    /// <summary>Everything as of <paramref name="nowNs"/>.</summary>
    /// <param name="averageDepth">AD of F1, lots.</param>
    /// <param name="lambda">M3, quanta a lot.</param>
    /// <param name="kernel">M8's, in force.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">Receives all of it.</param>
    /// <returns>LowSamples while any of them has too few, M6 has no stable fit or M8 none.</returns>
    [Hot]
    public readonly ValidityFlags Read(
        double averageDepth, double lambda, in ImpactKernel kernel, long nowNs, ref PriceImpactValues values)
    {
        ValidityFlags flags = _slope.Read(averageDepth, out _, out values.DepthRatio);
        values.FlowSlope = _slope.Fit;
        flags |= _amihud.Read(out values.Amihud);
        values.AmihudMinutes = _amihud.Bars;
        flags |= ReadImpulse(ref values);
        for (int i = 0; i < CatalogueWidths.Lags; i++)
        {
            flags |= _response.Read(i, out values.Response[i]);
        }

        values.Trend = _trend.Fit;
        flags |= values.Trend.Flags;
        TrendGain.Of(lambda, values.Trend.Slope, out values.TrendGain, out values.Amplification);
        flags |= _split.Read(nowNs, out values.ImmediateQuanta, out values.PermanentShare);
        flags |= _spread.ReadEffective(out values.EffectiveSpread);
        for (int i = 0; i < CatalogueWidths.Horizons; i++)
        {
            flags |= _spread.ReadRealised(i, out values.RealisedSpread[i]);
        }

        values.Dropped = _split.Dropped + _spread.Dropped;
        return flags | ReadTransient(kernel, nowNs, ref values);
    }

    private readonly ValidityFlags ReadTransient(in ImpactKernel kernel, long nowNs, ref PriceImpactValues values)
    {
        if (kernel.Version != _kernel.Version)
        {
            PerKernelTerm weights = kernel.Weights;
            _kernel.Load(kernel.Version, weights);
        }

        values.TransientQuanta = _impact.At(nowNs);
        values.Kernel = kernel.Weights;
        values.KernelPermanent = kernel.Permanent;
        values.KernelExplained = kernel.Explained;
        values.KernelVersion = (uint)kernel.Version;
        return kernel.Version > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    private readonly ValidityFlags ReadImpulse(ref PriceImpactValues values)
    {
        values.PermanentQuanta = 0;
        values.FifthQuanta = 0;
        values.TradesPerTrade = 0;
        if (!_moments.TrySolve(out HasbrouckVar impulse) || !impulse.IsStable)
        {
            return ValidityFlags.LowSamples;
        }

        values.FifthQuanta = impulse.Cumulative(FewTrades);
        return impulse.Limit(out values.PermanentQuanta, out values.TradesPerTrade);
    }

    private void Order(in EventOrders orders, int sign, long mid2, long nowNs)
    {
        if (orders.Of(sign) == 0)
        {
            return;
        }

        _moments.Trade(sign, _mid2);
        _response.Trade(sign, _mid2);
        if (mid2 > 0)
        {
            _split.Add(new Markout(sign, 0, orders.Of(sign), _mid2, mid2, nowNs));
        }
    }

    private readonly void Settle(long mid2, long nowNs)
    {
        _split.Set(mid2, nowNs);
        _spread.Set(mid2, nowNs);
    }

    private void Restart()
    {
        _slope.Reset();
        _trend.Reset();
        _moments.Reset();
        _response.Reset();
        _split.Clear();
        _spread.Clear();
        _amihud.Close(0);
    }
}
