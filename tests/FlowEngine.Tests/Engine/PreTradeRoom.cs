using FlowEngine.Aeron;
using FlowEngine.Client;
using FlowEngine.Engine;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Testing;

namespace FlowEngine.Tests.Engine;

/// <summary>An engine that takes questions, and clients that ask, all stepped on the calling thread.</summary>
internal sealed class PreTradeRoom : IDisposable
{
    private const string Channel = "aeron:ipc?term-length=1m";
    private const int RequestStream = 2003;
    private const int AnswerStream = 2004;
    private const int FragmentLimit = 100;

    private readonly SteppedAeron _aeron = new();
    private readonly Publication _answers;
    private readonly Subscription _requests;

    public PreTradeRoom(EngineOptions? options = null, bool digest = true)
    {
        options ??= new EngineOptions();
        _answers = _aeron.Client.AddPublication(Channel, AnswerStream);
        _requests = _aeron.Client.AddSubscription(Channel, RequestStream);
        Pipeline = new Pipeline(
            options, new EngineIdentity(77, EngineConfiguration.Hash(options)), publication: null, digest,
            answers: _answers);
        Port = new PreTradePort(_requests, Pipeline.Intake);
        Pipeline.Engine.OnStart();
    }

    public Pipeline Pipeline { get; }

    public PreTradePort Port { get; }

    /// <summary>A raw subscription of the answers.</summary>
    public Subscription Listen()
    {
        var subscription = _aeron.Client.AddSubscription(Channel, AnswerStream);
        _aeron.StepUntil(() => _answers.IsConnected && subscription.IsConnected);
        return subscription;
    }

    public PreTradeClient Join(
        PreTradeHandler handler, ulong clientId, int capacity = 64, long timeoutNs = 600_000_000_000)
    {
        var requests = _aeron.Client.AddExclusivePublication(Channel, RequestStream);
        var client = new PreTradeClient(requests, Listen(), handler, clientId, capacity, timeoutNs);
        _aeron.StepUntil(() => client.IsConnected && _requests.ImageCount > 0);
        return client;
    }

    public void Feed(ReadOnlySpan<byte> packet)
    {
        while (!Pipeline.Ingress.TryAccept(packet))
        {
            Pipeline.Engine.DoWork(0);
        }

        Pipeline.Engine.DoWork(0);
    }

    /// <summary>Lets driver and client work until there is room for answers: what was read makes some.</summary>
    public void AwaitRoom()
    {
        const int Answers = 4 * AnswerEncoder.Length;
        _aeron.StepUntil(() => _answers.Position + Answers < _answers.PositionLimit);
    }

    /// <summary>Lets the engine take, fill and answer all that was asked, and the clients read it.</summary>
    public void Settle(params IEnumerable<PreTradeClient> clients)
    {
        int work;
        do
        {
            work = Port.Poll() + Pipeline.Engine.DoWork(0) + Pipeline.Answerer.DoWork(0) + _aeron.Step();
            work += clients.Sum(client => client.Poll(FragmentLimit));
        }
        while (work > 0);
    }

    public void Dispose()
    {
        Pipeline.Dispose();
        _aeron.Dispose();
    }
}

/// <summary>Keeps what came.</summary>
internal sealed class AnswerList : PreTradeHandler
{
    public List<(ulong Correlation, AnswerStatus Status)> Answers { get; } = [];

    public List<ulong> Timeouts { get; } = [];

    public Action<CostAnswerReader>? Read { get; init; }

    public override void OnAnswer(in CostAnswerReader answer)
    {
        Answers.Add((answer.CorrelationId, answer.Status));
        Read?.Invoke(answer);
    }

    public override void OnTimeout(ulong correlationId) => Timeouts.Add(correlationId);
}
