using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Run;

namespace FlowEngine.Cli.Aeron;

/// <summary>
/// Whether a measuring loop has to end: the user asked, the driver is gone, or the other side is. Looked at only now
/// and then, so that it costs the loop nothing.
/// </summary>
/// <param name="stop">The user.</param>
/// <param name="home">Client and driver.</param>
/// <param name="isOtherSideGone">The other side.</param>
internal sealed class EndCheck(StopSignal stop, AeronHome home, Func<bool> isOtherSideGone)
{
    private const int RoundsBetween = 1024;
    private int _round;

    /// <summary>Whether the user asked for the end.</summary>
    public bool IsStopped => stop.IsRequested;

    /// <summary>Looks now.</summary>
    public bool Now() => stop.IsRequested || home.Fault is not null || isOtherSideGone();

    /// <summary>Looks once in a thousand calls.</summary>
    public bool Sometimes() => ++_round % RoundsBetween == 0 && Now();
}
