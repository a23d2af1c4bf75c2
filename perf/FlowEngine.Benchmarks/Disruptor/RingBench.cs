using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using FlowEngine.Core.Agents;
using FlowEngine.Disruptor;

namespace FlowEngine.Benchmarks.Disruptor;

/// <summary>
/// One event through the ring, alone, in batches and to another thread and back; <see cref="Channel{T}"/> and
/// <see cref="ConcurrentQueue{T}"/> do the same work beside it. A hop is half a round trip.
/// </summary>
[MemoryDiagnoser]
public class RingBench : IDisposable
{
    private const int Batch = 10;
    private const int RoundTrips = 10_000;
    private const int Hops = 2 * RoundTrips;

    private readonly RingBuffer<Event> _ring = new(1024);
    private readonly ConcurrentQueue<Event> _queue = new();
    private readonly Channel<Event> _channel = Channel.CreateBounded<Event>(
        new BoundedChannelOptions(1024) { SingleReader = true, SingleWriter = true });
    private readonly BatchEventProcessor<Event, Sum, YieldingWait> _consumer;
    private readonly RingBuffer<Event, MultiProducer> _shared = new(1024);
    private readonly BatchEventProcessor<Event, Sum, YieldingWait> _sharedConsumer;
    private RingEcho? _ringEcho;
    private QueueEcho? _queueEcho;
    private ChannelEcho? _channelEcho;
    private long _sum;

