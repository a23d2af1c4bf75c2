using FlowEngine.Core;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// What slow work keeps of one instrument, and its fits. A kind is found anew only when there is enough of it and
/// something new since its last version. Calibrator's thread only.
/// </summary>
public sealed class InstrumentCalibration
{
    private const int LeastFlows = 30;
    private const long LeastSteps = 200;
    private const int LeastMoves = 50;

    // A sample every ten seconds: what an hour of them said weighs as much as all before.
    private const double NewLegs = 1.0 / 360;
    private const long LeastLegs = 60;

    private readonly uint[] _versions = new uint[(int)SetParameters.LastKind + 1];
    private readonly OfiWeightFit _weights;
    private readonly MicropriceFit _microprice;
    private readonly QueueImbalanceFit _queue;
    private readonly HawkesWindow _sells;
    private readonly HawkesWindow _buys;
    private readonly double[] _scratch;
    private readonly RollingVolume _volume = new();
    private readonly HourlySums _hourlyLots = new();
    private readonly HourlySums _hourlySquares = new();
    private readonly KernelFit _kernel = new();
    private readonly LegCorrelation _legs = new(NewLegs);
    private long _newFlows;
    private long _flows;
    private long _solvedSteps;
    private long _solvedMoves;
    private long _nowNs;
    private long _mid2;
    private long _dayMinute;
    private long _solvedIntervals;
    private long _legSamples;
    private long _solvedLegs;
    private ParameterKind _nextKind;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="tickQuanta">Of the instrument.</param>
    /// <param name="options">How much is kept.</param>
    /// <param name="scratch">Room for as many moments as are kept, shared with other instruments.</param>
    public InstrumentCalibration(long tickQuanta, CalibrationOptions options, double[] scratch)
    {
        _scratch = scratch;
        _weights = new OfiWeightFit(OfiLevels.Count, 1.0 / options.FlowSeconds);
        _microprice = new MicropriceFit(
            SetParameters.MicropriceBuckets, SetParameters.MicropriceSpreads, tickQuanta);
        _queue = new QueueImbalanceFit(options.QueueMoves);
        _sells = new HawkesWindow(options.HawkesEvents);
        _buys = new HawkesWindow(options.HawkesEvents);
    }

    /// <summary>Another touch.</summary>
    [Hot]
    public void OnTouch(in CalibrationSample sample)
    {
        Watch(sample.TimeNs);
        if (sample.Prime)
        {
            _microprice.Prime();
            _queue.Prime();
        }
        else
        {
            _microprice.Repeat(sample.Repeats);
        }

        _microprice.Add(sample.Touch);
        _queue.Add(sample.Touch);
        _kernel.Touch(sample.Touch.HasBoth ? sample.Touch.Mid2 : 0, !sample.Prime, sample.TimeNs);
    }

    /// <summary>Trades of a venue event.</summary>
    [Hot]
    public void OnTrades(in CalibrationSample sample)
    {
        Watch(sample.TimeNs);
        if (sample.Sold > 0)
        {
            _sells.Add(sample.TimeNs);
        }

        if (sample.Bought > 0)
        {
            _buys.Add(sample.TimeNs);
        }

        _kernel.Trade(sample.Bought, sample.Sold, sample.TimeNs);
        var lots = sample.Sold + sample.Bought + sample.Unsigned;
        _volume.Add(lots, sample.TimeNs);
        _hourlyLots.Add(lots, sample.TimeNs);
    }

    /// <summary>A whole second's flows.</summary>
    [Hot]
    public void OnFlows(in CalibrationSample sample)
    {
        Watch(sample.TimeNs);
        _weights.Add(sample.Flows);
        _flows++;
        _newFlows++;
        if (_mid2 > 0 && sample.Mid2 > 0)
        {
            var change = Elementary.Log((double)sample.Mid2 / _mid2);
            _hourlySquares.Add(change * change, sample.TimeNs);
        }

        _mid2 = sample.Mid2;
    }

    /// <summary>Deviations of the score's legs.</summary>
    [Hot]
    public void OnLegs(in CalibrationSample sample)
    {
        Watch(sample.TimeNs);
        _legs.Add(sample.Legs, sample.ValidLegs);
        _legSamples++;
    }

    /// <summary>A pass begins.</summary>
    public void Begin() => _nextKind = ParameterKind.OfiWeights;

    /// <summary>Finds the next kind that is due, in the order of their numbers.</summary>
    /// <returns>False when none is left.</returns>
    public bool TrySolve(ParameterRun run, int instrumentId, long boundaryNs)
    {
        while (_nextKind <= SetParameters.LastKind)
        {
            var kind = _nextKind++;
            if (!IsDue(kind))
            {
                continue;
            }

            var version = _versions[(int)kind] + 1;
            if (TryFill(kind, version, run.Start(instrumentId, kind, version, boundaryNs)))
            {
                _versions[(int)kind] = version;
                return true;
            }
        }

        return false;
    }

