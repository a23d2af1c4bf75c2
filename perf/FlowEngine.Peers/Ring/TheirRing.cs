using System.Diagnostics;
using System.Runtime.CompilerServices;
using Disruptor;
using Disruptor.Dsl;
using Disruptor.Processing;

namespace FlowEngine.Peers.Ring;

/// <summary>Throughput of Disruptor-net: its rings of values, in managed and in native memory.</summary>
internal static class TheirRing
{
    private const int Capacity = 64 * 1024;
    private const int Chunk = 1000;

    /// <summary>One producer, and consumers one behind the other. Million events a second.</summary>
    public static double ValueChain<T>(int events, int batch, int stages, IWaitStrategy wait)
        where T : struct, IPeerEvent
    {
        var ring = ValueRingBuffer<T>.CreateSingleProducer(() => default, Capacity, wait);
        var handlers = new Sum<T>[stages];
        var consumers = new IValueEventProcessor<T>[stages];
        for (var i = 0; i < stages; i++)
        {
            handlers[i] = new Sum<T>(i + 1);
            Sequence[] behind = i == 0 ? [] : [consumers[i - 1].Sequence];
            var barrier = ring.NewBarrier(SequenceWaiterOwner.Unknown, behind);
            consumers[i] = EventProcessorFactory.Create(ring, barrier, handlers[i]);
        }

        ring.AddGatingSequences(consumers[^1].Sequence);
        StartAll(consumers);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < events; i += Chunk)
        {
            if (batch == 1)
            {
                Produce(ring, i);
            }
            else
            {
                ProduceBatches(ring, i, batch);
            }
        }

        return Finish(events, start, handlers, consumers);
    }

    /// <summary>The same with one consumer over native memory.</summary>
    public static double UnmanagedChain<T>(int events, int batch, IWaitStrategy wait)
        where T : unmanaged, IPeerEvent
    {
        using var memory = UnmanagedRingBufferMemory.Allocate<T>(Capacity, () => default);
        var ring = new UnmanagedRingBuffer<T>(memory, ProducerType.Single, wait);
        Sum<T>[] handlers = [new Sum<T>(1)];
        var barrier = ring.NewBarrier(SequenceWaiterOwner.Unknown);
        IValueEventProcessor<T>[] consumers = [EventProcessorFactory.Create(ring, barrier, handlers[0])];
        ring.AddGatingSequences(consumers[0].Sequence);
        StartAll(consumers);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < events; i += Chunk)
        {
            if (batch == 1)
            {
                Produce(ring, i);
            }
            else
            {
                ProduceBatches(ring, i, batch);
            }
        }

        return Finish(events, start, handlers, consumers);
    }

    /// <summary>Three producers and one consumer. Million events a second, all producers together.</summary>
    public static double ThreeToOne<T>(int eventsEach, IWaitStrategy wait)
        where T : struct, IPeerEvent
    {
        var ring = ValueRingBuffer<T>.CreateMultiProducer(() => default, Capacity, wait);
        var handler = new Sum<T>(0);
        var consumer = EventProcessorFactory.Create(ring, ring.NewBarrier(SequenceWaiterOwner.Unknown), handler);
        ring.AddGatingSequences(consumer.Sequence);
        StartAll(consumer);

        using Barrier go = new(4);
        var producers = new Thread[3];
        for (var p = 0; p < producers.Length; p++)
        {
            var place = p + 1;
            producers[p] = new Thread(() =>
            {
                CpuAffinity.Pin(place);
                go.SignalAndWait();
                for (var i = 0; i < eventsEach; i += Chunk)
                {
                    Produce(ring, i);
                }
            });
            producers[p].Start();
        }

        go.SignalAndWait();
        var start = Stopwatch.GetTimestamp();
        while (consumer.Sequence.Value < (3L * eventsEach) - 1)
        {
            Thread.Sleep(1); // the consumer and the producers have the processors
        }

        var time = Stopwatch.GetElapsedTime(start);
        foreach (var producer in producers)
        {
            producer.Join();
        }

        StopAll(consumer);
        Expected.Check("Disruptor-net", 3 * Expected.Sum(eventsEach), handler.Total);
        return 3.0 * eventsEach / time.TotalMicroseconds;
    }

    private static double Finish<T>(int events, long start, Sum<T>[] handlers, IValueEventProcessor<T>[] consumers)
        where T : struct, IPeerEvent
    {
        while (consumers[^1].Sequence.Value < events - 1)
        {
            Thread.Yield();
        }

        var time = Stopwatch.GetElapsedTime(start);
        StopAll(consumers);
        foreach (var handler in handlers)
        {
            Expected.Check("Disruptor-net", Expected.Sum(events), handler.Total);
        }

        return events / time.TotalMicroseconds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Produce<T>(ValueRingBuffer<T> ring, long from)
        where T : struct, IPeerEvent
    {
        for (var value = from; value < from + Chunk; value++)
        {
            var sequence = ring.Next();
            ring[sequence].Value = value;
            ring.Publish(sequence);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Produce<T>(UnmanagedRingBuffer<T> ring, long from)
        where T : unmanaged, IPeerEvent
    {
        for (var value = from; value < from + Chunk; value++)
        {
            var sequence = ring.Next();
            ring[sequence].Value = value;
            ring.Publish(sequence);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ProduceBatches<T>(ValueRingBuffer<T> ring, long from, int batch)
        where T : struct, IPeerEvent
    {
        for (var value = from; value < from + Chunk; value += batch)
        {
            var hi = ring.Next(batch);
            var lo = hi - batch + 1;
            for (var sequence = lo; sequence <= hi; sequence++)
            {
                ring[sequence].Value = value + sequence - lo;
            }

            ring.Publish(lo, hi);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ProduceBatches<T>(UnmanagedRingBuffer<T> ring, long from, int batch)
        where T : unmanaged, IPeerEvent
    {
        for (var value = from; value < from + Chunk; value += batch)
        {
            var hi = ring.Next(batch);
            var lo = hi - batch + 1;
            for (var sequence = lo; sequence <= hi; sequence++)
            {
                ring[sequence].Value = value + sequence - lo;
            }

            ring.Publish(lo, hi);
        }
    }

    private static void StartAll<T>(params IValueEventProcessor<T>[] consumers)
        where T : struct
    {
        foreach (var consumer in consumers)
        {
            if (!consumer.Start().Wait(TimeSpan.FromSeconds(60)))
            {
                throw new TimeoutException("a consumer of Disruptor-net did not start within 60 s");
            }
        }
    }

    private static void StopAll<T>(params IValueEventProcessor<T>[] consumers)
        where T : struct
    {
        foreach (var consumer in consumers)
        {
            if (!consumer.Halt().Wait(TimeSpan.FromSeconds(60)))
            {
                throw new TimeoutException("a consumer of Disruptor-net did not end within 60 s");
            }
        }
    }

    // Padded as in its own tests, so that the sum shares no line with another thread's data.
    private sealed class Sum<T>(int place) : IValueEventHandler<T>
        where T : struct, IPeerEvent
    {
        private PaddedSum _sum;

        public long Total => _sum.Value;

        public void OnStart() => CpuAffinity.Pin(place);

        public void OnEvent(ref T data, long sequence, bool endOfBatch) => _sum.Value += data.Value;
    }
}
