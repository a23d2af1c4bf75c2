using System.Runtime.CompilerServices;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Evaluate;

/// <summary>One value for each of <see cref="SignalChoice.All"/>; NaN where it is not known.</summary>
[InlineArray(Count)]
internal struct SignalRow
{
    /// <summary>How many.</summary>
    public const int Count = 11;

    private double _first;
}

/// <summary>
/// The formulas of one instrument, driven event by event, and their values at the end of each interval. The composite
/// is the engine's own (<see cref="LiveSignals"/>).
/// </summary>
internal sealed class IntervalValues
{
    private const long NsPerSecond = 1_000_000_000;
    private const int MaxLevels = 1000;
    private const double WeightShare = 1.0 / 300;
    private const double Half = 0.5;

    private static readonly HalfLife s_tenSeconds = new(10 * NsPerSecond);
    private readonly double _tickQuanta;
    private readonly OfiWeights _equal;
    private readonly OfiWeightFit _weightFit;
    private MultiLevelOfi _levels;
    private IntegratedOfi _integrated;
    private QuoteSteps _steps = new(s_tenSeconds);
    private TickVolume _ticks = new(s_tenSeconds);
    private long _bought;
    private long _sold;
    private long _flow;

    /// <summary>Nothing seen.</summary>
    public IntervalValues(Instrument instrument)
    {
        var levels = instrument.FeedDepthLevels is > 0 and < OfiLevels.Count
            ? instrument.FeedDepthLevels
            : OfiLevels.Count;
        _tickQuanta = Math.Max(1, instrument.TickQuanta);
        _equal = OfiWeights.Equal(levels);
        _weightFit = new OfiWeightFit(levels, WeightShare);
        _integrated = new IntegratedOfi(levels);
    }

    /// <summary>Takes a book as where the next event begins.</summary>
    public void Prime(InstrumentBook book, in TouchState touch)
    {
        _levels.Prime(book.Bids, book.Asks);
        _steps.Prime(touch);
        _ticks.Reprime();
    }

    /// <summary>Takes a book event of this much order flow at the touch.</summary>
    /// <param name="book">The book after it.</param>
    /// <param name="touch">Its touch.</param>
    /// <param name="flow">F1 of the event; 0 outside the session.</param>
    /// <param name="counts">Whether it lies in the session.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    public void Step(InstrumentBook book, in TouchState touch, long flow, bool counts, long nowNs)
    {
        _levels.Step(book.Bids, book.Asks);
        _steps.Step(touch, nowNs);
        if (counts)
        {
            _integrated.Add(_levels.Event, book.Bids, book.Asks);
            _flow += flow;
        }
    }

    /// <summary>Takes a print of the session.</summary>
    public void Trade(in MarketEvent e, int sign, long nowNs)
    {
        _bought += sign > 0 ? e.Quantity : 0;
        _sold += sign < 0 ? e.Quantity : 0;
        if ((e.Flags & EventFlags.OffBook) == 0)
        {
            _ticks.Add(e.Price, e.Quantity, nowNs);
        }
    }

    /// <summary>Ends the venue event.</summary>
    public void EndEvent()
    {
        _ticks.EndEvent();
    }

    /// <summary>Ends the interval.</summary>
    /// <param name="book">The book as it stands.</param>
    /// <param name="isKnown">Whether it can be believed.</param>
    /// <param name="pressure">The composite at the end.</param>
    /// <param name="nowNs">When the interval ends.</param>
    /// <param name="row">Receives the values.</param>
    public void Close(InstrumentBook book, bool isKnown, double pressure, long nowNs, out SignalRow row)
    {
        row = default;
        row[0] = _flow;
        if (_integrated.Close(_equal) == ValidityFlags.None)
        {
            row[1] = _integrated.Integrated;
            row[2] = Dot(_weightFit.Solve(0).Weights, _integrated.Normalised);
            _weightFit.Add(_integrated.Normalised);
        }

        row[3] = _bought - _sold;
        row[4] = SignedVolume.Imbalance(_bought, _sold);
        (_flow, _bought, _sold) = (0, 0, 0);
        CloseBook(book, isKnown, nowNs, ref row);
        row[10] = isKnown ? pressure : double.NaN;
    }

    private void CloseBook(InstrumentBook book, bool isKnown, long nowNs, ref SignalRow row)
    {
        row[5..].Fill(double.NaN);
        var touch = TouchState.Of(book.Bids, book.Asks);
        var steps = _steps.At(nowNs);
        _ticks.At(nowNs, out var up, out var down);
        row[8] = up + down > 0 ? TickVolume.DownShare(up, down) - Half : double.NaN;
        row[9] = steps.IsEmpty ? double.NaN : steps.DownStepShare;
        if (!isKnown || touch.Shape() != ValidityFlags.None)
        {
            return;
        }

        PerBandLots reach = default;
        int[] bands = [5, 10, 25, 50];
        for (var i = 0; i < bands.Length; i++)
        {
            reach[i] = VolumeImbalance.Reach2(bands[i], touch.Mid2);
        }

        VolumeImbalance.Measure(book.Bids, -1, touch.Mid2, reach, MaxLevels, out var bids);
        VolumeImbalance.Measure(book.Asks, 1, touch.Mid2, reach, MaxLevels, out var asks);
        row[5] = VolumeImbalance.Of(bids.Top1, asks.Top1);
        row[6] = VolumeImbalance.Of(bids.Top5, asks.Top5);
        row[7] = (WeightedMid.Of(touch) - (touch.Mid2 * Half)) / _tickQuanta;
    }

    private static double Dot(in PerLevel weights, in PerLevel values)
    {
        var sum = 0.0;
        for (var m = 0; m < OfiLevels.Count; m++)
        {
            sum += weights[m] * values[m];
        }

        return sum;
    }
}
