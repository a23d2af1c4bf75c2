using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

/// <summary>What handlers may do beyond one event after the other, and what happens when they throw.</summary>
public sealed class HandlerTests : IDisposable
{
    private readonly RingBuffer<long> _ring = new(8);

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void A_batch_handler_sees_spans_that_end_where_the_ring_ends()
    {
        var consumer = Consumer(new Spans { Seen = [] });
        _ring.PublishValues(0, 1, 2, 3, 4);
        Assert.Equal(5, consumer.DoWork(0));
        _ring.PublishValues(5, 6, 7, 8, 9);
        Assert.Equal(5, consumer.DoWork(0));
        Assert.Equal(["0: 0 1 2 3 4 end", "5: 5 6 7", "8: 8 9 end"], consumer.Handler.Seen);
        Assert.Equal(9, consumer.Sequence.Acquire());
    }

    [Fact]
    public void A_batch_handlers_exception_steps_over_its_span()
    {
        var consumer = Consumer(new Spans { Seen = [], ThrowAt = 5 });
        _ring.PublishValues(0, 1, 2, 3, 4);
        consumer.DoWork(0);
        _ring.PublishValues(5, 6, 7, 8, 9);
        Assert.Equal(3, consumer.DoWork(0));
        Assert.Equal(3, consumer.Failures);
        Assert.Equal(7, consumer.Sequence.Acquire());
        Assert.Equal(2, consumer.DoWork(0));
        Assert.Equal(["0: 0 1 2 3 4 end", "8: 8 9 end"], consumer.Handler.Seen);
    }

    [Fact]
    public void A_fused_batch_handler_sees_spans_of_one()
    {
        var consumer = Consumer(new Then<long, Recorder, Spans>(Recorder.Create(), new Spans { Seen = [] }));
        _ring.PublishValues(4, 5);
        consumer.DoWork(0);
        Assert.Equal([4, 5], consumer.Handler.First.Values);
        Assert.Equal(["0: 4", "1: 5 end"], consumer.Handler.Second.Seen);
    }

    [Fact]
    public void A_handler_can_release_a_part_of_its_batch_early()
    {
        var consumer = Consumer(new EarlyReleaser { Ring = _ring, Room = [] });
        consumer.Handler.Progress = consumer.Sequence;
        _ring.PublishValues(0, 1, 2, 3, 4, 5, 6, 7);
        Assert.Equal(8, consumer.DoWork(0));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], consumer.Handler.Room);
    }

    [Fact]
    public void What_a_batch_handler_released_early_is_not_handled_again_after_a_halt()
    {
        var consumer = Consumer(new Spans { Seen = [], ThrowAt = 0, ReleaseBeforeThrow = 2 }, FailurePolicy.Halt);
        consumer.Handler.Progress = consumer.Sequence;
        _ring.PublishValues(0, 1, 2, 3, 4);
        Assert.Equal(3, consumer.DoWork(0));
        Assert.Equal((2, 2), (consumer.Failures, consumer.Sequence.Acquire()));
        consumer.Handler.ThrowAt = -1;
        consumer.DrainAndHalt();
        consumer.Run();
        Assert.Equal(["3: 3 4 end"], consumer.Handler.Seen);
    }

    [Fact]
    public void Halting_at_an_exception_is_seen_from_outside_and_the_next_start_handles_the_event_again()
    {
        var told = new List<long>();
        var consumer = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), Recorder.Create(throwAt: 2))
        {
            FailurePolicy = FailurePolicy.Halt,
            OnFailure = (_, sequence) => told.Add(sequence),
        };
        _ring.AddGatingSequence(consumer.Sequence);
        _ring.PublishValues(0, 1, 2, 3);
        consumer.Start();
        Assert.True(consumer.Join(Eventually.Limit));
        Assert.True(consumer.IsHalted);
        Assert.Equal(1, _ring.HaltedConsumers);
        Assert.Equal((1, 1), (consumer.Sequence.Acquire(), consumer.Failures));
        Assert.IsType<InvalidOperationException>(consumer.LastFailure);
        Assert.Equal([2], told);
        Assert.Equal(0, consumer.DoWork(0));

        consumer.Handler.ThrowAt = -1;
        consumer.Start();
        consumer.DrainAndHalt();
        Assert.True(consumer.Join(Eventually.Limit));
        Assert.False(consumer.IsHalted);
        Assert.Equal(0, _ring.HaltedConsumers);
        Assert.Equal([0, 1, 2, 3], consumer.Handler.Values);
    }

    [Fact]
    public void An_ignored_exception_is_counted_and_kept_from_everybody()
    {
        var consumer = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), Recorder.Create(throwAt: 1))
        {
            FailurePolicy = FailurePolicy.Ignore,
            OnFailure = (_, _) => Assert.Fail("told"),
        };
        _ring.PublishValues(0, 1, 2);
        Assert.Equal(2, consumer.DoWork(0));
        Assert.Equal(1, consumer.DoWork(0));
        Assert.Equal([0, 2], consumer.Handler.Values);
        Assert.Equal(1, consumer.Failures);
        Assert.Null(consumer.LastFailure);
    }

    [Fact]
    public void Statistics_count_batches_by_size()
    {
        var consumer = Consumer(Recorder.Create());
        foreach (var size in (int[])[1, 1, 2, 3, 4, 7, 8])
        {
            Assert.True(_ring.TryPublish(new long[size]));
            Assert.Equal(size, consumer.DoWork(0));
        }

        Assert.Equal([2, 2, 2, 1, 0], Enumerable.Range(0, 5).Select(consumer.Statistics.BatchesOf));
        Assert.Equal((7, 8), (consumer.Statistics.Batches, consumer.Statistics.LargestBatch));
        Assert.Throws<ArgumentOutOfRangeException>(() => consumer.Statistics.BatchesOf(BatchStatistics.Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => consumer.Statistics.BatchesOf(-1));
    }

    private BatchEventProcessor<long, THandler, YieldingWait> Consumer<THandler>(
        THandler handler, FailurePolicy policy = FailurePolicy.StepOver)
        where THandler : struct, IEventHandler<long>
    {
        var consumer = new BatchEventProcessor<long, THandler, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), handler)
        {
            FailurePolicy = policy,
        };
        _ring.AddGatingSequence(consumer.Sequence);
        return consumer;
    }

    private struct Spans : IBatchHandler<long>
    {
        public List<string> Seen;
        public long? ThrowAt;
        public long ReleaseBeforeThrow;
        public Sequence? Progress;

        public readonly void OnStart()
        {
        }

        public readonly void OnBatch(Span<long> events, long firstSequence, bool endOfBatch)
        {
            if (firstSequence == ThrowAt)
            {
                Progress?.Release(ReleaseBeforeThrow);
                throw new InvalidOperationException($"asked to fail at {firstSequence}");
            }

            Seen.Add($"{firstSequence}: {string.Join(' ', events.ToArray())}{(endOfBatch ? " end" : "")}");
        }

        public readonly void OnShutdown()
        {
        }
    }

    private struct EarlyReleaser : IEventHandler<long>
    {
        public Ring<long> Ring;
        public Sequence Progress;
        public List<long> Room;

        public readonly void OnStart()
        {
        }

        public readonly void OnEvent(ref long evt, long sequence, bool endOfBatch)
        {
            Progress.Release(sequence);
            Room.Add(Ring.RemainingCapacity);
        }

        public readonly void OnShutdown()
        {
        }
    }
}
