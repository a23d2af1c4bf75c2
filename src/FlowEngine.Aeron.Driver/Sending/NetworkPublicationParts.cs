using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// What a UDP publication is made of. The counters are freed by who allocated them, after the release.
/// </summary>
internal sealed record NetworkPublicationParts
{
    /// <summary>Its log, initialised, tails at the start position; owned by the publication.</summary>
    public required LogBuffers Log { get; init; }

    public required SendEndpoint Endpoint { get; init; }

    /// <summary>Chosen by <see cref="Sending.FlowControl.Create"/>.</summary>
    public required IFlowControl FlowControl { get; init; }

    /// <summary><c>pub-pos</c>, written by the conductor.</summary>
    public required AtomicCounter PublisherPosition { get; init; }

    /// <summary><c>pub-lmt</c>, written by the conductor.</summary>
    public required AtomicCounter PublisherLimit { get; init; }

    /// <summary><c>snd-pos</c>, written by the sender.</summary>
    public required AtomicCounter SenderPosition { get; init; }

    /// <summary><c>snd-lmt</c>, written by the sender.</summary>
    public required AtomicCounter SenderLimit { get; init; }

    /// <summary><c>snd-bpe</c>, written by the sender.</summary>
    public required AtomicCounter BackPressureEvents { get; init; }

    /// <summary><c>snd-naks-received</c>, written by the sender.</summary>
    public required AtomicCounter NaksReceived { get; init; }

    public required int SessionId { get; init; }

    public required int StreamId { get; init; }

    /// <summary>Whether one thread publishes: then nobody has to be unblocked.</summary>
    public required bool IsExclusive { get; init; }

    /// <summary>How far publishers may run ahead of the sender, bytes.</summary>
    public required int WindowLength { get; init; }

    /// <summary>How long retransmissions are answered after the last byte was sent.</summary>
    public required long LingerNs { get; init; }

    /// <summary>Whether heartbeats say that the stream has ended: <c>eos</c>.</summary>
    public bool SignalsEos { get; init; } = true;

    /// <summary>Whether spies alone make it connected: <c>ssc</c>.</summary>
    public bool SpiesSimulateConnection { get; init; }

    /// <summary>Retransmissions under way to a group: <c>max-resend</c>.</summary>
    public required int MaxResend { get; init; }

    /// <summary>What <c>response-correlation-id</c> gave; null is none.</summary>
    public long? ResponseCorrelationId { get; init; }

    public required MediaDriverContext Context { get; init; }

    public required SystemCounters System { get; init; }

    public required ConductorProxy Conductor { get; init; }

    /// <summary>Monotonic time of its making.</summary>
    public required long NowNs { get; init; }
}
