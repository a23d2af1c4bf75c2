using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// Slow work: gathers samples of each instrument in bounded memory (some 80 KiB each, taken with its first sample), and
/// finds parameters in them when asked. No thread in it: one at a time may call it.
/// </summary>
public sealed class Calibrator
{
    private readonly InstrumentTable _table;
    private readonly CalibrationOptions _options;
    private readonly InstrumentCalibration?[] _instruments;
    private readonly ParameterRun _run = new();
    private readonly double[] _scratch;
    private long _boundaryNs;
    private int _next;

    /// <summary>Nothing seen yet.</summary>
    public Calibrator(InstrumentTable table, EngineOptions options)
    {
        _table = table;
        _options = options.Calibration;
        _instruments = new InstrumentCalibration?[options.InstrumentCapacity];
        _scratch = new double[_options.HawkesEvents];
        _next = _instruments.Length;
    }

    /// <summary>A pass is under way.</summary>
    public bool IsSolving => _next < _instruments.Length;

    /// <summary>Boundaries that came while the pass of the one before was under way, and were left out.</summary>
    public long Skipped { get; private set; }

    /// <summary>Runs found.</summary>
    public long Runs { get; private set; }

    /// <summary>Whether an instrument's memory is taken.</summary>
    [Hot]
    public bool Knows(int instrumentId) => _instruments[instrumentId] is not null;

    /// <summary>Takes a sample of an instrument. O(1), but for flows O(levels²); allocates with its first.</summary>
    [Hot]
    public void Take(in CalibrationSample sample)
    {
        var instrument = _instruments[sample.InstrumentId] ?? Add(sample.InstrumentId);
        switch (sample.Kind)
        {
            case SampleKind.Touch:
                instrument.OnTouch(in sample);
                break;
            case SampleKind.Trades:
                instrument.OnTrades(in sample);
                break;
            case SampleKind.Flows:
                instrument.OnFlows(in sample);
                break;
            case SampleKind.Legs:
                instrument.OnLegs(in sample);
                break;
            default:
                break;
        }
    }

    /// <summary>Begins to calibrate all instruments, in the order of their ids.</summary>
    /// <param name="boundaryNs">Capture time.</param>
    public void Begin(long boundaryNs)
    {
        if (IsSolving)
        {
            Skipped++;
            return;
        }

        _boundaryNs = boundaryNs;
        _next = 0;
        _instruments[0]?.Begin();
    }

    /// <summary>Finds the next parameters. Milliseconds at worst: one fit.</summary>
    /// <returns>Good until the next call; null when the pass is over.</returns>
    public ParameterRun? SolveNext()
    {
        while (IsSolving)
        {
            if (_instruments[_next] is { } instrument && instrument.TrySolve(_run, _next, _boundaryNs))
            {
                Runs++;
                return _run;
            }

            _next++;
            if (IsSolving)
            {
                _instruments[_next]?.Begin();
            }
        }

        return null;
    }

    private InstrumentCalibration Add(int id) =>
        _instruments[id] = new InstrumentCalibration(_table[id].TickQuanta, _options, _scratch);
}
