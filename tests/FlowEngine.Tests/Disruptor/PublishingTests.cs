using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

/// <summary>The short ways to publish, the same for both kinds of producer.</summary>
public sealed class PublishingTests
{
    [Fact]
    public void One_producer_publishes_copies() => Copies<SingleProducer>();

    [Fact]
    public void Several_producers_publish_copies() => Copies<MultiProducer>();

    [Fact]
    public void One_producer_publishes_at_the_end_of_a_scope() => Scopes<SingleProducer>();

    [Fact]
    public void Several_producers_publish_at_the_end_of_a_scope() => Scopes<MultiProducer>();

    private static void Copies<TProducer>()
        where TProducer : struct, IProducer
    {
        using var ring = new RingBuffer<long, TProducer>(4);
        var consumer = Consumer(ring);
        ring.PublishEvent(1);
        Assert.True(ring.TryPublish(2));
        Assert.True(ring.TryPublish([3, 4]));
        Assert.False(ring.TryPublish(5));
        Assert.False(ring.TryPublish([5]));
        Assert.True(ring.TryPublish([]));
        Assert.Equal(4, consumer.DoWork(0));

        // Across the ring's end, at every offset.
        for (var round = 0L; round < 8; round++)
        {
            ring.PublishEvent(round);
            Assert.True(ring.TryPublish([10, 20, 30]));
            Assert.False(ring.TryPublish([1, 2]));
            Assert.Equal(4, consumer.DoWork(0));
            Assert.Equal([round, 10, 20, 30], consumer.Handler.Values.TakeLast(4));
            ring.PublishEvent(0);
            Assert.Equal(1, consumer.DoWork(0));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ring.TryPublish(new long[5]));
    }

    private static void Scopes<TProducer>()
        where TProducer : struct, IProducer
    {
        using var ring = new RingBuffer<long, TProducer>(4);
        var consumer = Consumer(ring);
        using (var claim = ring.Claim(2))
        {
            (claim[0], claim[1]) = (1, 2);
            Assert.Equal((0, 1), (claim.Lo, claim.Hi));
            Assert.Equal(0, consumer.DoWork(0));
        }

        Assert.Equal(2, consumer.DoWork(0));
        Assert.Throws<InvalidOperationException>((Action)(() =>
        {
            using var claim = ring.Claim();
            claim[0] = 3;
            throw new InvalidOperationException("a producer's own fault");
        }));
        Assert.Equal(1, consumer.DoWork(0));
        Assert.Equal([1, 2, 3], consumer.Handler.Values);

        Assert.True(ring.TryClaim(4, out var all));
        using (all)
        {
            Assert.False(ring.TryClaim(1, out var none));
            none.Dispose();
        }

        Assert.Equal(4, consumer.DoWork(0));
    }

    private static BatchEventProcessor<long, Recorder, YieldingWait> Consumer(Ring<long> ring)
    {
        var consumer = new BatchEventProcessor<long, Recorder, YieldingWait>(
            ring, ring.NewBarrier<YieldingWait>(), Recorder.Create());
        ring.AddGatingSequence(consumer.Sequence);
        return consumer;
    }
}
