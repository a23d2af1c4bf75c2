using System.Diagnostics;
using FlowEngine.Disruptor;
using HdrHistogram;

namespace FlowEngine.Peers.Ring;

/// <summary>
/// One event to another thread and back, over two of our rings; the next leaves when the answer is there.
/// </summary>
internal static class OurPingPong<T, TWait>
    where T : unmanaged, IPeerEvent
    where TWait : struct, IWaitStrategy
{
    private const int Capacity = 1024;

    /// <summary>Median round trip in nanoseconds.</summary>
    public static double RoundTripP50(int roundTrips)
    {
        using var pings = new RingBuffer<T>(Capacity);
        using var pongs = new RingBuffer<T>(Capacity);
        using ManualResetEventSlim done = new();
        LongHistogram histogram = new(TimeSpan.FromSeconds(10).Ticks * 100, 3);
        BatchEventProcessor<T, Ponger, TWait> ponger = new(pings, pings.NewBarrier<TWait>(), new Ponger(pongs));
        BatchEventProcessor<T, Pinger, TWait> pinger =
            new(pongs, pongs.NewBarrier<TWait>(), new Pinger(pings, histogram, done, roundTrips));
        pings.AddGatingSequence(ponger.Sequence);
        pongs.AddGatingSequence(pinger.Sequence);
        ponger.Start();
        pinger.Start();
        if (!done.Wait(TimeSpan.FromSeconds(60)))
        {
            throw new TimeoutException("our ping-pong did not end within 60 s");
        }

        pinger.Halt();
        ponger.Halt();
        if (!pinger.Join(TimeSpan.FromSeconds(60)) || !ponger.Join(TimeSpan.FromSeconds(60)))
        {
            throw new TimeoutException("a consumer of ours did not end within 60 s");
        }

        return histogram.GetValueAtPercentile(50) * (1e9 / Stopwatch.Frequency);
    }

    private struct Pinger(RingBuffer<T> pings, LongHistogram histogram, ManualResetEventSlim done, int roundTrips)
        : IEventHandler<T>
    {
        private long _sent;
        private long _sentAt;

        public void OnStart()
        {
            CpuAffinity.Pin(0);
            Send();
        }

        public void OnEvent(ref T evt, long sequence, bool endOfBatch)
        {
            histogram.RecordValue(Stopwatch.GetTimestamp() - _sentAt);
            Expected.Check("FlowEngine", _sent, evt.Value);
            if (_sent == roundTrips)
            {
                done.Set();
                return;
            }

            Send();
        }

        public readonly void OnShutdown()
        {
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

    private readonly struct Ponger(RingBuffer<T> pongs) : IEventHandler<T>
    {
        public void OnStart() => CpuAffinity.Pin(1);

        public void OnEvent(ref T evt, long sequence, bool endOfBatch)
        {
            var next = pongs.Next();
            pongs[next].Value = evt.Value;
            pongs.Publish(next);
        }

        public void OnShutdown()
        {
        }
    }
}
