using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Publishing;

namespace FlowEngine.Cli.Feed;

/// <summary>How fast to publish: at most one of speed, rate and flat out.</summary>
internal sealed class PaceOptionSet
{
    private readonly Option<double?> _speed = CliOption.OptionalNumber(
        "--speed", "X", "Publish X times faster than captured [default: 1]", 0.001, 1e6);

    private readonly Option<double?> _rate = CliOption.OptionalNumber(
        "--rate", "N", "Publish N packets a second, evenly", 0.001, 1e8);

    private readonly Option<bool> _flatOut = CliOption.Flag("--flat-out", "Publish as fast as the subscribers take it");

    private readonly Option<double> _waitSeconds = CliOption.Number(
        "--wait-seconds", "S", "How long to wait for the first subscriber; 0 waits for ever", 0, 1e9, 30);

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_speed);
        command.Options.Add(_rate);
        command.Options.Add(_flatOut);
        command.Options.Add(_waitSeconds);
    }

    /// <summary>What the user gave.</summary>
    /// <exception cref="UserError">Two paces at once.</exception>
    public FeedPublisherOptions Read(ParseResult parsed)
    {
        var speed = parsed.GetValue(_speed);
        var rate = parsed.GetValue(_rate);
        var isFlatOut = parsed.GetValue(_flatOut);
        if ((speed is not null ? 1 : 0) + (rate is not null ? 1 : 0) + (isFlatOut ? 1 : 0) > 1)
        {
            throw UserError.Usage("--speed, --rate and --flat-out exclude each other: give one of them");
        }

        return new FeedPublisherOptions
        {
            Pace = isFlatOut ? FeedPace.FlatOut : rate is not null ? FeedPace.Rate : FeedPace.Source,
            Speed = speed ?? 1,
            PacketsPerSecond = rate ?? 1,
            ConnectTimeout = TimeSpan.FromSeconds(parsed.GetValue(_waitSeconds)),
        };
    }
}
