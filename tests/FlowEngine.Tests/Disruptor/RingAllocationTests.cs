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
    public void Several_producers_scopes_copies_spans_and_pollers_allocate_nothing()
    {
        using var ring = new RingBuffer<Line, MultiProducer>(64, new WaitSignal());
        var batches = new BatchEventProcessor<Line, SumOfSpans, YieldingWait>(
            ring, ring.NewBarrier<YieldingWait>(), default);
        var poller = ring.NewPoller(batches.Sequence);
        ring.AddGatingSequence(poller.Sequence);
        var polled = default(Polled);
        MultiTurn(ring, batches, poller, ref polled, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        MultiTurn(ring, batches, poller, ref polled, 20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(batches.Handler.Total, polled.Total);
        Assert.Equal(21_000 * 6, batches.Handler.Count);
        BatchStatistics sizes = batches.Statistics;
        Assert.Equal((21_000, 21_000), (sizes.Batches, sizes.BatchesOf(2)));
    }

    [Fact]
    public void Waiting_in_phases_allocates_nothing() => Wait<PhasedBackoffWait<SleepingWait>>(500);

    [Fact]
    public void Waiting_with_a_time_limit_allocates_nothing() => Wait<TimeoutWait<YieldingWait>>(500);

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
        consumed.Release(Next(barrier, 0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var next = 1L; next < events; next++)
        {
            consumed.Release(Next(barrier, next));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        producer.Join();
    }

    private static long Next<TWait>(SequenceBarrier<TWait> barrier, long sequence)
        where TWait : struct, IWaitStrategy
    {
        long available;
        do
        {
            available = barrier.WaitFor(sequence);
        }
        while (available < sequence); // the time limit was over

        return available;
    }

    private static void MultiTurn(
        RingBuffer<Line, MultiProducer> ring,
        BatchEventProcessor<Line, SumOfSpans, YieldingWait> batches,
        EventPoller<Line> poller,
        ref Polled polled,
        int turns)
    {
        Span<Line> lines = stackalloc Line[2];
        for (var turn = 0; turn < turns; turn++)
        {
            var sequence = ring.Next();
            ring[sequence].Fill(sequence);
            ring.Publish(sequence);
            using (var claim = ring.Claim())
            {
                claim[0].Fill(turn);
            }

            if (ring.TryClaim(1, out var tried))
            {
                tried[0].Fill(turn);
                tried.Dispose();
            }

            ring.PublishEvent(in lines[0]);
            ring.TryPublish(lines);
            batches.DoWork(0);
            poller.Poll(ref polled);
        }
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

    private struct SumOfSpans : IBatchHandler<Line>
    {
        public long Total;
        public long Count;

        public readonly void OnStart()
        {
        }

        public void OnBatch(Span<Line> events, long firstSequence, bool endOfBatch)
        {
            foreach (ref readonly var line in events)
            {
                Total += line.H;
            }

            Count += events.Length;
        }

        public readonly void OnShutdown()
        {
        }
    }

    private struct Polled : IPollHandler<Line>
    {
        public long Total;

        public bool OnEvent(ref Line evt, long sequence, bool endOfBatch)
        {
            Total += evt.H;
            return true;
        }
    }
}