    public RingBench()
    {
        _consumer = new(_ring, _ring.NewBarrier<YieldingWait>(), default);
        _ring.AddGatingSequence(_consumer.Sequence);
        _sharedConsumer = new(_shared, _shared.NewBarrier<YieldingWait>(), default);
        _shared.AddGatingSequence(_sharedConsumer.Sequence);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _ring.Dispose();
        _shared.Dispose();
        _ringEcho?.Dispose();
        _queueEcho?.Stop();
        _channelEcho?.Stop();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public long Ring_one()
    {
        var sequence = _ring.Next();
        _ring[sequence].Value = sequence;
        _ring.Publish(sequence);
        _consumer.DoWork(0);
        return _consumer.Handler.Total;
    }

    [Benchmark]
    public long Ring_of_many_producers_one()
    {
        var sequence = _shared.Next();
        _shared[sequence].Value = sequence;
        _shared.Publish(sequence);
        _sharedConsumer.DoWork(0);
        return _sharedConsumer.Handler.Total;
    }

    [Benchmark]
    public long Channel_one()
    {
        _channel.Writer.TryWrite(new Event { Value = 1 });
        if (_channel.Reader.TryRead(out var read))
        {
            _sum += read.Value;
        }

        return _sum;
    }

    [Benchmark]
    public long ConcurrentQueue_one()
    {
        _queue.Enqueue(new Event { Value = 1 });
        if (_queue.TryDequeue(out var read))
        {
            _sum += read.Value;
        }

        return _sum;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public long Ring_batch_of_10()
    {
        var hi = _ring.Next(Batch);
        for (var sequence = hi - Batch + 1; sequence <= hi; sequence++)
        {
            _ring[sequence].Value = sequence;
        }

        _ring.Publish(hi - Batch + 1, hi);
        _consumer.DoWork(0);
        return _consumer.Handler.Total;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public long Channel_batch_of_10()
    {
        for (var i = 0; i < Batch; i++)
        {
            _channel.Writer.TryWrite(new Event { Value = i });
        }

        while (_channel.Reader.TryRead(out var read))
        {
            _sum += read.Value;
        }

        return _sum;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public long ConcurrentQueue_batch_of_10()
    {
        for (var i = 0; i < Batch; i++)
        {
            _queue.Enqueue(new Event { Value = i });
        }

        while (_queue.TryDequeue(out var read))
        {
            _sum += read.Value;
        }

        return _sum;
    }

    [Benchmark(OperationsPerInvoke = Hops)]
    public void Ring_hop() => (_ringEcho ??= new RingEcho()).RoundTrip(RoundTrips);

    [Benchmark(OperationsPerInvoke = Hops)]
    public void Channel_hop() => (_channelEcho ??= new ChannelEcho()).RoundTrip(RoundTrips);

    [Benchmark(OperationsPerInvoke = Hops)]
    public void ConcurrentQueue_hop() => (_queueEcho ??= new QueueEcho()).RoundTrip(RoundTrips);

    /// <summary>An event of one cache line.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct Event
    {
        public long Value;
    }

    /// <summary>Adds up what it sees.</summary>
    public struct Sum : IEventHandler<Event>
    {
        public long Total;

        public readonly void OnStart()
        {
        }

        public void OnEvent(ref Event evt, long sequence, bool endOfBatch) => Total += evt.Value;

        public readonly void OnShutdown()
        {
        }
    }

    /// <summary>Sends each event back through a second ring.</summary>
    private readonly struct Reply(RingBuffer<Event> back) : IEventHandler<Event>
    {
        public void OnStart()
        {
        }

        public void OnEvent(ref Event evt, long sequence, bool endOfBatch)
        {
            var answer = back.Next();
            back[answer] = evt;
            back.Publish(answer);
        }

        public void OnShutdown()
        {
        }
    }

    private sealed class RingEcho : IDisposable
    {
        private readonly RingBuffer<Event> _there = new(64);
        private readonly RingBuffer<Event> _back = new(64);
        private readonly SequenceBarrier<YieldingWait> _barrier;
        private readonly Sequence _received = new();
        private readonly BatchEventProcessor<Event, Reply, YieldingWait> _echo;

        public RingEcho()
        {
            _echo = new(_there, _there.NewBarrier<YieldingWait>(), new Reply(_back));
            _there.AddGatingSequence(_echo.Sequence);
            _back.AddGatingSequence(_received);
            _barrier = _back.NewBarrier<YieldingWait>();
            _echo.Start("echo");
        }

        public void RoundTrip(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var sequence = _there.Next();
                _there[sequence].Value = i;
                _there.Publish(sequence);
                _received.Release(_barrier.WaitFor(sequence));
            }
        }

        public void Dispose()
        {
            _echo.Halt();
            if (_echo.Join(TimeSpan.FromSeconds(10)))
            {
                _there.Dispose();
                _back.Dispose();
            }
        }
    }

    private sealed class QueueEcho
    {
        private readonly ConcurrentQueue<Event> _there = new();
        private readonly ConcurrentQueue<Event> _back = new();
        private volatile bool _stop;

        public QueueEcho() => AgentThread.Start("echo", Echo);

        public void RoundTrip(int times)
        {
            for (var i = 0; i < times; i++)
            {
                _there.Enqueue(new Event { Value = i });
                Take(_back, out _);
            }
        }

        public void Stop() => _stop = true;

        private void Echo()
        {
            while (Take(_there, out var evt))
            {
                _back.Enqueue(evt);
            }
        }

        // The ring's YieldingWait, so that only the queues differ.
        private bool Take(ConcurrentQueue<Event> queue, out Event evt)
        {
            for (var spins = 100; !queue.TryDequeue(out evt);)
            {
                if (_stop)
                {
                    return false;
                }

                if (--spins < 0)
                {
                    Thread.Yield();
                }
            }

            return true;
        }
    }

    private sealed class ChannelEcho
    {
        private static readonly BoundedChannelOptions s_options = new(64) { SingleReader = true, SingleWriter = true };
        private readonly Channel<Event> _there = Channel.CreateBounded<Event>(s_options);
        private readonly Channel<Event> _back = Channel.CreateBounded<Event>(s_options);

        public ChannelEcho() => _ = Task.Run(Echo);

        public void RoundTrip(int times) => RoundTripAsync(times).GetAwaiter().GetResult();

        public void Stop() => _there.Writer.Complete();

        private async Task RoundTripAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await _there.Writer.WriteAsync(new Event { Value = i }).ConfigureAwait(false);
                await _back.Reader.ReadAsync().ConfigureAwait(false);
            }
        }

        private async Task Echo()
        {
            await foreach (var evt in _there.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await _back.Writer.WriteAsync(evt).ConfigureAwait(false);
            }
        }
    }
}
