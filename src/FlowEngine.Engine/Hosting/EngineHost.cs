using FlowEngine.Aeron;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Feeds;

namespace FlowEngine.Engine;

/// <summary>
/// An engine with its threads: wires the pipeline to Aeron, runs ingress and engine on a thread each, the calibrator on
/// a cold one that sleeps most of the time, and stops them in the order that loses nothing. Set-up code.
/// </summary>
public sealed class EngineHost : IDisposable
{
    private readonly ExclusivePublication _publication;
    private readonly Pipeline _pipeline;
    private readonly EngineSettings _settings;
    private readonly Publication _answers;
    private Subscription? _feed;
    private Subscription? _requests;
    private IDisposable? _answerRunner;
    private IDisposable? _ingressRunner;
    private IDisposable? _engineRunner;
    private AgentRunner<CalibratorAgent, SleepingIdle>? _calibratorRunner;
    private AllocationMeter[] _allocations = [];
    private volatile Exception? _failure;

    /// <summary>Wires the pipeline to the media driver behind <paramref name="aeron"/>; nothing runs yet.</summary>
    public EngineHost(EngineOptions options, EngineSettings settings, AeronClient aeron)
    {
        _settings = settings;
        var identity = new EngineIdentity((ulong)SystemClock.EpochNanosNow(), EngineConfiguration.Hash(options));
        _publication = aeron.AddExclusivePublication(settings.SignalChannel, settings.SignalStream);
        _answers = aeron.AddPublication(settings.AnswerChannel, settings.AnswerStream);
        _pipeline = new Pipeline(options, identity, _publication, settings.Digest, answers: _answers);
        _pipeline.Counters.Attach(aeron);
        _pipeline.Counters.Attach(aeron, _pipeline.Intake, _pipeline.Answerer);
        Identity = identity;
    }

    /// <summary>What the published values say of this engine.</summary>
    public EngineIdentity Identity { get; }

    /// <summary>The counts so far; read from any thread while the engine runs.</summary>
    public StatusSource Status => _pipeline.Status;

    /// <summary>Whether anybody subscribes to the signals.</summary>
    public bool HasSubscriber => _publication.IsConnected;

    /// <summary>What ended one of the threads, or null.</summary>
    public Exception? Failure => _failure ?? _pipeline.Engine.LastFailure;

    /// <summary>
    /// Managed bytes that the ingress and engine threads allocated since <see cref="MeasureAllocationsFromNow"/>, for
    /// each event of the engine since then; 0 without events.
    /// </summary>
    public double AllocatedBytesPerEvent
    {
        get
        {
            var events = _allocations.Length == 0 ? 0 : _allocations[^1].Events;
            var bytes = _allocations.Sum(meter => meter.AllocatedBytes);
            return events == 0 ? 0 : (double)bytes / events;
        }
    }

    /// <summary>Subscribes to the feed and starts both threads.</summary>
    public void StartLive(AeronClient aeron)
    {
        _feed = aeron.AddSubscription(_settings.FeedChannel, _settings.FeedStream);
        _requests = aeron.AddSubscription(_settings.RequestChannel, _settings.RequestStream);
        var ingress = new IngressAgent(
            _pipeline.Ingress, _feed, idleTimers: !_settings.Digest,
            new PreTradePort(_requests, _pipeline.Intake));

        // It sleeps while nobody asks, so that it does not take a core from the others where there are but two.
        _answerRunner = IdleKind.Backoff.Start(_pipeline.Answerer, OnFailure);
        Start(ingress, ingress.Allocations);
    }

    /// <summary>Starts both threads on packets from <paramref name="source"/>.</summary>
    public ReplayAgent<TSource> StartReplay<TSource>(TSource source)
        where TSource : IPacketSource
    {
        var ingress = new ReplayAgent<TSource>(_pipeline.Ingress, source);
        Start(ingress, ingress.Allocations);
        return ingress;
    }

    /// <summary>The steady state begins: allocations count from here.</summary>
    public void MeasureAllocationsFromNow()
    {
        foreach (var meter in _allocations)
        {
            meter.Restart();
        }
    }

    /// <summary>Stops ingress first, then the engine once it handled everything, and reports.</summary>
    public EngineReport Stop()
    {
        _ingressRunner?.Dispose();
        _engineRunner?.Dispose();
        _calibratorRunner?.Dispose();
        _answerRunner?.Dispose();
        _answerRunner = null;
        _ingressRunner = null;
        _engineRunner = null;
        _calibratorRunner = null;
        return EngineReport.Of(_pipeline);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ingressRunner?.Dispose();
        _engineRunner?.Dispose();
        _calibratorRunner?.Dispose();
        _answerRunner?.Dispose();
        _feed?.Dispose();
        _requests?.Dispose();
        _answers.Dispose();
        _publication.Dispose();
        _pipeline.Dispose();
    }

    private void Start<TIngress>(TIngress ingress, AllocationMeter ingressAllocations)
        where TIngress : IAgent
    {
        if (_pipeline.Calibrator is { } calibrator)
        {
            _calibratorRunner = new AgentRunner<CalibratorAgent, SleepingIdle>(calibrator, default).Start(OnFailure);
        }

        if (_settings.IsShared)
        {
            var shared = new SharedAgent<TIngress, IAgent>(ingress, _pipeline.Engine, _pipeline);
            _allocations = [shared.Allocations];
            _ingressRunner = _settings.Idle.Start(shared, OnFailure);
            return;
        }

        _allocations = [ingressAllocations, _pipeline.Engine.Allocations];
        _engineRunner = _settings.Idle.Start(_pipeline.Engine, OnFailure);
        _ingressRunner = _settings.Idle.Start(ingress, OnFailure);
    }

    private void OnFailure(Exception exception) => _failure ??= exception;
}
