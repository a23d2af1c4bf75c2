using FlowEngine.Core.Agents;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Concurrency;

/// <summary>
/// Rings of all sizes under real threads, one or three producers and every shape of consumers: each event arrives once,
/// whole and in order. Does 1 % of the events unless FLOWENGINE_FULL=1; FLOWENGINE_SEED repeats a run.
/// </summary>
public sealed class RingStress(ITestOutputHelper output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    /// <summary>How consumers stand to each other.</summary>
    public enum Shape
    {
        One,
        ThreeBesideEachOther,
        Chain,
        Diamond,
    }

    public static IEnumerable<TheoryDataRow<int, Shape, int>> Cases =>
        from producers in (int[])[1, 3]
        from shape in Enum.GetValues<Shape>()
        from capacity in (int[])[1, 2, 4, 1024]
        select new TheoryDataRow<int, Shape, int>(producers, shape, capacity);

    private static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("FLOWENGINE_SEED"), out var seed) ? seed : Random.Shared.Next();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_event_arrives_once_whole_and_in_order(int producers, Shape shape, int capacity) =>
        Stress(producers, shape, capacity, new YieldingWait());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Blocked_consumers_miss_no_wake_up(int producers) =>
        Stress(producers, Shape.Diamond, 4, new BlockingWait());

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Consumers_that_back_off_and_park_miss_no_wake_up(int producers) =>
        Stress(producers, Shape.Chain, 16, new PhasedBackoffWait<BlockingWait>(1_000, 1_000, default));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Consumers_with_a_time_limit_miss_nothing(int producers) =>
        Stress(producers, Shape.One, 4, new TimeoutWait<BlockingWait>(1));

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 2)]
    [InlineData(3, 1024)]
    public void Guests_come_and_go_and_miss_nothing_in_between(int producers, int capacity)
    {
        if (producers == 1)
        {
            Guests(new RingBuffer<StressEvent, SingleProducer>(capacity), producers);
        }
        else
        {
            Guests(new RingBuffer<StressEvent, MultiProducer>(capacity), producers);
        }
    }

    private void Stress<TWait>(int producers, Shape shape, int capacity, TWait wait)
        where TWait : struct, IWaitStrategy
    {
        output.WriteLine($"FLOWENGINE_SEED={Seed}");
        long[] cursors = [-1, int.MaxValue - 100L, uint.MaxValue - 100L, long.MaxValue - (1L << 40)];
        var cursor = cursors[new Random(Seed ^ capacity).Next(cursors.Length)];
        if (producers == 1)
        {
            Stress(new RingBuffer<StressEvent, SingleProducer>(capacity, new WaitSignal(), cursor), 1, shape, wait);
        }
        else
        {
            Stress(
                new RingBuffer<StressEvent, MultiProducer>(capacity, new WaitSignal(), cursor), producers, shape, wait);
        }
    }

    private void Stress<TProducer, TWait>(
        RingBuffer<StressEvent, TProducer> ring, int producers, Shape shape, TWait wait)
        where TProducer : struct, IProducer
        where TWait : struct, IWaitStrategy
    {
        var graph = new Graph<StressEvent, TWait>(ring, wait);
        var checkers = Wire(graph, shape, producers);
        var events = Litmus.Rounds(ring.Capacity <= 16 ? 400_000 : 50_000_000) / producers;
        var threads = new AgentThread[producers];
        graph.Start();
        for (var i = 0; i < producers; i++)
        {
            var producer = i;
            threads[i] = AgentThread.Start($"producer {i}", () => Produce(ring, producer, events, stop: null));
        }

        Join(threads);
        Assert.True(graph.DrainAndHalt(s_limit), "the consumers do not end");
        foreach (var checker in checkers)
        {
            Assert.Null(checker.Handler.Fault);
            Assert.Equal((long)events * producers, checker.Handler.Count);
            Assert.Equal(0, checker.Failures);
        }

        output.WriteLine(
            $"{events * producers} events, {ring.ProducerWaits} waits for room, "
            + $"largest batch {checkers.Max(checker => checker.Statistics.LargestBatch)}");
        ring.Dispose();
    }

    private static List<BatchEventProcessor<StressEvent, Checker, TWait>> Wire<TWait>(
        Graph<StressEvent, TWait> graph, Shape shape, int producers)
        where TWait : struct, IWaitStrategy
    {
        var left = graph.HandleEventsWith(Checker.Create(producers, side: 1), out var first);
        List<BatchEventProcessor<StressEvent, Checker, TWait>> all = [first];
        if (shape is Shape.Diamond or Shape.ThreeBesideEachOther)
        {
            var right = graph.HandleEventsWith(Checker.Create(producers, side: 2), out var second);
            var third = Checker.Create(producers, needsBoth: shape == Shape.Diamond);
            _ = shape == Shape.Diamond
                ? left.And(right).Then(third, out var last)
                : graph.HandleEventsWith(third, out last);
            all.AddRange(second, last);
        }
        else if (shape == Shape.Chain)
        {
            left.Then(Checker.Create(producers, side: 2), out var second)
                .Then(Checker.Create(producers, needsBoth: true), out var last);
            all.AddRange(second, last);
        }

        return all;
    }

    private void Guests<TProducer>(RingBuffer<StressEvent, TProducer> ring, int producers)
        where TProducer : struct, IProducer
    {
        output.WriteLine($"FLOWENGINE_SEED={Seed}");
        var graph = new Graph<StressEvent, YieldingWait>(ring);
        var first = graph.HandleEventsWith(Checker.Create(producers), out var steady);
        graph.Start();
        var stop = new StopSign();
        var threads = new AgentThread[producers];
        for (var i = 0; i < producers; i++)
        {
            var producer = i;
            threads[i] = AgentThread.Start($"producer {i}", () => Produce(ring, producer, long.MaxValue, stop));
        }

        var random = new Random(Seed);
        for (var visit = 0; visit < Litmus.Rounds(4_000); visit++)
        {
            var guest = Checker.Create(producers, guest: true);
            (random.Next(2) == 0 ? first.Then(guest, out var joined) : graph.HandleEventsWith(guest, out joined))
                .Then(Checker.Create(producers, guest: true), out var behind);
            var from = joined.Sequence.Acquire();
            Assert.Equal(from, behind.Sequence.Acquire());
            graph.Start();
            var limit = DateTime.UtcNow + s_limit;
            while (behind.Sequence.Acquire() < from + random.Next(1, 100))
            {
                Assert.True(DateTime.UtcNow < limit, "the guest sees nothing");
                Thread.Yield();
            }

            Assert.True(graph.Remove(behind, s_limit), "the guest does not end");
            Assert.True(graph.Remove(joined, s_limit), "the guest does not end");
            Assert.Null(joined.Handler.Fault);
            Assert.Null(behind.Handler.Fault);
            Assert.Equal(joined.Sequence.Acquire() - from, joined.Handler.Count);
        }

        Volatile.Write(ref stop.Value, true);
        Join(threads);
        Assert.True(graph.DrainAndHalt(s_limit), "the consumer does not end");
        Assert.Null(steady.Handler.Fault);
        Assert.Equal(ring.Cursor + 1, steady.Handler.Count);
        ring.Dispose();
    }

    private static void Join(AgentThread[] threads)
    {
        foreach (var thread in threads)
        {
            Assert.True(thread.Join(s_limit), "a producer hangs");
            Assert.Null(thread.Failure);
        }
    }

    // Claims of all sizes in all ways; among several producers also published one by one from the last to the first.
    private static void Produce<TProducer>(
        RingBuffer<StressEvent, TProducer> ring, int producer, long events, StopSign? stop)
        where TProducer : struct, IProducer
    {
        var random = new Random(Seed + producer);
        for (var number = 0L; number < events && (stop is null || !Volatile.Read(ref stop.Value));)
        {
            var count = (int)Math.Min(events - number, random.Next(1, Math.Min(ring.Capacity, 8) + 1));
            long hi;
            if (random.Next(4) != 0)
            {
                hi = ring.Next(count);
            }
            else
            {
                while (!ring.TryNext(count, out hi))
                {
                    Thread.Yield();
                }
            }

            var lo = hi - count + 1;
            for (var sequence = lo; sequence <= hi; sequence++)
            {
                ring[sequence].Fill(sequence, producer, number++);
            }

            var backwards = typeof(TProducer) == typeof(MultiProducer) && random.Next(4) == 0;
            for (var sequence = hi; backwards && sequence >= lo; sequence--)
            {
                ring.Publish(sequence);
            }

            if (!backwards)
            {
                ring.Publish(lo, hi);
            }
        }
    }

    private sealed class StopSign
    {
        public bool Value;
    }
}
