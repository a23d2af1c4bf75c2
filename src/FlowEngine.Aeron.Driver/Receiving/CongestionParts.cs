using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>What congestion control of one image is made of.</summary>
internal readonly record struct CongestionParts
{
    public required MediaDriverContext Context { get; init; }

    /// <summary>Channel of the subscription's endpoint.</summary>
    public required ChannelUri Uri { get; init; }

    /// <summary>What that channel says of the window, bytes.</summary>
    public required int? ReceiverWindowLength { get; init; }

    public required int TermLength { get; init; }

    public required int MtuLength { get; init; }

    public required long CorrelationId { get; init; }

    public required int SessionId { get; init; }

    public required int StreamId { get; init; }

    public required long NowNs { get; init; }

    /// <summary>
    /// The channel's window or the driver's, and no more than half a term; static or cubic as the channel or the driver
    /// says.
    /// </summary>
    /// <exception cref="CommandException">The channel asks for another, or no counter is free.</exception>
    public CongestionControl Create(CountersManager counters)
    {
        var window = Math.Min(ReceiverWindowLength ?? Context.InitialWindowLength, TermLength / 2);
        return (Uri["cc"] ?? Context.CongestionControl) switch
        {
            "static" => new CongestionControl(window),
            "cubic" => new CongestionControl(CreateCubic(window, counters)),
            { } other => throw new CommandException(
                ErrorCode.InvalidChannel, $"congestion control '{other}' is not static or cubic: {Uri.Text}"),
        };
    }

    private CubicWindow CreateCubic(int window, CountersManager counters) => new(
        window,
        MtuLength,
        Context.CubicInitialRttNs,
        Context.CubicMeasureRtt,
        Allocate(counters, "rcv-cc-cubic-rtt"),
        Allocate(counters, "rcv-cc-cubic-wnd"),
        NowNs);

    private AtomicCounter Allocate(CountersManager counters, string name) => StreamCounters.Allocate(
        counters, StreamCounters.PerImageTypeId, name, CorrelationId, SessionId, StreamId, Uri.Text, ownerId: -1);
}
