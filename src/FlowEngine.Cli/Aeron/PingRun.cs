using System.Buffers.Binary;
using FlowEngine.Aeron;
using FlowEngine.Core.Time;
using HdrHistogram;

namespace FlowEngine.Cli.Aeron;

/// <summary>
/// Sends a message, waits until it is back, and sends the next: the round trip as Aeron's own samples measure it, from
/// just before the offer to the callback. One thread.
/// </summary>
/// <param name="pongs">Where the messages come back.</param>
/// <param name="plan">How many, how long.</param>
/// <param name="end">When to give up.</param>
internal sealed class PingRun(Subscription pongs, PingPlan plan, EndCheck end)
{
    private const long LongestNanos = 10_000_000_000;
    private const int SignificantDigits = 3;

    private readonly byte[] _message = new byte[plan.MessageLength];
    private FragmentAssembler<PongHandler> _handler =
        new(new PongHandler(new LongHistogram(LongestNanos, SignificantDigits)));

    /// <summary>Round trips in nanoseconds, without the warm-up.</summary>
    public LongHistogram Nanos => _handler.Handler.Nanos;

    /// <summary>Runs the warm-up and the measurement.</summary>
    /// <returns>False where it had to end before.</returns>
    public bool Run<TSink>(TSink pings, Action onWarm)
        where TSink : struct, ISink
    {
        for (var i = 0; i < plan.WarmupIterations; i++)
        {
            if (!RoundTrips(pings, plan.WarmupMessages))
            {
                Nanos.Reset();
                return false;
            }

            Thread.Yield();
        }

        Nanos.Reset();
        onWarm();
        return RoundTrips(pings, plan.Messages);
    }

    private bool RoundTrips<TSink>(TSink pings, long count)
        where TSink : struct, ISink
    {
        var idle = new ChosenIdle(plan.Idle);
        for (var i = 0L; i < count; i++)
        {
            do
            {
                BinaryPrimitives.WriteInt64LittleEndian(_message, SystemClock.Nanos());
                if (pings.Offer(_message) > 0)
                {
                    break;
                }
            }
            while (!end.Sometimes());

            var expected = _handler.Handler.Received + 1;
            while (_handler.Handler.Received < expected)
            {
                var fragments = pongs.Poll(ref _handler, plan.FragmentLimit);
                idle.Idle(fragments);
                if (fragments == 0 && end.Sometimes())
                {
                    return false;
                }
            }
        }

        return true;
    }

    private struct PongHandler(LongHistogram nanos) : IFragmentHandler
    {
        public readonly LongHistogram Nanos = nanos;
        public long Received;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            var now = SystemClock.Nanos();
            if (payload.Length >= sizeof(long))
            {
                Received++;
                Nanos.RecordValue(Math.Clamp(now - BinaryPrimitives.ReadInt64LittleEndian(payload), 0, LongestNanos));
            }
        }
    }
}

/// <summary>What to send.</summary>
/// <param name="MessageLength">Bytes of a message, 8 or more.</param>
/// <param name="Messages">Round trips to measure.</param>
/// <param name="WarmupIterations">Rounds before.</param>
/// <param name="WarmupMessages">Round trips of each.</param>
/// <param name="FragmentLimit">Most fragments of a poll.</param>
/// <param name="Idle">Name of the idle strategy.</param>
internal sealed record PingPlan(
    int MessageLength, long Messages, int WarmupIterations, long WarmupMessages, int FragmentLimit, string Idle);
