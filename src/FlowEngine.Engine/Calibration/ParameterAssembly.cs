using FlowEngine.Core;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Puts runs of parameter events together and applies each at its end, whole or not at all. A run that is cut short,
/// mixed with another or not contiguous in the ring is counted as broken; one that is whole but of no use (unknown kind
/// or instrument, wrong number of values, old version, values out of range) as refused. Engine thread only.
/// </summary>
[Hot]
public sealed class ParameterAssembly
{
    private readonly EngineState _state;
    private readonly double[] _values = new double[SetParameters.MostValues];
    private Phase _phase;
    private MarketEvent _begin;
    private int _received;
    private long _nextSequence;

    /// <summary>Applies to what <paramref name="state"/> has.</summary>
    public ParameterAssembly(EngineState state) => _state = state;

    private enum Phase
    {
        Closed,
        Open,

        // A broken run is stepped over, up to its end or the next one's begin.
        Skipping,
    }

    /// <summary>Takes a parameter event; other kinds are none of its business.</summary>
    /// <param name="evt">The event.</param>
    /// <param name="sequence">Its place in the ring.</param>
    public void Accept(in MarketEvent evt, long sequence)
    {
        switch (evt.Kind)
        {
            case EventKind.ParameterBegin:
                Begin(in evt, sequence);
                break;
            case EventKind.ParameterValue:
                Value(in evt, sequence);
                break;
            case EventKind.ParameterEnd:
                End(in evt, sequence);
                break;
            default:
                break;
        }
    }

    /// <summary>The ring ends here: an open run is broken.</summary>
    public void Close()
    {
        if (_phase == Phase.Open)
        {
            Break();
        }

        _phase = Phase.Closed;
    }

    private void Begin(in MarketEvent evt, long sequence)
    {
        Close();
        if (evt.Quantity is < 1 or > SetParameters.MostValues)
        {
            Break();
            return;
        }

        _begin = evt;
        _received = 0;
        _nextSequence = sequence + 1;
        _phase = Phase.Open;
    }

    private void Value(in MarketEvent evt, long sequence)
    {
        if (_phase == Phase.Skipping)
        {
            return;
        }

        var isNext = Follows(in evt, sequence) && _received < _begin.Quantity
            && evt.Id == ParameterRun.KeyOf((ParameterKind)_begin.Price, _received);
        if (!isNext)
        {
            Break();
            return;
        }

        _values[_received++] = BitConverter.Int64BitsToDouble(evt.Price);
    }

    private void End(in MarketEvent evt, long sequence)
    {
        if (_phase == Phase.Skipping)
        {
            _phase = Phase.Closed;
            return;
        }

        var isWhole = Follows(in evt, sequence) && _received == _begin.Quantity && evt.Quantity == _begin.Quantity
            && evt.Id == _begin.Id && evt.Price == _begin.Price;
        if (!isWhole)
        {
            Break();
        }
        else if (Apply())
        {
            _state.Totals.ParametersApplied++;
        }
        else
        {
            _state.Totals.ParametersRefused++;
        }

        _phase = Phase.Closed;
    }

    private bool Apply()
    {
        var set = _state.FindSet(_begin.InstrumentId);
        return set is not null && _begin.Price is > 0 and <= byte.MaxValue && _begin.Id is > 0 and <= uint.MaxValue
            && set.Parameters.Apply(
                (ParameterKind)_begin.Price, (uint)_begin.Id, _values.AsSpan(0, (int)_begin.Quantity));
    }

    private bool Follows(in MarketEvent evt, long sequence) =>
        _phase == Phase.Open && sequence == _nextSequence++ && evt.InstrumentId == _begin.InstrumentId;

    private void Break()
    {
        _state.Totals.ParametersBroken++;
        _phase = Phase.Skipping;
    }
}
