using System.Diagnostics;
using System.Runtime.CompilerServices;
using FlowEngine.Disruptor;

namespace FlowEngine.Peers.Ring;

/// <summary>Throughput of FlowEngine.Disruptor.</summary>
internal static class OurRing
{
    private const int Capacity = 64 * 1024;
    private const int Chunk = 1000;

    /// <summary>One producer, and consumers one behind the other. Million events a second.</summary>
    public static double Chain<T, TWait>(int events, int batch, int stages)
        where T : unmanaged, IPeerEvent
        where TWait : struct, IWaitStrategy
    {
        using var ring = new RingBuffer<T>(Capacity);
        var consumers = new BatchEventProcessor<T, Sum<T>, TWait>[stages];
        for (var i = 0; i < stages; i++)
        {
            var barrier = i == 0 ? ring.NewBarrier<TWait>() : ring.NewBarrier<TWait>(consumers[i - 1].Sequence);
            consumers[i] = new(ring, barrier, new Sum<T> { Place = i + 1 });
        }

        var last = consumers[^1];
        ring.AddGatingSequence(last.Sequence);
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

        while (last.Sequence.Acquire() < events - 1)
        {
            Thread.Yield();
        }

        var time = Stopwatch.GetElapsedTime(start);
        StopAll(consumers);
        foreach (var consumer in consumers)
        {
            Expected.Check("FlowEngine", Expected.Sum(events), consumer.Handler.Total);
        }

        return events / time.TotalMicroseconds;
    }

    /// <summary>Three producers and one consumer. Million events a second, all producers together.</summary>
    public static double ThreeToOne<T, TWait>(int eventsEach)
        where T : unmanaged, IPeerEvent
        where TWait : struct, IWaitStrategy
    {
        using var ring = new RingBuffer<T, MultiProducer>(Capacity);
        BatchEventProcessor<T, Sum<T>, TWait> consumer = new(ring, ring.NewBarrier<TWait>(), new Sum<T> { Place = 0 });
        ring.AddGatingSequence(consumer.Sequence);
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
        while (consumer.Sequence.Acquire() < (3L * eventsEach) - 1)
        {
            Thread.Sleep(1); // the consumer and the producers have the processors
        }

        var time = Stopwatch.GetElapsedTime(start);
        foreach (var producer in producers)
        {
            producer.Join();
        }

        StopAll(consumer);
        Expected.Check("FlowEngine", 3 * Expected.Sum(eventsEach), consumer.Handler.Total);
        return 3.0 * eventsEach / time.TotalMicroseconds;
    }

    // Small methods that are called often: the JIT has them at its best after the rounds that do not count.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Produce<T>(RingBuffer<T> ring, long from)
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
    private static void Produce<T>(RingBuffer<T, MultiProducer> ring, long from)
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
    private static void ProduceBatches<T>(RingBuffer<T> ring, long from, int batch)
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

    private static void StartAll<T, TWait>(params BatchEventProcessor<T, Sum<T>, TWait>[] consumers)
        where T : unmanaged, IPeerEvent
        where TWait : struct, IWaitStrategy
    {
        foreach (var consumer in consumers)
        {
            consumer.Start();
            Expected.Await("a consumer to start", () => Volatile.Read(ref consumer.Handler.Started));
        }
    }

    private static void StopAll<T, TWait>(params BatchEventProcessor<T, Sum<T>, TWait>[] consumers)
        where T : unmanaged, IPeerEvent
        where TWait : struct, IWaitStrategy
    {
        foreach (var consumer in consumers)
        {
            consumer.Halt();
            if (!consumer.Join(TimeSpan.FromSeconds(60)))
            {
                throw new TimeoutException("a consumer of ours did not end within 60 s");
            }
        }
    }

    private struct Sum<T> : IEventHandler<T>
        where T : unmanaged, IPeerEvent
    {
        public int Place;
        public bool Started;
        public long Total;

        public void OnStart()
        {
            CpuAffinity.Pin(Place);
            Volatile.Write(ref Started, true);
        }

        public void OnEvent(ref T evt, long sequence, bool endOfBatch) => Total += evt.Value;

        public readonly void OnShutdown()
        {
        }
    }
}
