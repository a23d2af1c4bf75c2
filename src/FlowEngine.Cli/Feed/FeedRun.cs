using FlowEngine.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Feeds.Publishing;

namespace FlowEngine.Cli.Feed;

/// <summary>
/// Publishes a source to its end on the calling thread, then waits until the subscribers have read it all.
/// </summary>
internal sealed class FeedRun
{
    private const long AbandonedAfterNs = 10_000_000_000;
    private const long ReadTimeoutNs = 30_000_000_000;

    private readonly AeronClient _client;
    private readonly ExclusivePublication _publication;
    private readonly FeedSource _source;
    private readonly FeedPublisher<FeedSource> _publisher;
    private readonly FeedPublisherOptions _options;
    private readonly StopSignal _stop;
    private long _connectedNs;

    /// <summary>Prepares a run; nothing is sent yet.</summary>
    public FeedRun(
        AeronClient client,
        ExclusivePublication publication,
        FeedSource source,
        FeedPublisherOptions options,
        StopSignal stop)
    {
        _client = client;
        _publication = publication;
        _source = source;
        _options = options;
        _stop = stop;
        _publisher = new FeedPublisher<FeedSource>(source, publication, options);
    }

    /// <summary>Publishes.</summary>
    /// <exception cref="UserError">Nobody subscribed, the subscribers went away, or the driver stopped.</exception>
    public FeedResult Run(CommandOutput output, FeedPlan plan)
    {
        var startNs = AwaitSubscriber();
        var progress = new FeedProgress(output, plan, _options, startNs);
        try
        {
            Publish(progress);
        }
        finally
        {
            progress.Clear();
        }

        if (_publisher.Failure is { } failure)
        {
            throw _client.IsClosed
                ? DriverAccess.DriverLost(_client.Context.Directory)
                : new UserError($"feeding ended after {_publisher.Sent} packets: {failure}");
        }

        AwaitReaders(output);
        return new FeedResult(
            _publisher.Sent,
            _publisher.BytesSent,
            _source.Skipped,
            _source.Truncated,
            _publisher.BackPressured,
            _options.Pace == FeedPace.FlatOut ? 0 : _publisher.MaxLateNs / 1000,
            Math.Round((SystemClock.Nanos() - startNs) / 1e9, 3),
            _publisher.IsDone);
    }

    private long AwaitSubscriber()
    {
        var beganNs = SystemClock.Nanos();
        while (!_publication.IsConnected && !_stop.IsRequested)
        {
            if (_client.IsClosed)
            {
                throw DriverAccess.DriverLost(_client.Context.Directory);
            }

            var timeout = _options.ConnectTimeout;
            if (timeout > TimeSpan.Zero && SystemClock.Nanos() - beganNs > timeout.Ticks * 100)
            {
                throw new UserError(
                    $"nobody subscribed to {_publication.Channel} stream {_publication.StreamId} "
                    + $"within {timeout.TotalSeconds:0.#} s: "
                    + "start 'flowengine run' on the same driver, or wait longer with --wait-seconds");
            }

            Thread.Sleep(1);
        }

        return SystemClock.Nanos();
    }

    private void Publish(FeedProgress progress)
    {
        var idle = default(BackoffIdle);
        _connectedNs = SystemClock.Nanos();
        while (!_publisher.IsDone && !_stop.IsRequested)
        {
            var nowNs = SystemClock.Nanos();
            var work = _publisher.DoWork(nowNs);
            if (work == 0)
            {
                CheckSubscribers(nowNs);
            }

            progress.Show(_publisher.Sent, _publication.IsConnected, nowNs);
            idle.Idle(work);
        }
    }

    // A publisher without subscribers would wait for ever.
    private void CheckSubscribers(long nowNs)
    {
        if (_publication.IsConnected)
        {
            _connectedNs = nowNs;
        }
        else if (nowNs - _connectedNs > AbandonedAfterNs)
        {
            throw new UserError(
                $"all subscribers of {_publication.Channel} stream {_publication.StreamId} have gone "
                + $"after {_publisher.Sent} packets: start 'flowengine run' and feed again");
        }
    }

    private void AwaitReaders(CommandOutput output)
    {
        var deadlineNs = SystemClock.Nanos() + ReadTimeoutNs;
        while (_publication.IsConnected && !SubscriberPositions.AllHaveRead(_client.CountersReader, _publication))
        {
            if (SystemClock.Nanos() > deadlineNs)
            {
                output.Notice(
                    $"flowengine: a subscriber has not read everything within {ReadTimeoutNs / 1_000_000_000} s "
                    + "and may miss the end");
                return;
            }

            Thread.Sleep(1);
        }
    }
}