    private void Watch(long nowNs)
    {
        _nowNs = Math.Max(_nowNs, nowNs);
        _sells.Start(nowNs);
        _buys.Start(nowNs);
    }

    private bool IsDue(ParameterKind kind) => kind switch
    {
        ParameterKind.OfiWeights => _flows >= LeastFlows && _newFlows > 0 && _weights.Explained > 0,
        ParameterKind.Microprice => _microprice.Steps >= LeastSteps && _microprice.Steps > _solvedSteps,
        ParameterKind.QueueImbalance => _queue.Samples >= LeastMoves && _queue.Added > _solvedMoves,
        ParameterKind.SellHawkes => _sells.IsDue,
        ParameterKind.BuyHawkes => _buys.IsDue,
        ParameterKind.DayVolume => _nowNs / HawkesWindow.NsPerMinute > _dayMinute,
        ParameterKind.VolumeSeason => _hourlyLots.IsDue,
        ParameterKind.VolatilitySeason => _hourlySquares.IsDue,
        ParameterKind.ImpactKernel =>
            _kernel.Intervals >= KernelFit.LeastIntervals && _kernel.Intervals > _solvedIntervals,
        ParameterKind.RecentSellHawkes => _sells.IsRecentDue,
        ParameterKind.RecentBuyHawkes => _buys.IsRecentDue,
        ParameterKind.LegCorrelation => _legSamples >= LeastLegs && _legSamples > _solvedLegs,
        _ => false,
    };

    private bool TryFill(ParameterKind kind, uint version, Span<double> values)
    {
        switch (kind)
        {
            case ParameterKind.OfiWeights:
                _newFlows = 0;
                var weights = _weights.Solve(version).Weights;
                ((ReadOnlySpan<double>)weights).CopyTo(values);
                return true;
            case ParameterKind.Microprice:
                _solvedSteps = _microprice.Steps;
                return TryFill(_microprice.Solve(version), values);
            case ParameterKind.QueueImbalance:
                _solvedMoves = _queue.Added;
                var queue = _queue.Solve(version);
                (values[0], values[1]) = (queue.Constant, queue.Slope);
                return true;
            case ParameterKind.SellHawkes:
                return _sells.TrySolve(version, _nowNs, values, _scratch);
            case ParameterKind.BuyHawkes:
                return _buys.TrySolve(version, _nowNs, values, _scratch);
            case ParameterKind.DayVolume:
                _dayMinute = _nowNs / HawkesWindow.NsPerMinute;
                var flags = _volume.Read(_nowNs, out values[0]);
                return flags == Market.ValidityFlags.None && values[0] > 0;
            case ParameterKind.VolumeSeason:
                return _hourlyLots.TrySolve(version, values);
            case ParameterKind.VolatilitySeason:
                return _hourlySquares.TrySolve(version, values);
            case ParameterKind.RecentSellHawkes:
                return _sells.TrySolveRecent(version, _nowNs, values, _scratch);
            case ParameterKind.RecentBuyHawkes:
                return _buys.TrySolveRecent(version, _nowNs, values, _scratch);
            case ParameterKind.ImpactKernel:
                _solvedIntervals = _kernel.Intervals;
                return TryFill(_kernel.Solve(version), values);
            case ParameterKind.LegCorrelation:
                _solvedLegs = _legSamples;
                Fill(_legs.Solve(), values);
                return true;
            default:
                return false;
        }
    }

    private static bool TryFill(in ImpactKernel kernel, Span<double> values)
    {
        PerKernelTerm weights = kernel.Weights;
        ((ReadOnlySpan<double>)weights).CopyTo(values);
        (values[^2], values[^1]) = (kernel.Permanent, kernel.Explained);
        return kernel.Explained > 0;
    }

    // The lower triangle, row after row.
    private static void Fill(double[] correlation, Span<double> pairs)
    {
        var next = 0;
        for (var i = 0; i < PerLeg.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                pairs[next++] = Math.Clamp(correlation[(i * PerLeg.Count) + j], -1, 1);
            }
        }
    }

    private static bool TryFill(MicropriceTable? table, Span<double> values)
    {
        if (table is null)
        {
            return false;
        }

        table.Adjustments.CopyTo(values);
        for (var i = 0; i < table.Visits.Length; i++)
        {
            values[table.Adjustments.Length + i] = table.Visits[i];
        }

        return true;
    }
}
