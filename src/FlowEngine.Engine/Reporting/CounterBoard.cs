using FlowEngine.Aeron;

namespace FlowEngine.Engine;

/// <summary>
/// The engine's counts as Aeron counters, so that any Aeron counter viewer shows the engine. Brought up to date by the
/// engine thread every 10 ms, at the side of the hot path.
/// </summary>
public sealed class CounterBoard
{
    /// <summary>Aeron counter type ids of the engine begin here; Aeron's own end at 112.</summary>
    public const int FirstTypeId = 4000;

    private const long IntervalNs = 10_000_000;

    private readonly List<(Counter Counter, Func<StatusSource, long> Read)> _counters = [];
    private readonly StatusSource _status;
    private long _dueNs;

    /// <summary>A board without counters.</summary>
    public CounterBoard(StatusSource status) => _status = status;

    /// <summary>Allocates the counters at the media driver. Set-up.</summary>
    public void Attach(AeronClient aeron)
    {
        Add(aeron, "events", status => status.Events);
        Add(aeron, "signals evaluated", status => status.Evaluated);
        Add(aeron, "signals published", status => status.Published);
        Add(aeron, "signals conflated", status => status.Conflated);
        Add(aeron, "signals unsubscribed", status => status.Unsubscribed);
        Add(aeron, "book gaps", status => status.Gaps);
        Add(aeron, "book recoveries", status => status.Recoveries);
        Add(aeron, "crossed books", status => status.CrossedBooks);
        Add(aeron, "complete books", status => status.CompleteBooks);
        Add(aeron, "instruments", status => status.Instruments);
        Add(aeron, "packets", status => status.Packets);
        Add(aeron, "channel gaps", status => status.ChannelGaps);
        Add(aeron, "damaged input", status => status.Damaged);
        Add(aeron, "unknown instrument", status => status.UnknownInstrument);
        Add(aeron, "ring full", status => status.RingFull);
        Add(aeron, "parameters applied", status => status.ParametersApplied);
        Add(aeron, "parameters refused", status => status.ParametersRefused);
        Add(aeron, "samples dropped", status => status.SamplesDropped);
    }

    /// <summary>The same of pre-trade questions. Set-up.</summary>
    public void Attach(AeronClient aeron, PreTradeIntake intake, PreTradeAnswerer answerer)
    {
        Add(aeron, "questions accepted", _ => intake.Accepted);
        Add(aeron, "questions refused", _ => intake.Refused);
        Add(aeron, "questions unreadable", _ => intake.Unreadable);
        Add(aeron, "answers published", _ => answerer.Answered);
        Add(aeron, "answers dropped", _ => answerer.Dropped + intake.Unsent);
    }

    /// <summary>Whether it is time to bring the counters up to date.</summary>
    public bool IsDue(long nowNs)
    {
        if (nowNs < _dueNs)
        {
            return false;
        }

        _dueNs = nowNs + IntervalNs;
        return true;
    }

    /// <summary>Brings the counters up to date. Engine thread only.</summary>
    public void Update()
    {
        foreach (var (counter, read) in _counters)
        {
            counter.Handle.Set(read(_status));
        }
    }

    private void Add(AeronClient aeron, string label, Func<StatusSource, long> read) =>
        _counters.Add((aeron.AddCounter(FirstTypeId + _counters.Count, $"flowengine {label}"), read));
}
