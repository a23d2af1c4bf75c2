using FlowEngine.Core.Checks;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class RingBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1024)]
    public void Capacity_may_be_any_power_of_two(int capacity)
    {
        using var ring = new RingBuffer<long>(capacity);
        Assert.Equal(capacity, ring.Capacity);
        Assert.Equal(capacity, ring.RemainingCapacity);
        Assert.Equal(-1, ring.Cursor);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-4)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Capacity_that_is_not_a_power_of_two_is_refused(int capacity)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new RingBuffer<long>(capacity));
        Assert.Contains("power of two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slots_are_whole_events_and_come_round_after_capacity()
    {
        using var ring = new RingBuffer<Line>(4);
        for (var sequence = 0L; sequence < 4; sequence++)
        {
            ring[sequence].Fill(sequence + 100);
        }

        for (var sequence = 0L; sequence < 4; sequence++)
        {
            Assert.True(ring[sequence].Holds(sequence + 100));
            Assert.True(ring[sequence + 4].Holds(sequence + 100));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void TryNext_refuses_to_wrap_onto_what_was_not_consumed(int capacity)
    {
        using var ring = new RingBuffer<long>(capacity);
        var consumer = new Sequence();
        ring.AddGatingSequence(consumer);
        for (var i = 0; i < capacity; i++)
        {
            Assert.True(ring.TryNext(1, out var claimed));
            Assert.Equal(i, claimed);
            ring.Publish(claimed);
        }

        Assert.False(ring.TryNext(1, out var last));
        Assert.Equal(capacity - 1, last);
        Assert.False(ring.HasAvailableCapacity(1));
        Assert.Equal(0, ring.RemainingCapacity);

        consumer.Release(0);
        Assert.True(ring.HasAvailableCapacity(1));
        Assert.Equal(1, ring.RemainingCapacity);
        Assert.True(ring.TryNext(1, out var next));
        Assert.Equal(capacity, next);
        Assert.Equal(0, ring.ProducerWaits);
    }

    [Fact]
    public void The_slowest_consumer_holds_the_producer_back()
    {
        using var ring = new RingBuffer<long>(4);
        Sequence fast = new(), slow = new();
        ring.AddGatingSequence(fast, slow);
        ring.Publish(ring.Next(4));
        fast.Release(3);
        Assert.False(ring.HasAvailableCapacity(1));
        slow.Release(1);
        Assert.True(ring.HasAvailableCapacity(2));
        Assert.False(ring.HasAvailableCapacity(3));
        Assert.True(ring.RemoveGatingSequence(slow));
        Assert.False(ring.RemoveGatingSequence(slow));
        Assert.True(ring.HasAvailableCapacity(4));
    }

    [Fact]
    public void Next_waits_until_the_consumer_makes_room()
    {
        using var ring = new RingBuffer<long>(2);
        var consumer = new Sequence();
        ring.AddGatingSequence(consumer);
        long claimed = -1;
        var producer = new Thread(() =>
        {
            ring.PublishValues(10, 11);
            claimed = ring.Next();
        });
        producer.Start();
        Eventually.Holds(() => ring.ProducerWaits == 1, "the producer to wait");
        Assert.True(producer.IsAlive);
        consumer.Release(0);
        Assert.True(producer.Join(Eventually.Limit));
        Assert.Equal(2, claimed);
        Assert.Equal(1, ring.ProducerWaits);
    }

    [Fact]
    public void A_batch_is_claimed_and_published_as_one()
    {
        using var ring = new RingBuffer<long>(8);
        Assert.Equal(4, ring.Next(5));
        Assert.Equal(-1, ring.Cursor);
        ring.Publish(0, 4);
        Assert.Equal(4, ring.Cursor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(9)]
    public void A_claim_of_less_than_one_or_more_than_capacity_is_refused(int n)
    {
        using var ring = new RingBuffer<long>(8);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.Next(n));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.TryNext(n, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.HasAvailableCapacity(n));
        Assert.Equal(0, ring.Next());
    }

    [Fact]
    public void A_producer_that_would_wait_for_itself_is_told_instead()
    {
        using var ring = new RingBuffer<long>(4);
        ring.Next(4);
        Assert.False(ring.TryNext(1, out _));
        Assert.Throws<InvariantException>(() => ring.Next());
    }

    [Fact]
    public void A_consumer_added_later_starts_at_the_cursor()
    {
        using var ring = new RingBuffer<long>(4);
        ring.PublishValues(1, 2, 3, 4, 5);
        var consumer = new Sequence();
        ring.AddGatingSequence(consumer);
        Assert.Equal(4, consumer.Acquire());
        Assert.True(ring.TryNext(4, out var hi));
        ring.Publish(hi);
        Assert.False(ring.TryNext(1, out _));
    }

    [Fact]
    public void Without_a_gating_sequence_the_producer_overwrites()
    {
        using var ring = new RingBuffer<long>(2);
        ring.PublishValues(1, 2, 3, 4, 5);
        Assert.Equal(5, ring[4]);
        Assert.Equal(0, ring.ProducerWaits);
    }

    [Theory]
    [InlineData(int.MaxValue - 2L)]
    [InlineData(uint.MaxValue - 2L)]
    [InlineData(long.MaxValue - 8L)]
    public void Sequences_work_across_word_sizes_and_near_the_end(long cursor)
    {
        using var ring = new RingBuffer<long>(2, cursor: cursor);
        var processor = new BatchEventProcessor<long, Recorder, YieldingWait>(
            ring, ring.NewBarrier<YieldingWait>(), Recorder.Create());
        ring.AddGatingSequence(processor.Sequence);
        for (var i = 1; i <= 6; i++)
        {
            ring.PublishValues(i);
            Assert.Equal(1, processor.DoWork(0));
            Assert.Equal((i, cursor + i, true), processor.Handler.Seen[^1]);
        }
    }

    [Fact]
    public void A_blocking_barrier_needs_a_ring_with_a_signal()
    {
        using var ring = new RingBuffer<long>(2);
        var error = Assert.Throws<InvalidOperationException>(() => ring.NewBarrier<BlockingWait>());
        Assert.Contains(nameof(WaitSignal), error.Message, StringComparison.Ordinal);
    }

#if FLOW_CHECKS
    [Fact]
    public void Checked_builds_catch_a_second_producer_thread()
    {
        using var ring = new RingBuffer<long>(8);
        ring.PublishValues(1);
        Exception? caught = null;
        var second = new Thread(() => caught = Record.Exception(() => ring.Next()));
        second.Start();
        second.Join();
        Assert.IsType<InvariantException>(caught);

        ring.HandOverProducer();
        var heir = new Thread(() => caught = Record.Exception(() => ring.PublishValues(2)));
        heir.Start();
        heir.Join();
        Assert.Null(caught);
        Assert.Equal(1, ring.Cursor);
    }
#endif
}
