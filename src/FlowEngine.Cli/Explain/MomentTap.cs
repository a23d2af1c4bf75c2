using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Cli.Explain;

/// <summary>Watches a replayed engine for the last event up to a time for which an instrument has values.</summary>
internal sealed class MomentTap : IEventTap
{
    private readonly long _timeNs;
    private readonly string? _symbol;
    private EngineState? _state;
    private int _instrument = -1;

    /// <summary>A tap for one moment.</summary>
    /// <param name="timeNs">Venue time.</param>
    /// <param name="symbol">The instrument; null: the file's first.</param>
    public MomentTap(long timeNs, string? symbol) => (_timeNs, _symbol) = (timeNs, symbol);

    /// <summary>Whether the time has passed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The event, or -1.</summary>
    public long Sequence { get; private set; } = -1;

    /// <summary>The instrument's name; null where it was not seen.</summary>
    public string? Symbol => _instrument < 0 ? null : _state!.Table[_instrument].Symbol;

    /// <summary>Lets the tap look into an engine.</summary>
    public void Watch(EngineState state) => _state = state;

    /// <inheritdoc/>
    public void Before(in MarketEvent evt, long sequence)
    {
        if (evt.Kind == EventKind.InstrumentDefined && _instrument < 0
            && (_symbol is null || _state!.Table[evt.InstrumentId].Symbol == _symbol))
        {
            _instrument = evt.InstrumentId;
        }

        IsDone |= evt.InstrumentId == _instrument && _instrument >= 0 && evt.VenueTime > _timeNs;
    }

    /// <inheritdoc/>
    public void After(in MarketEvent evt, long sequence)
    {
    }

    /// <inheritdoc/>
    public void Message(ReadOnlySpan<byte> message)
    {
        if (!IsDone
            && TopOfBookReader.TryWrap(message, out var touch)
            && touch.Provenance.InstrumentId == _instrument
            && touch.Provenance.VenueTime <= _timeNs
            && (touch.Provenance.Delivery & Delivery.Timed) == 0)
        {
            Sequence = (long)touch.Provenance.EventSequence;
        }
    }
}
