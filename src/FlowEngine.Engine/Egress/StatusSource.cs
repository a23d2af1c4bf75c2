namespace FlowEngine.Engine;

/// <summary>What the engine's status message and counters are made of, gathered from the places that count.</summary>
public sealed class StatusSource
{
    private readonly Ingress _ingress;
    private readonly EngineState _state;

    /// <summary>A source over ingress (another thread's counts, read as they are) and the engine's state.</summary>
    public StatusSource(Ingress ingress, EngineState state)
    {
        _ingress = ingress;
        _state = state;
    }

    /// <summary>Market events handled.</summary>
    public long Events => _state.Totals.Events;

    /// <summary>Signal messages computed.</summary>
    public long Evaluated => _state.Totals.Evaluated;

    /// <summary>Signal messages handed to Aeron.</summary>
    public long Published => _state.Totals.Published;

    /// <summary>Signal messages replaced before they could be sent.</summary>
    public long Conflated => _state.Totals.Conflated;

    /// <summary>Signal messages computed while nobody subscribed.</summary>
    public long Unsubscribed => _state.Totals.Unsubscribed;

    /// <summary>Books that lost an update.</summary>
    public long Gaps => _state.Totals.Gaps;

    /// <summary>Books healed after a gap.</summary>
    public long Recoveries => _state.Totals.Recoveries;

    /// <summary>Evaluations that found best bid above best ask.</summary>
    public long CrossedBooks => _state.Totals.CrossedBooks;

    /// <summary>Books that are live now.</summary>
    public long CompleteBooks => _state.Totals.CompleteBooks;

    /// <summary>Instruments defined.</summary>
    public long Instruments => _state.Count;

    /// <summary>Packets taken in.</summary>
    public long Packets => _ingress.Decoder.Counters.Packets;

    /// <summary>Packets, messages and entries refused, all reasons.</summary>
    public long Damaged => _ingress.Decoder.Counters.DamagedTotal;

    /// <summary>Messages for instruments not yet defined.</summary>
    public long UnknownInstrument => _ingress.Decoder.Counters.UnknownInstrument;

    /// <summary>Packets missing in a venue's channel sequence.</summary>
    public long ChannelGaps => _ingress.Decoder.Counters.ChannelGaps;

    /// <summary>Runs of parameters put in force.</summary>
    public long ParametersApplied => _state.Totals.ParametersApplied;

    /// <summary>Runs of parameters that were broken or of no use.</summary>
    public long ParametersRefused => _state.Totals.ParametersRefused + _state.Totals.ParametersBroken;

    /// <summary>Samples for slow work that found no room.</summary>
    public long SamplesDropped => _state.Totals.SamplesDropped;

    /// <summary>Times ingress waited for room in the ring.</summary>
    public long RingFull => _ingress.RingFull;
}
