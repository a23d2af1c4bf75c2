using FlowEngine.Client;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Watch;

/// <summary>
/// Takes views of a signal stream: filters and orders the instruments and works out rates. Polling thread only.
/// </summary>
internal sealed class WatchViews
{
    private const long RateWindowNs = 1_000_000_000;

    private readonly SignalSubscription _signals;
    private readonly SignalBoard _board;
    private readonly InstrumentFilter _filter;
    private readonly string _source;
    private long _rateSinceNs;
    private long _receivedAtRate;
    private double _messagesPerSecond;

    /// <summary>Views of a stream; nothing is polled here.</summary>
    /// <param name="signals">The stream.</param>
    /// <param name="board">Its handler.</param>
    /// <param name="filter">Which instruments to show.</param>
    /// <param name="source">Channel and stream as text.</param>
    public WatchViews(SignalSubscription signals, SignalBoard board, InstrumentFilter filter, string source)
    {
        _signals = signals;
        _board = board;
        _filter = filter;
        _source = source;
        _rateSinceNs = SystemClock.Nanos();
    }

    /// <summary>The view as of now, with at most <paramref name="top"/> instruments.</summary>
    public WatchView Take(long nowNs, int top)
    {
        UpdateRate(nowNs);
        var matching = _board.Lines
            .Where(line => _filter.Matches(line.Instrument!.Symbol))
            .Select(line => (Rank: line.ActivityRank(nowNs), Line: line))
            .OrderByDescending(pair => pair.Rank)
            .ThenBy(pair => pair.Line.Instrument!.Symbol, StringComparer.Ordinal)
            .ToList();
        var rows = matching.Take(top).Select(pair => pair.Line.ToRow(nowNs)).ToList();
        return new WatchView(Header(), rows, matching.Count - rows.Count);
    }

    private void UpdateRate(long nowNs)
    {
        if (nowNs - _rateSinceNs < RateWindowNs)
        {
            return;
        }

        _messagesPerSecond = (_signals.Received - _receivedAtRate) * 1e9 / (nowNs - _rateSinceNs);
        _receivedAtRate = _signals.Received;
        _rateSinceNs = nowNs;
    }

    private WatchHeader Header() => new()
    {
        Time = DateTimeOffset.UtcNow,
        Source = _source,
        Epoch = _signals.Epoch == 0
            ? null
            : DateTimeOffset.UnixEpoch.AddTicks((long)(_signals.Epoch / 100)),
        IsConnected = _signals.IsConnected,
        MessagesPerSecond = _messagesPerSecond,
        Instruments = _signals.Instruments.Count,
        Received = _signals.Received,
        Conflated = _signals.Conflated,
        Lost = _signals.Lost,
        Repeats = _signals.Repeats,
        Engine = _board.Engine,
    };
}
