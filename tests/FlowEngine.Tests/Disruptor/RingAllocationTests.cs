using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class RingAllocationTests
{
    [Fact]
    public void Publishing_and_handling_allocate_nothing()
    {
        using var ring = new RingBuffer<Line>(64, new WaitSignal());
        var processor = new BatchEventProcessor<Line, Then<Line, Sum, Sum>, YieldingWait>(
            ring, ring.NewBarrier<YieldingWait>(), default);
        ring.AddGatingSequence(processor.Sequence);
        Turn(ring, processor, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Turn(ring, processor, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(processor.Handler.Second.Total > 0);
    }

    [Fact]
    public void Waiting_with_a_busy_spin_allocates_nothing() => Wait<BusySpinWait>(50);

    [Fact]
    public void Waiting_with_yields_allocates_nothing() => Wait<YieldingWait>(500);

    [Fact]
    public void Waiting_with_sleeps_allocates_nothing() => Wait<SleepingWait>(500);

    // This thread consumes, so that it is the one that waits; the producer is held to a single slot.
    private static void Wait<TWait>(int events)
        where TWait : struct, IWaitStrategy
    {
        using var ring = new RingBuffer<Line>(1);
        var barrier = ring.NewBarrier<TWait>();
        var consumed = new Sequence();
        ring.AddGatingSequence(consumed);
        var producer = new Thread(() =>
        {
            for (var i = 0; i < events; i++)
            {
                ring.Publish(ring.Next());
            }
        });
        producer.Start();
        consumed.Release(barrier.WaitFor(0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var next = 1L; next < events; next++)
        {
            consumed.Release(barrier.WaitFor(next));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        producer.Join();
    }

    private static void Turn(
        RingBuffer<Line> ring, BatchEventProcessor<Line, Then<Line, Sum, Sum>, YieldingWait> processor, int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            var sequence = ring.Next();
            ring[sequence].Fill(sequence);
            ring.Publish(sequence);
            if (ring.TryNext(10, out var hi))
            {
                ring.Publish(hi - 9, hi);
            }

            processor.DoWork(0);
        }
    }

    private struct Sum : IEventHandler<Line>
    {
        public long Total;

        public readonly void OnStart()
        {
        }

        public void OnEvent(ref Line evt, long sequence, bool endOfBatch) => Total += evt.H;

        public readonly void OnShutdown()
        {
        }
    }
}
