using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Aeron.Driver;

/// <summary>What the log of a new image is made of: the sender's SETUP and the subscription's channel.</summary>
internal readonly record struct ImageLog
{
    public required long CorrelationId { get; init; }

    public required int SessionId { get; init; }

    public required int StreamId { get; init; }

    public required int InitialTermId { get; init; }

    public required int TermLength { get; init; }

    public required int MtuLength { get; init; }

    /// <summary>How much the sender may be ahead, bytes.</summary>
    public required int WindowLength { get; init; }

    /// <summary>Whether receivers take turns with their NAKs.</summary>
    public required bool IsGroup { get; init; }

    public required bool IsReliable { get; init; }

    public required bool IsSparse { get; init; }

    /// <summary>Channel of the endpoint it came in by.</summary>
    public required UdpChannel Channel { get; init; }

    /// <summary>The same as a subscription reads it.</summary>
    public required SubscriptionParameters Parameters { get; init; }
}
