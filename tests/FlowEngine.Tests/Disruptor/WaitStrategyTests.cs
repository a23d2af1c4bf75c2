using FlowEngine.Core.Time;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class WaitStrategyTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void Busy_spin_waits_for_the_event_and_for_an_alert() => Waits<BusySpinWait>(new());

    [Fact]
    public void Yielding_waits_for_the_event_and_for_an_alert() => Waits<YieldingWait>(new());

    [Fact]
    public void Sleeping_waits_for_the_event_and_for_an_alert() => Waits<SleepingWait>(new());

    [Fact]
    public void Blocking_waits_for_the_event_and_for_an_alert() => Waits<BlockingWait>(new());

    [Fact]
    public void Phased_backoff_waits_for_the_event_and_for_an_alert() => Waits<PhasedBackoffWait<SleepingWait>>(new());

    [Fact]
    public void Phased_backoff_parks_when_its_phases_are_over() =>
        Waits(new PhasedBackoffWait<BlockingWait>(0, 1000, default));

    [Fact]
    public void A_time_limit_does_not_come_before_its_time()
    {
        TimesOut(new TimeoutWait<BusySpinWait>(2 * Ms));
        TimesOut(new TimeoutWait<YieldingWait>(2 * Ms));
        TimesOut(new TimeoutWait<SleepingWait>(2 * Ms));
        TimesOut(new TimeoutWait<BlockingWait>(2 * Ms));
        TimesOut(new TimeoutWait<PhasedBackoffWait<BlockingWait>>(2 * Ms));
    }

    [Fact]
    public void A_time_limit_lets_events_through()
    {
        Waits(new TimeoutWait<BlockingWait>(60_000 * Ms));
        Waits(new TimeoutWait<YieldingWait>(60_000 * Ms));
    }

    [Fact]
    public void A_handler_is_told_that_nothing_came_and_then_gets_events()
    {
        using var ring = new RingBuffer<long>(8, new WaitSignal());
        var wait = new TimeoutWait<BlockingWait>(Ms);
        var consumer = new BatchEventProcessor<long, Impatient, TimeoutWait<BlockingWait>>(
            ring, ring.NewBarrier(wait), default);
        ring.AddGatingSequence(consumer.Sequence);
        consumer.Start();
        Eventually.Holds(() => Volatile.Read(ref consumer.Handler.Timeouts) >= 2, "two time-outs");
        ring.PublishValues(3, 4);
        Eventually.Holds(() => consumer.Sequence.Acquire() == 1, "the events");
        var told = Volatile.Read(ref consumer.Handler.Timeouts);
        Eventually.Holds(() => Volatile.Read(ref consumer.Handler.Timeouts) > told + 1, "more time-outs");
        consumer.DrainAndHalt();
        Assert.True(consumer.Join(Eventually.Limit));
        Assert.Equal((7, 1), (consumer.Handler.Sum, consumer.Handler.LastSequence));
        Assert.Equal(0, consumer.Failures);
    }

    [Fact]
    public void A_time_out_that_throws_follows_the_failure_policy()
    {
        using var ring = new RingBuffer<long>(8);
        var wait = new TimeoutWait<YieldingWait>(1);
        var consumer = new BatchEventProcessor<long, Then<long, Impatient, Impatient>, TimeoutWait<YieldingWait>>(
            ring, ring.NewBarrier(wait), new(default, new Impatient { Throws = true }))
        {
            FailurePolicy = FailurePolicy.Halt,
        };
        consumer.Start();
        Assert.True(consumer.Join(Eventually.Limit));
        Assert.True(consumer.IsHalted);
        Assert.Equal(1, consumer.Failures);
        Assert.Equal(1, consumer.Handler.First.Timeouts);
    }

    private static void Waits<TWait>(TWait wait)
        where TWait : struct, IWaitStrategy
    {
        using var ring = new RingBuffer<long>(8, new WaitSignal());
        var barrier = ring.NewBarrier(wait);
        var waited = 0L;
        var waiting = false;
        for (var round = 0L; round < 5; round++)
        {
            Volatile.Write(ref waiting, false);
            var waiter = new Thread(() =>
            {
                Volatile.Write(ref waiting, true);
                waited = barrier.WaitFor(round);
            });
            waiter.Start();
            Eventually.Holds(() => Volatile.Read(ref waiting), "the waiter to start");
            Assert.False(waiter.Join(1));
            ring.PublishValues(round);
            Assert.True(waiter.Join(Eventually.Limit));
            Assert.Equal(round, waited);
        }

        var alerted = new Thread(() => waited = barrier.WaitFor(100));
        alerted.Start();
        Assert.False(alerted.Join(1));
        barrier.Alert();
        Assert.True(alerted.Join(Eventually.Limit));
        Assert.Equal(4, waited);
        Assert.True(barrier.IsAlerted);
    }

    private static void TimesOut<TWait>(TWait wait)
        where TWait : struct, IWaitStrategy
    {
        using var ring = new RingBuffer<long>(8, new WaitSignal());
        var barrier = ring.NewBarrier(wait);
        var start = SystemClock.Nanos();
        Assert.Equal(-1, barrier.WaitFor(0));
        Assert.False(barrier.IsAlerted);
        Assert.True(SystemClock.Nanos() - start >= 2 * Ms);
        ring.PublishValues(1);
        Assert.Equal(0, barrier.WaitFor(0));
    }

    private struct Impatient : ITimeoutHandler<long>
    {
        public long Sum;
        public long LastSequence;
        public int Timeouts;
        public bool Throws;

        public readonly void OnStart()
        {
        }

        public void OnEvent(ref long evt, long sequence, bool endOfBatch) => Sum += evt;

        public void OnTimeout(long sequence)
        {
            LastSequence = sequence;
            Volatile.Write(ref Timeouts, Timeouts + 1);
            if (Throws)
            {
                throw new InvalidOperationException("asked to fail");
            }
        }

        public readonly void OnShutdown()
        {
        }
    }
}
