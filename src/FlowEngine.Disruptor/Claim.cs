using FlowEngine.Core;
using FlowEngine.Core.Checks;

namespace FlowEngine.Disruptor;

/// <summary>Claimed events that are published when the scope that holds them ends, however it ends.</summary>
[Hot]
public readonly ref struct Claim<T, TProducer>
    where T : unmanaged
    where TProducer : struct, IProducer
{
    private readonly RingBuffer<T, TProducer>? _ring;

    internal Claim(RingBuffer<T, TProducer> ring, long lo, long hi)
    {
        _ring = ring;
        Lo = lo;
        Hi = hi;
    }

    /// <summary>Sequence of the first event.</summary>
    public long Lo { get; }

    /// <summary>Sequence of the last event.</summary>
    public long Hi { get; }

    /// <summary>The event <paramref name="index"/> places after the first; not zeroed, it may hold an old one.</summary>
    public ref T this[int index]
    {
        get
        {
            Check.That((ulong)index <= (ulong)(Hi - Lo));
            return ref _ring![Lo + index];
        }
    }

    /// <summary>Publishes. Once: copies of a claim must not be disposed too.</summary>
    public void Dispose() => _ring?.Publish(Lo, Hi);
}
