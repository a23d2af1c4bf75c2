using System.CommandLine;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Aeron;

/// <summary>Where pings and pongs go: options of both sides, with the stream ids of Aeron's own samples.</summary>
internal sealed class PingPongOptionSet
{
    private const int DefaultPingStream = 1002;
    private const int DefaultPongStream = 1003;

    private readonly Option<string> _pingChannel =
        BenchOptionSet.Channel("--ping-channel", "Aeron channel of the pings");

    private readonly Option<long> _pingStream =
        BenchOptionSet.Stream("--ping-stream", "Aeron stream of the pings", DefaultPingStream);

    private readonly Option<string> _pongChannel =
        BenchOptionSet.Channel("--pong-channel", "Aeron channel of the pongs");

    private readonly Option<long> _pongStream =
        BenchOptionSet.Stream("--pong-stream", "Aeron stream of the pongs", DefaultPongStream);

    /// <summary>Adds all to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_pingChannel);
        command.Options.Add(_pingStream);
        command.Options.Add(_pongChannel);
        command.Options.Add(_pongStream);
    }

    /// <summary>What the user gave.</summary>
    public PingPongEnds Read(CommandContext context)
    {
        var ends = new PingPongEnds(
            context.Get(_pingChannel),
            (int)context.Get(_pingStream),
            context.Get(_pongChannel),
            (int)context.Get(_pongStream));
        return ends.PingChannel == ends.PongChannel && ends.PingStream == ends.PongStream
            ? throw UserError.Usage("pings and pongs would be one stream: give another channel or stream for one")
            : ends;
    }
}

/// <summary>Where pings and pongs go.</summary>
/// <param name="PingChannel">Channel there.</param>
/// <param name="PingStream">Stream there.</param>
/// <param name="PongChannel">Channel back.</param>
/// <param name="PongStream">Stream back.</param>
internal sealed record PingPongEnds(string PingChannel, int PingStream, string PongChannel, int PongStream);
