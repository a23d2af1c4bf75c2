using System.Diagnostics;
using Disruptor;
using Disruptor.Processing;
using HdrHistogram;

namespace FlowEngine.Peers.Ring;

/// <summary>One event to another thread and back, over two of Disruptor-net's rings of values.</summary>
internal static class TheirPingPong<T>
    where T : struct, IPeerEvent
{
    private const int Capacity = 1024;

    /// <summary>Median round trip in nanoseconds.</summary>
    public static double RoundTripP50(int roundTrips, Func<IWaitStrategy> wait)
    {
        var pings = ValueRingBuffer<T>.CreateSingleProducer(() => default, Capacity, wait());
        var pongs = ValueRingBuffer<T>.CreateSingleProducer(() => default, Capacity, wait());
        using ManualResetEventSlim done = new();
        LongHistogram histogram = new(TimeSpan.FromSeconds(10).Ticks * 100, 3);
        var ponger = EventProcessorFactory.Create(
            pings, pings.NewBarrier(SequenceWaiterOwner.Unknown), new Ponger(pongs));
        var pinger = EventProcessorFactory.Create(
            pongs, pongs.NewBarrier(SequenceWaiterOwner.Unknown), new Pinger(pings, histogram, done, roundTrips));
        pings.AddGatingSequences(ponger.Sequence);
        pongs.AddGatingSequences(pinger.Sequence);
        ponger.Start().Wait();
        pinger.Start().Wait();
        if (!done.Wait(TimeSpan.FromSeconds(60)))
        {
            throw new TimeoutException("the ping-pong of Disruptor-net did not end within 60 s");
        }

        pinger.Halt().Wait();
        ponger.Halt().Wait();
        return histogram.GetValueAtPercentile(50) * (1e9 / Stopwatch.Frequency);
    }

    private sealed class Pinger(
        ValueRingBuffer<T> pings, LongHistogram histogram, ManualResetEventSlim done, int roundTrips)
        : IValueEventHandler<T>
    {
        private long _sent;
        private long _sentAt;

        public void OnStart()
        {
            CpuAffinity.Pin(0);
            Send();
        }

        public void OnEvent(ref T data, long sequence, bool endOfBatch)
        {
            histogram.RecordValue(Stopwatch.GetTimestamp() - _sentAt);
            Expected.Check("Disruptor-net", _sent, data.Value);
            if (_sent == roundTrips)
            {
                done.Set();
                return;
            }

            Send();
        }

        private void Send()
        {
            _sent++;
            _sentAt = Stopwatch.GetTimestamp();
            var next = pings.Next();
            pings[next].Value = _sent;
            pings.Publish(next);
        }
    }

    private sealed class Ponger(ValueRingBuffer<T> pongs) : IValueEventHandler<T>
    {
        public void OnStart() => CpuAffinity.Pin(1);

        public void OnEvent(ref T data, long sequence, bool endOfBatch)
        {
            var next = pongs.Next();
            pongs[next].Value = data.Value;
            pongs.Publish(next);
        }
    }
}
