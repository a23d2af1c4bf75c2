using FlowEngine.Aeron;
using FlowEngine.Client;
using FlowEngine.Engine;

namespace FlowEngine.Testing;

/// <summary>
/// A whole engine on the calling thread: media driver, client, pipeline and one subscriber, stepped by hand, so that a
/// test decides who runs when. Owns a directory of its own and removes it.
/// </summary>
public sealed class SteppedEngine : IDisposable
{
    private const int SignalStream = 2001;
    private const int FragmentLimit = 1000;

    private readonly string _signalChannel;
    private readonly SteppedAeron _aeron = new();
    private readonly ExclusivePublication _publication;
    private readonly Subscription _subscription;
    private readonly List<SignalSubscription> _others = [];
    private readonly Subscription? _tapeSubscription;
    private SignalTape? _tape;

    /// <summary>Starts an engine with a subscriber that calls <paramref name="handler"/>.</summary>
    /// <param name="handler">Called with what the subscriber reads.</param>
    /// <param name="options">Small defaults if null.</param>
    /// <param name="digest">Whether every message is hashed.</param>
    /// <param name="tape">A second subscriber that keeps everything.</param>
    /// <param name="termLength">Of the signal stream: how much may wait before Aeron pushes back.</param>
    public SteppedEngine(
        SignalHandler handler,
        EngineOptions? options = null,
        bool digest = true,
        SignalTape? tape = null,
        string termLength = "4m")
    {
        _signalChannel = $"aeron:ipc?term-length={termLength}";
        _publication = _aeron.Client.AddExclusivePublication(_signalChannel, SignalStream);
        _subscription = _aeron.Client.AddSubscription(_signalChannel, SignalStream);
        _tape = tape;
        _tapeSubscription = tape is null ? null : _aeron.Client.AddSubscription(_signalChannel, SignalStream);
        _aeron.StepUntil(() => _publication.IsConnected && _subscription.IsConnected
            && _tapeSubscription is not { IsConnected: false });

        Signals = new SignalSubscription(_subscription, handler);
        Pipeline = new Pipeline(
            options ?? new EngineOptions { RingCapacity = 16384, InstrumentCapacity = 128 },
            new EngineIdentity(1, 1), _publication, digest);
        Pipeline.Engine.OnStart();
    }

    /// <summary>The engine.</summary>
    public Pipeline Pipeline { get; }

    /// <summary>The subscriber.</summary>
    public SignalSubscription Signals { get; }

    /// <summary>Feeds one packet and handles it; the subscriber sees nothing yet.</summary>
    public void FeedUnseen(ReadOnlySpan<byte> packet)
    {
        while (!Pipeline.Ingress.TryAccept(packet))
        {
            Pipeline.Engine.DoWork(0);
        }

        Pipeline.Engine.DoWork(0);
    }

    /// <summary>Feeds one packet and lets everybody see what comes of it.</summary>
    public void Feed(ReadOnlySpan<byte> packet)
    {
        FeedUnseen(packet);
        Settle();
    }

    /// <summary>Lets everybody work until nothing is left to do.</summary>
    public void Settle()
    {
        while (PollAll() + _aeron.Step() + Pipeline.Engine.DoWork(0) > 0)
        {
        }
    }

    /// <summary>Another subscriber joins now.</summary>
    public SignalSubscription Join(SignalHandler handler)
    {
        var subscription = _aeron.Client.AddSubscription(_signalChannel, SignalStream);
        _aeron.StepUntil(() => subscription.IsConnected);
        _others.Add(new SignalSubscription(subscription, handler));
        return _others[^1];
    }

    /// <summary>Ends the run: what waits is sent and seen.</summary>
    public EngineReport Finish()
    {
        Settle();
        Pipeline.Engine.OnClose();
        Settle();
        return EngineReport.Of(Pipeline);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pipeline.Dispose();
        _aeron.Dispose();
    }

    private int PollAll()
    {
        var work = Signals.Poll(FragmentLimit);
        foreach (var other in _others)
        {
            work += other.Poll(FragmentLimit);
        }

        return work + (_tape is null ? 0 : _tapeSubscription!.Poll(ref _tape, FragmentLimit));
    }
}
