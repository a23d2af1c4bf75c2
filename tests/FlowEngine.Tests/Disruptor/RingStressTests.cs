using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

/// <summary>
/// Real threads: every event carries eight copies of its number, so that a torn or misplaced one shows.
/// </summary>
public sealed class RingStressTests
{
    private const int Events = 200_000;

    [Fact]
    public void Busy_spinning_consumers_see_every_event_whole_and_in_order() => Stress<BusySpinWait>(20_000, 1024);

    [Fact]
    public void Yielding_consumers_see_every_event_whole_and_in_order() => Stress<YieldingWait>(Events, 1024);

    [Fact]
    public void Sleeping_consumers_see_every_event_whole_and_in_order() => Stress<SleepingWait>(Events, 1024);

    [Fact]
    public void Blocking_consumers_see_every_event_whole_and_in_order() => Stress<BlockingWait>(Events, 1024);

    [Fact]
    public void A_ring_of_one_hands_over_every_event() => Stress<YieldingWait>(2_000, 1);

    [Fact]
    public void A_ring_of_two_hands_over_every_event() => Stress<YieldingWait>(2_000, 2);

    [Fact]
    public void Blocked_consumers_are_woken_for_every_single_event()
    {
        using var ring = new RingBuffer<Line>(16, new WaitSignal());
        var consumer = Consumer<BlockingWait>(ring);
        ring.AddGatingSequence(consumer.Sequence);
        consumer.Start();
        for (var i = 0; i < 500; i++)
        {
            Publish(ring, 1);
            var published = ring.Cursor;
            Eventually.Holds(() => consumer.Sequence.Acquire() == published, "the consumer to wake");
        }

        Stop(consumer, 500);
    }

    [Fact]
    public void A_consumer_can_join_and_leave_while_the_producer_runs()
    {
        using var ring = new RingBuffer<Line>(64);
        var steady = Consumer<YieldingWait>(ring);
        ring.AddGatingSequence(steady.Sequence);
        steady.Start();
        var stop = false;
        var producer = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                Publish(ring, 1);
            }
        });
        producer.Start();
        for (var guest = 0; guest < 20; guest++)
        {
            var joiner = Consumer<YieldingWait>(ring);
            ring.AddGatingSequence(joiner.Sequence);
            var from = joiner.Sequence.Acquire();
            joiner.Handler.Next = from + 1;
            joiner.Start();
            Eventually.Holds(() => joiner.Sequence.Acquire() > from + 100, "the guest to see events");
            joiner.Halt();
            Assert.True(joiner.Join(Eventually.Limit));
            Assert.True(ring.RemoveGatingSequence(joiner.Sequence));
            Assert.Equal(0, joiner.Handler.Broken);
            Assert.Equal(joiner.Sequence.Acquire() + 1, joiner.Handler.Next);
        }

        Volatile.Write(ref stop, true);
        Assert.True(producer.Join(Eventually.Limit));
        ring.HandOverProducer();
        Stop(steady, ring.Cursor + 1);
    }

    private static void Stress<TWait>(int events, int capacity)
        where TWait : struct, IWaitStrategy
    {
        using var ring = new RingBuffer<Line>(capacity, TWait.IsBlocking ? new WaitSignal() : null);
        var first = Consumer<TWait>(ring);
        var second = Consumer<TWait>(ring, first.Sequence);
        ring.AddGatingSequence(second.Sequence);
        first.Start();
        second.Start();
        var random = new Random(events);
        for (var left = events; left > 0;)
        {
            var count = Math.Min(left, random.Next(1, Math.Min(capacity, 16) + 1));
            Publish(ring, count);
            left -= count;
        }

        Stop(first, events);
        Stop(second, events);
    }

    private static void Publish(RingBuffer<Line> ring, int count)
    {
        var hi = ring.Next(count);
        for (var sequence = hi - count + 1; sequence <= hi; sequence++)
        {
            ring[sequence].Fill(sequence);
        }

        ring.Publish(hi - count + 1, hi);
    }

    private static BatchEventProcessor<Line, Verifier, TWait> Consumer<TWait>(
        RingBuffer<Line> ring, params ReadOnlySpan<Sequence> behind)
        where TWait : struct, IWaitStrategy => new(ring, ring.NewBarrier<TWait>(behind), default);

    private static void Stop<TWait>(BatchEventProcessor<Line, Verifier, TWait> consumer, long events)
        where TWait : struct, IWaitStrategy
    {
        consumer.DrainAndHalt();
        Assert.True(consumer.Join(Eventually.Limit));
        Assert.Equal(events, consumer.Handler.Next);
        Assert.Equal(0, consumer.Handler.Broken);
        Assert.Equal(0, consumer.Failures);
    }

    private struct Verifier : IEventHandler<Line>
    {
        public long Next;
        public long Broken;

        public readonly void OnStart()
        {
        }

        public void OnEvent(ref Line evt, long sequence, bool endOfBatch)
        {
            if (sequence != Next || !evt.Holds(sequence))
            {
                Broken++;
            }

            Next++;
        }

        public readonly void OnShutdown()
        {
        }
    }
}
