using System.Buffers.Binary;
using FlowEngine.Aeron;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Aeron;

/// <summary>
/// Streams messages as fast as they go: a thread that publishes and a thread that subscribes, or one of them, and a
/// line each second by the caller's thread. Messages carry their number; a subscriber of one publisher checks that
/// none is missing and none comes twice.
/// </summary>
/// <param name="plan">What to send.</param>
/// <param name="idleName">Name of the idle strategy.</param>
/// <param name="fragmentLimit">Most fragments of a poll.</param>
internal sealed class ThroughputRun(ThroughputPlan plan, string idleName, int fragmentLimit)
{
    private FlowCount _published;
    private FlowCount _received;
    private volatile bool _hasGivenUp;

    /// <summary>What was published.</summary>
    public ref FlowCount Published => ref _published;

    /// <summary>What was received.</summary>
    public ref FlowCount Received => ref _received;

    /// <summary>The side that the rates are of: the subscriber where it runs here.</summary>
    public ref FlowCount Measured => ref plan.Subscribes ? ref _received : ref _published;

    /// <summary>Whether the measured side has seen all messages. Any thread.</summary>
    public bool IsComplete => Volatile.Read(ref Measured.Messages) >= plan.Total;

    /// <summary>Whether a side has ended before the plan was done. Any thread.</summary>
    public bool HasGivenUp => _hasGivenUp;

    private ThroughputPlan Plan => plan;

    /// <summary>Tells the other side that this one has ended too early. Any thread.</summary>
    public void GiveUp() => _hasGivenUp = true;

    /// <summary>Publishes until the plan is done or the end is asked for.</summary>
    public void Publish<TSink>(TSink sink, EndCheck end)
        where TSink : struct, ISink
    {
        var idle = new ChosenIdle(idleName);
        var message = new byte[plan.MessageLength];
        _published.StartNs = SystemClock.Nanos();
        for (var number = 0L; number < plan.Total; number++)
        {
            while (Send(sink, message, number) < 0)
            {
                _published.Failures++;
                idle.Idle(0);
                if (end.Sometimes())
                {
                    GiveUp();
                    return;
                }
            }

            _published.Add(plan.MessageLength, plan.WarmupMessages, plan.Total);
            if ((number & 0xFFFF) == 0 && end.Now())
            {
                GiveUp();
                return;
            }
        }
    }

    /// <summary>Subscribes until the plan is done or the end is asked for.</summary>
    public void Subscribe(Subscription subscription, EndCheck end)
    {
        var idle = new ChosenIdle(idleName);
        var handler = new FragmentAssembler<Counter>(new Counter(this, plan.Publishes));
        _received.StartNs = SystemClock.Nanos();
        while (!IsComplete)
        {
            var fragments = subscription.Poll(ref handler, fragmentLimit);
            idle.Idle(fragments);
            if (fragments == 0 && end.Sometimes())
            {
                GiveUp();
                return;
            }
        }
    }

    /// <summary>Waits for the threads and says each second what the measured side does.</summary>
    /// <returns>When the last message was there, to the second where the plan was not done.</returns>
    public long Report(IReadOnlyList<AgentThread> threads, Action<double, double, long, long> show)
    {
        var (lastNs, lastMessages, lastBytes) = (SystemClock.Nanos(), 0L, 0L);
        var activeNs = lastNs;
        var second = TimeSpan.FromSeconds(1);
        while (!threads.All(thread => thread.Join(second)))
        {
            var messages = Volatile.Read(ref Measured.Messages);
            var bytes = Volatile.Read(ref Measured.Bytes);
            var nowNs = SystemClock.Nanos();
            var seconds = (nowNs - lastNs) / 1e9;
            show((messages - lastMessages) / seconds, (bytes - lastBytes) / seconds, messages, bytes);
            activeNs = messages == lastMessages ? activeNs : nowNs;
            (lastNs, lastMessages, lastBytes) = (nowNs, messages, bytes);
        }

        return Measured.Messages == lastMessages ? activeNs : SystemClock.Nanos();
    }

    private long Send<TSink>(TSink sink, byte[] message, long number)
        where TSink : struct, ISink
    {
        if (!plan.UsesClaims)
        {
            BinaryPrimitives.WriteInt64LittleEndian(message, number);
            return sink.Offer(message);
        }

        var result = sink.TryClaim(message.Length, out var claim);
        if (result > 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(claim.Span, number);
            claim.Commit();
        }

        return result;
    }

    private struct Counter(ThroughputRun run, bool checksOrder) : IFragmentHandler
    {
        private readonly long _warmup = run.Plan.WarmupMessages;
        private readonly long _total = run.Plan.Total;

        public readonly void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            ref var count = ref run._received;
            if (checksOrder && BinaryPrimitives.ReadInt64LittleEndian(payload) != count.Messages)
            {
                count.Failures++;
            }

            count.Add(payload.Length, _warmup, _total);
        }
    }
}
