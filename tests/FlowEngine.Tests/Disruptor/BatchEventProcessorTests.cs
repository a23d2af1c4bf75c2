using FlowEngine.Core.Agents;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class BatchEventProcessorTests : IDisposable
{
    private readonly RingBuffer<long> _ring = new(64);

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void DoWork_handles_what_is_there_and_marks_the_end_of_the_batch()
    {
        var processor = Consumer();
        Assert.Equal(0, processor.DoWork(0));
        _ring.PublishValues(7, 8, 9);
        Assert.Equal(3, processor.DoWork(0));
        Assert.Equal([(7, 0, false), (8, 1, false), (9, 2, true)], processor.Handler.Seen);
        Assert.Equal(2, processor.Sequence.Acquire());
        Assert.Equal(0, processor.DoWork(0));
    }

    [Fact]
    public void A_batch_is_cut_at_its_largest_size()
    {
        var processor = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), Recorder.Create())
        {
            MaxBatchSize = 2,
        };
        _ring.PublishValues(1, 2, 3, 4, 5);
        Assert.Equal(2, processor.DoWork(0));
        Assert.Equal(1, processor.Sequence.Acquire());
        Assert.Equal(2, processor.DoWork(0));
        Assert.Equal(1, processor.DoWork(0));
        Assert.Equal([1, 3, 4], processor.Handler.Seen.Where(seen => seen.EndOfBatch).Select(seen => seen.Sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), Recorder.Create())
        {
            MaxBatchSize = 0,
        });
    }

    [Fact]
    public void A_handlers_exception_steps_over_its_event_only()
    {
        var told = new List<(Exception, long)>();
        var processor = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), Recorder.Create(throwAt: 1))
        {
            OnFailure = (exception, sequence) => told.Add((exception, sequence)),
        };
        _ring.PublishValues(10, 11, 12);
        Assert.Equal(2, processor.DoWork(0));
        Assert.Equal(1, processor.Sequence.Acquire());
        Assert.Equal(1, processor.DoWork(0));
        Assert.Equal([(10, 0, false), (12, 2, true)], processor.Handler.Seen);
        Assert.Equal(1, processor.Failures);
        var (error, at) = Assert.Single(told);
        Assert.Equal(1, at);
        Assert.Same(error, processor.LastFailure);
    }

    [Fact]
    public void A_running_consumer_goes_on_after_a_handlers_exception()
    {
        var processor = Consumer(throwAt: 2);
        processor.Start();
        _ring.PublishValues(1, 2, 3, 4, 5);
        Drain(processor);
        Assert.Equal([1, 2, 4, 5], processor.Handler.Values);
        Assert.Equal(1, processor.Failures);
        Assert.Null(processor.Failure);
    }

    [Fact]
    public void Draining_handles_everything_published_before()
    {
        var processor = Consumer();
        processor.Start();
        _ring.PublishValues(1, 2, 3);
        Drain(processor);
        Assert.Equal([1, 2, 3], processor.Handler.Values);
        Assert.False(processor.IsRunning);
    }

    [Fact]
    public void A_halt_leaves_the_rest_for_the_next_start()
    {
        var handler = new HaltingHandler { Seen = [], HaltAt = 1 };
        var processor = new BatchEventProcessor<long, HaltingHandler, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), handler)
        {
            MaxBatchSize = 1,
        };
        processor.Handler.Halt = processor.Halt;
        _ring.PublishValues(1, 2, 3, 4);
        processor.Run();
        Assert.Equal([1, 2], processor.Handler.Seen);
        Assert.Equal(1, processor.Sequence.Acquire());

        processor.Start();
        processor.DrainAndHalt();
        Assert.True(processor.Join(Eventually.Limit));
        Assert.Equal([1, 2, 3, 4], processor.Handler.Seen);
    }

    [Fact]
    public void A_consumer_can_be_started_again_and_again()
    {
        var processor = Consumer();
        for (var run = 1; run <= 20; run++)
        {
            processor.Start();
            _ring.PublishValues(run);
            Drain(processor);
            Assert.Equal(run, processor.Handler.Seen.Count);
            Assert.Equal((run, run), (processor.Handler.Starts, processor.Handler.Shutdowns));
        }
    }

    [Fact]
    public void A_consumer_halted_at_once_stops_though_nothing_is_published()
    {
        for (var run = 0; run < 50; run++)
        {
            var processor = Consumer();
            processor.Start();
            processor.Halt();
            Assert.True(processor.Join(Eventually.Limit));
        }
    }

    [Fact]
    public void A_halt_before_run_makes_that_run_return()
    {
        var processor = Consumer();
        processor.Halt();
        _ring.PublishValues(1);
        processor.Run();
        Assert.Empty(processor.Handler.Seen);
        processor.DrainAndHalt();
        processor.Run();
        Assert.Equal([1], processor.Handler.Values);
    }

    [Fact]
    public void Starting_twice_is_refused()
    {
        var processor = Consumer();
        processor.Start();
        Assert.Throws<InvalidOperationException>(() => processor.Start());
        Assert.Throws<InvalidOperationException>(processor.Run);
        processor.Halt();
        Assert.True(processor.Join(Eventually.Limit));
    }

    [Fact]
    public void A_barrier_serves_one_consumer()
    {
        var barrier = _ring.NewBarrier<YieldingWait>();
        _ = new BatchEventProcessor<long, Recorder, YieldingWait>(_ring, barrier, Recorder.Create());
        Assert.Throws<InvalidOperationException>(
            () => new BatchEventProcessor<long, Recorder, YieldingWait>(_ring, barrier, Recorder.Create()));
    }

    [Fact]
    public void A_consumer_behind_another_never_overtakes_it()
    {
        var first = Consumer();
        var second = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(first.Sequence), Recorder.Create());
        _ring.PublishValues(1, 2);
        Assert.Equal(0, second.DoWork(0));
        Assert.Equal(2, first.DoWork(0));
        _ring.PublishValues(3);
        Assert.Equal(2, second.DoWork(0));
        Assert.Equal([1, 2], second.Handler.Values);
    }

    [Fact]
    public void A_drain_waits_for_the_consumer_in_front()
    {
        var first = Consumer();
        var second = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(first.Sequence), Recorder.Create());
        second.Start();
        _ring.PublishValues(1, 2, 3);
        second.DrainAndHalt();
        Assert.True(second.IsRunning);
        Assert.Equal(3, first.DoWork(0));
        Assert.True(second.Join(Eventually.Limit));
        Assert.Equal([1, 2, 3], second.Handler.Values);
    }

    [Fact]
    public void A_halt_overrides_a_drain_that_cannot_end()
    {
        var never = new Sequence();
        var processor = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(never), Recorder.Create());
        _ring.PublishValues(1);
        processor.Start();
        processor.DrainAndHalt();
        processor.Halt();
        Assert.True(processor.Join(Eventually.Limit));
        Assert.Empty(processor.Handler.Seen);
    }

    [Fact]
    public void Fused_handlers_see_each_event_in_turn()
    {
        var fused = new Then<long, Doubler, Recorder>(new Doubler(), Recorder.Create());
        var processor = new BatchEventProcessor<long, Then<long, Doubler, Recorder>, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), fused);
        _ring.PublishValues(1, 2, 3);
        processor.DrainAndHalt();
        processor.Run();
        Assert.Equal([2, 4, 6], processor.Handler.Second.Values);
        Assert.Equal((1, 1), (processor.Handler.Second.Starts, processor.Handler.Second.Shutdowns));
    }

    [Fact]
    public void A_handler_that_fails_to_start_ends_the_thread_with_its_exception()
    {
        var processor = new BatchEventProcessor<long, FailingStart, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), default);
        processor.Start();
        Assert.True(processor.Join(Eventually.Limit));
        Assert.IsType<NotSupportedException>(processor.Failure);
        Assert.False(processor.IsRunning);
    }

    [Fact]
    public void As_an_agent_it_starts_works_and_closes()
    {
        var processor = Consumer();
        var runner = new AgentRunner<BatchEventProcessor<long, Recorder, YieldingWait>, YieldingIdle>(
            processor, default);
        runner.Start();
        _ring.PublishValues(5, 6);
        Eventually.Holds(() => processor.Sequence.Acquire() == 1, "the agent to handle both");
        runner.Dispose();
        Assert.Equal([5, 6], processor.Handler.Values);
        Assert.Equal((1, 1), (processor.Handler.Starts, processor.Handler.Shutdowns));
    }

    private BatchEventProcessor<long, Recorder, YieldingWait> Consumer(long throwAt = long.MinValue)
    {
        var processor = new BatchEventProcessor<long, Recorder, YieldingWait>(
            _ring, _ring.NewBarrier<YieldingWait>(), Recorder.Create(throwAt));
        _ring.AddGatingSequence(processor.Sequence);
        return processor;
    }

    private static void Drain(BatchEventProcessor<long, Recorder, YieldingWait> processor)
    {
        processor.DrainAndHalt();
        Assert.True(processor.Join(Eventually.Limit));
    }

    private struct HaltingHandler : IEventHandler<long>
    {
        public List<long> Seen;
        public long HaltAt;
        public Action Halt;

        public readonly void OnStart()
        {
        }

        public readonly void OnEvent(ref long evt, long sequence, bool endOfBatch)
        {
            Seen.Add(evt);
            if (sequence == HaltAt)
            {
                Halt();
            }
        }

        public readonly void OnShutdown()
        {
        }
    }

    private struct Doubler : IEventHandler<long>
    {
        public readonly void OnStart()
        {
        }

        public readonly void OnEvent(ref long evt, long sequence, bool endOfBatch) => evt *= 2;

        public readonly void OnShutdown()
        {
        }
    }

    private struct FailingStart : IEventHandler<long>
    {
        public readonly void OnStart() => throw new NotSupportedException();

        public readonly void OnEvent(ref long evt, long sequence, bool endOfBatch)
        {
        }

        public readonly void OnShutdown()
        {
        }
    }
}
