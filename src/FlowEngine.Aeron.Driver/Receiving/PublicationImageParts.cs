using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>What the conductor makes an image of.</summary>
internal sealed record PublicationImageParts
{
    public required MediaDriverContext Context { get; init; }

    public required SystemCounters System { get; init; }

    /// <summary>Log of the image, initialised; the image frees it.</summary>
    public required LogBuffers Log { get; init; }

    public required ReceiveEndpoint Endpoint { get; init; }

    /// <summary>Destination its SETUP came to.</summary>
    public required ReceiveDestination Destination { get; init; }

    /// <summary>Its SETUP, checked.</summary>
    public required SetupFrame Setup { get; init; }

    /// <summary>Where feedback goes, if the destination does not say otherwise.</summary>
    public required UdpAddress ControlAddress { get; init; }

    /// <summary>Where its SETUP came from.</summary>
    public required UdpAddress SourceAddress { get; init; }

    public required long CorrelationId { get; init; }

    /// <summary>Counter rcv-hwm; the image frees it.</summary>
    public required AtomicCounter HighWaterMark { get; init; }

    /// <summary>Counter rcv-pos; the image frees it.</summary>
    public required AtomicCounter Position { get; init; }

    /// <summary>Counter rcv-naks-sent; the image frees it.</summary>
    public required AtomicCounter NaksSent { get; init; }

    public required CongestionControl CongestionControl { get; init; }

    /// <summary>Where losses are reported, or null.</summary>
    public required LossReport? LossReport { get; init; }

    /// <summary>Whether losses are repaired; otherwise they are padded.</summary>
    public required bool IsReliable { get; init; }

    /// <summary>Whether others receive the same stream, so that NAKs wait for each other.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>Time of the duty cycle.</summary>
    public required long NowNs { get; init; }
}
