using System.Diagnostics;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

/// <summary>An event of one cache line whose eight words must always agree.</summary>
internal struct Line
{
    public long A, B, C, D, E, F, G, H;

    public void Fill(long value) => A = B = C = D = E = F = G = H = value;

    public readonly bool Holds(long value) =>
        A == value && B == value && C == value && D == value && E == value && F == value && G == value && H == value;
}

/// <summary>Keeps what it was told; throws at <see cref="ThrowAt"/>.</summary>
internal struct Recorder : IEventHandler<long>
{
    public List<(long Value, long Sequence, bool EndOfBatch)> Seen;
    public long ThrowAt;
    public int Starts;
    public int Shutdowns;

    public static Recorder Create(long throwAt = long.MinValue) => new() { Seen = [], ThrowAt = throwAt };

    public readonly IEnumerable<long> Values => Seen.Select(seen => seen.Value);

    public void OnStart() => Starts++;

    public readonly void OnEvent(ref long evt, long sequence, bool endOfBatch)
    {
        if (sequence == ThrowAt)
        {
            throw new InvalidOperationException($"asked to fail at {sequence}");
        }

        Seen.Add((evt, sequence, endOfBatch));
    }

    public void OnShutdown() => Shutdowns++;
}

/// <summary>Waiting for what another thread does, without sleeping blindly.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static void Holds(Func<bool> condition, string what)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(started.Elapsed < Limit, $"waited {Limit} for {what}");
            Thread.Yield();
        }
    }

    public static void PublishValues(this RingBuffer<long> ring, params ReadOnlySpan<long> values)
    {
        foreach (var value in values)
        {
            var sequence = ring.Next();
            ring[sequence] = value;
            ring.Publish(sequence);
        }
    }
}
