using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class MultiProducerTests : IDisposable
{
    private readonly RingBuffer<long, MultiProducer> _ring = new(8);

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void Events_published_out_of_order_are_seen_in_order()
    {
        var consumer = Consumer(_ring);
        var (a, b, c) = (_ring.Next(), _ring.Next(), _ring.Next());
        Fill(c);
        Assert.Equal(0, consumer.DoWork(0));
        Fill(a);
        Assert.Equal(1, consumer.DoWork(0));
        Fill(b);
        Assert.Equal(2, consumer.DoWork(0));
        Assert.Equal([(10, 0, true), (11, 1, false), (12, 2, true)], consumer.Handler.Seen);
    }

    [Fact]
    public void A_claim_that_is_not_published_stops_the_consumer_and_nobody_else()
    {
        var consumer = Consumer(_ring);
        var stuck = _ring.Next();
        for (var i = 0; i < 7; i++)
        {
            Fill(_ring.Next());
        }

        Assert.Equal(0, consumer.DoWork(0));
        Assert.False(_ring.TryNext(1, out _));
        Fill(stuck);
        Assert.Equal(8, consumer.DoWork(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void TryNext_refuses_to_wrap_onto_what_was_not_consumed(int capacity)
    {
        using var ring = new RingBuffer<long, MultiProducer>(capacity);
        var consumer = Consumer(ring);
        for (var i = 0; i < capacity; i++)
        {
            Assert.True(ring.TryPublish(i));
        }

        Assert.False(ring.TryNext(1, out var last));
        Assert.Equal(capacity - 1, last);
        Assert.False(ring.HasAvailableCapacity(1));
        Assert.Equal(0, ring.RemainingCapacity);
        Assert.Equal(capacity, consumer.DoWork(0));
        Assert.True(ring.HasAvailableCapacity(capacity));
        Assert.Equal(capacity, ring.RemainingCapacity);
    }

    [Fact]
    public void Next_claims_at_once_and_waits_for_room()
    {
        using var ring = new RingBuffer<long, MultiProducer>(2);
        var consumer = Consumer(ring);
        ring.Publish(0, ring.Next(2));
        var producers = new Thread[2];
        for (var i = 0; i < producers.Length; i++)
        {
            producers[i] = new Thread(() => ring.PublishEvent(7));
            producers[i].Start();
        }

        Eventually.Holds(() => ring.ProducerWaits == 2, "both producers to wait");
        Assert.Equal(3, ring.Cursor);
        Assert.Equal(-2, ring.RemainingCapacity);
        Assert.Equal(2, consumer.DoWork(0));
        Assert.All(producers, producer => Assert.True(producer.Join(Eventually.Limit)));
        Assert.Equal(2, consumer.DoWork(0));
        Assert.Equal([7, 7], consumer.Handler.Values.TakeLast(2));
    }

    [Theory]
    [InlineData(int.MaxValue - 2L)]
    [InlineData(uint.MaxValue - 2L)]
    [InlineData((1L << 33) - 3)]
    [InlineData(long.MaxValue - 8L)]
    public void Laps_work_across_word_sizes_and_near_the_end(long cursor)
    {
        foreach (var capacity in (int[])[1, 2, 4])
        {
            using var ring = new RingBuffer<long, MultiProducer>(capacity, cursor: cursor);
            var consumer = Consumer(ring);
            Assert.Equal(0, consumer.DoWork(0));
            for (var i = 1; i <= 6; i++)
            {
                var sequence = ring.Next();
                ring[sequence] = i;
                Assert.Equal(0, consumer.DoWork(0));
                ring.Publish(sequence);
                Assert.Equal(1, consumer.DoWork(0));
                Assert.Equal((i, cursor + i, true), consumer.Handler.Seen[^1]);
            }
        }
    }

    [Fact]
    public void A_consumer_added_later_starts_after_what_is_published_without_gaps()
    {
        Fill(_ring.Next());
        var open = _ring.Next();
        Fill(_ring.Next());
        var consumer = Consumer(_ring);
        Assert.Equal(0, consumer.Sequence.Acquire());
        Assert.Equal(0, consumer.DoWork(0));
        Fill(open);
        Assert.Equal(2, consumer.DoWork(0));
        Assert.Equal([11, 12], consumer.Handler.Values);
    }

    [Fact]
    public void Without_a_gating_sequence_the_producers_overwrite_but_not_what_is_still_being_written()
    {
        for (var i = 0; i < 20; i++)
        {
            Fill(_ring.Next());
        }

        var open = _ring.Next();
        for (var i = 0; i < 7; i++)
        {
            Fill(_ring.Next());
        }

        Assert.False(_ring.TryNext(1, out _));
        Fill(open);
        Assert.True(_ring.TryNext(8, out _));
    }

    [Fact]
    public void A_drain_waits_for_the_producer_that_has_claimed()
    {
        var consumer = Consumer(_ring);
        consumer.Start();
        var open = _ring.Next();
        consumer.DrainAndHalt();
        Assert.False(consumer.Join(TimeSpan.FromMilliseconds(1)));
        Fill(open);
        Assert.True(consumer.Join(Eventually.Limit));
        Assert.Equal([10], consumer.Handler.Values);
    }

    [Fact]
    public void Blocked_consumers_are_woken_by_the_publication_not_by_the_claim()
    {
        using var ring = new RingBuffer<long, MultiProducer>(8, new WaitSignal());
        var consumer = new BatchEventProcessor<long, Recorder, BlockingWait>(
            ring, ring.NewBarrier<BlockingWait>(), Recorder.Create());
        ring.AddGatingSequence(consumer.Sequence);
        consumer.Start();
        for (var round = 0; round < 200; round++)
        {
            var (a, b) = (ring.Next(), ring.Next());
            ring.Publish(b);
            Assert.True(consumer.Sequence.Acquire() < a);
            ring.Publish(a);
            Eventually.Holds(() => consumer.Sequence.Acquire() == b, "the consumer to wake");
        }

        consumer.Halt();
        Assert.True(consumer.Join(Eventually.Limit));
    }

    private static BatchEventProcessor<long, Recorder, YieldingWait> Consumer(RingBuffer<long, MultiProducer> ring)
    {
        var consumer = new BatchEventProcessor<long, Recorder, YieldingWait>(
            ring, ring.NewBarrier<YieldingWait>(), Recorder.Create());
        ring.AddGatingSequence(consumer.Sequence);
        return consumer;
    }

    private void Fill(long sequence)
    {
        _ring[sequence] = sequence + 10;
        _ring.Publish(sequence);
    }
}
