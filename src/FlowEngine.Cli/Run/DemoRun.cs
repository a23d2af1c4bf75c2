using FlowEngine.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Watch;
using FlowEngine.Client;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Engine;
using FlowEngine.Feeds.Publishing;
using FlowEngine.Feeds.Simulation;

namespace FlowEngine.Cli.Run;

/// <summary>
/// The demo's house: driver, venue, engine, measuring subscriber and view, each on a thread of its own.
/// </summary>
internal sealed class DemoRun : IDisposable
{
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(20);

    // Definitions, first snapshots and the last code to be compiled lie in the first second or two.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(2);

    private readonly AeronHome _home;
    private readonly EngineSettings _settings;
    private readonly EngineHost _host;
    private readonly EngineSession _session;
    private readonly SimulatorOptions _venue;
    private readonly StopSignal _stop;
    private readonly Subscription _subscription;
    private readonly SignalProbe _probe;
    private FeedPublisher<MarketSimulator>? _publisher;

    /// <summary>Builds the house and warms the engine up; nothing is published yet.</summary>
    public DemoRun(EngineOptions options, EngineSettings settings, SimulatorOptions venue, StopSignal stop)
    {
        _home = AeronHome.Embed(DriverAccess.PrivateDirectory(), "flowengine demo");
        WarmUp.Run(options, settings.Digest, _home.Client);
        _settings = settings;
        _stop = stop;
        _venue = venue with { StartTimeNs = SystemClock.EpochNanosNow() };
        _host = new EngineHost(options, settings, _home.Client);
        _session = new EngineSession(_host, _home, stop);
        _subscription = _home.Client.AddSubscription(settings.SignalChannel, settings.SignalStream);

        // Venue time is the schedule's; the publisher began it a little after the simulator was made.
        _probe = new SignalProbe(
            _subscription, message => message.Provenance.VenueTime - _venue.StartTimeNs + _publisher!.StartEpochNs);
    }

    /// <summary>Runs for <paramref name="length"/>, or until stopped if that is zero.</summary>
    public EngineResult Run(CommandOutput output, TimeSpan length)
    {
        using var feed = _home.Client.AddExclusivePublication(_settings.FeedChannel, _settings.FeedStream);
        _publisher = new FeedPublisher<MarketSimulator>(new MarketSimulator(_venue), feed, new FeedPublisherOptions());
        var world = new DemoWorld(_publisher, _probe);
        using var worldRunner = new AgentRunner<DemoWorld, YieldingIdle>(world, default).Start();
        _session.AwaitSubscriber(_probe);
        _host.StartLive(_home.Client);
        if (!output.IsJson)
        {
            output.Notice($"flowengine: ask it with 'flowengine cost --live --size 10 --aeron-dir {_home.Directory}'");
        }

        var startNs = SystemClock.Nanos();
        var endNs = length == TimeSpan.Zero ? long.MaxValue : startNs + (length.Ticks * 100);
        var settling = length == TimeSpan.Zero || length > 3 * s_settling ? s_settling : length / 3;
        Wait(startNs + (settling.Ticks * 100));
        _host.MeasureAllocationsFromNow();
        _probe.MeasureFromNow();
        Show(output, endNs);

        _session.ThrowIfFailed();
        world.CloseVenue();
        var report = _host.Stop();
        _session.ThrowIfFailed();
        var elapsedNs = SystemClock.Nanos() - startNs;
        worldRunner.Dispose();
        if (_publisher.Failure is { } failure)
        {
            throw new UserError($"the simulated venue stopped publishing: {failure}");
        }

        return EngineResult.Of(report, _host, _settings, elapsedNs / 1e9).With(_probe);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription.Dispose();
        _host.Dispose();
        _home.Dispose();
    }

    // Under --json without a terminal nobody looks: the two cores are better left to the engine.
    private void Show(CommandOutput output, long endNs)
    {
        if (output.IsJson && !output.ErrorIsTerminal)
        {
            Wait(endNs);
            return;
        }

        var board = new SignalBoard();
        using var observer = _home.Client.AddSubscription(
            AeronOptions.ObserverOf(_settings.SignalChannel), _settings.SignalStream);
        var signals = new SignalSubscription(observer, board);
        var views = new WatchViews(signals, board, new InstrumentFilter(null), "simulated venue");
        new WatchLoop(signals, board, views).Run(
            new WatchDisplay(output, plain: false, top: null), () => _session.IsOver(endNs));
    }

    private void Wait(long untilNs)
    {
        while (!_session.IsOver(untilNs))
        {
            _stop.Wait(s_checkInterval);
        }
    }
}
