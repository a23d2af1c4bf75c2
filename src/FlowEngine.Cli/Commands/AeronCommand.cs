using System.CommandLine;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Commands;

/// <summary><c>aeron</c>: tools for any Aeron system, ours or not.</summary>
internal static class AeronCommand
{
    private const string Description =
        "Tools for any Aeron system, with our media driver or Aeron's own. errors, loss and streams read a driver's "
        + "files and disturb nobody, also after it has ended; ping, pong and throughput measure, and bring a media "
        + "driver of their own where --dir names none.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services) => new Command("aeron", Description)
    {
        AeronErrorsCommand.Create(services),
        AeronLossCommand.Create(services),
        AeronStreamsCommand.Create(services),
        AeronPingCommand.Create(services),
        AeronPongCommand.Create(services),
        AeronThroughputCommand.Create(services),
    };
}
