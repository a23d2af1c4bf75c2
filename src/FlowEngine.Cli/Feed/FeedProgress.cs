using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Watch;
using FlowEngine.Feeds.Publishing;

namespace FlowEngine.Cli.Feed;

/// <summary>One line on a terminal that is drawn over: how far, how fast, how long still.</summary>
internal sealed class FeedProgress
{
    private const long IntervalNs = 500_000_000;
    private const int LineLength = 79;

    private readonly CommandOutput _output;
    private readonly FeedPlan _plan;
    private readonly FeedPublisherOptions _options;
    private readonly long _startNs;
    private long _shownNs;
    private long _sentThen;

    /// <summary>A progress line; silent where stderr is no terminal.</summary>
    public FeedProgress(CommandOutput output, FeedPlan plan, FeedPublisherOptions options, long startNs)
    {
        _output = output;
        _plan = plan;
        _options = options;
        _startNs = startNs;
        _shownNs = startNs;
    }

    /// <summary>Draws the line when it is time.</summary>
    public void Show(long sent, bool isConnected, long nowNs)
    {
        if (!_output.ErrorIsTerminal || nowNs - _shownNs < IntervalNs)
        {
            return;
        }

        var rate = (sent - _sentThen) * 1e9 / (nowNs - _shownNs);
        var text = sent == 0 && !isConnected
            ? "waiting for a subscriber"
            : Text(_plan, _options, sent, rate, (nowNs - _startNs) / 1e9);
        _shownNs = nowNs;
        _sentThen = sent;
        _output.Notices.Write($"\r{text.PadRight(LineLength)}");
        _output.Notices.Flush();
    }

    /// <summary>Clears the line.</summary>
    public void Clear()
    {
        if (_output.ErrorIsTerminal)
        {
            _output.Notices.Write($"\r{new string(' ', LineLength)}\r");
        }
    }

    /// <summary>The line's text.</summary>
    internal static string Text(
        FeedPlan plan, FeedPublisherOptions options, long sent, double packetsPerSecond, double elapsedSeconds)
    {
        var text = $"{WatchFormat.Count(sent)} packets, {WatchFormat.Count(packetsPerSecond)}/s";
        if (plan.Packets == 0)
        {
            return text;
        }

        var left = SecondsLeft(plan, options, sent, packetsPerSecond, elapsedSeconds);
        var percent = $"{Math.Min(100, sent * 100 / plan.Packets),3} %, {text}";
        return left is { } seconds
            ? $"{percent}, {TimeSpan.FromSeconds(Math.Ceiling(seconds)):h\\:mm\\:ss} left"
            : percent;
    }

    private static double? SecondsLeft(
        FeedPlan plan, FeedPublisherOptions options, long sent, double packetsPerSecond, double elapsedSeconds) =>
        options.Pace switch
        {
            FeedPace.Source => Math.Max(0, (plan.DurationNs / 1e9 / options.Speed) - elapsedSeconds),
            FeedPace.Rate => Math.Max(0, (plan.Packets - sent) / options.PacketsPerSecond),
            _ => packetsPerSecond > 0 ? (plan.Packets - sent) / packetsPerSecond : null,
        };
}
