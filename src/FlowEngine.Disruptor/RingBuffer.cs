using System.Diagnostics.CodeAnalysis;
using FlowEngine.Core;
using FlowEngine.Core.Checks;

namespace FlowEngine.Disruptor;

/// <summary>
/// A ring with <see cref="SingleProducer"/> or <see cref="MultiProducer"/>: they claim (<see cref="Next()"/>), fill the
/// slots in place and publish.
/// </summary>
public class RingBuffer<T, TProducer> : Ring<T>
    where T : unmanaged
    where TProducer : struct, IProducer
{
    private TProducer _producer;

    /// <summary>Takes the memory for all events, zeroed.</summary>
    /// <param name="capacity">Events, a power of two from 1.</param>
    /// <param name="signal">Needed if a consumer uses <see cref="BlockingWait"/>; publishing then takes a fence.</param>
    /// <param name="cursor">Sequence before the first event; for resuming a numbered stream.</param>
    public RingBuffer(int capacity, WaitSignal? signal = null, long cursor = Sequence.Initial)
        : base(capacity, signal, cursor, TProducer.HasLaps)
    {
        _producer.Open(in State);
    }

    /// <inheritdoc/>
    public sealed override long ProducerWaits => _producer.Waits;

    internal sealed override long Published => _producer.Published(ref State);

    internal ref TProducer Producer => ref _producer;

    private protected sealed override long Claimed => _producer.Claimed(ref State);

    /// <summary>Claims the next event, waiting for room. Producers only.</summary>
    [Hot]
    public long Next() => _producer.Next(ref State, 1);

    /// <summary>Claims the next <paramref name="n"/> events, waiting for room. Producers only.</summary>
    /// <param name="n">1 to <see cref="Ring{T}.Capacity"/>.</param>
    /// <returns>The highest claimed sequence; the lowest is that minus n plus 1.</returns>
    [Hot]
    public long Next(int n)
    {
        CheckClaim(n);
        return _producer.Next(ref State, n);
    }

    /// <summary>Claims the next <paramref name="n"/> events if there is room now. Producers only.</summary>
    /// <param name="n">1 to <see cref="Ring{T}.Capacity"/>.</param>
    /// <param name="hi">The highest claimed sequence, or the highest claimed before if there was no room.</param>
    [Hot]
    public bool TryNext(int n, out long hi)
    {
        CheckClaim(n);
        return _producer.TryNext(ref State, n, out hi);
    }

    /// <summary>
    /// Whether <see cref="Next(int)"/> would not wait: a promise to a single producer, a guess among several.
    /// </summary>
    /// <param name="n">1 to <see cref="Ring{T}.Capacity"/>.</param>
    [Hot]
    public bool HasAvailableCapacity(int n)
    {
        CheckClaim(n);
        return _producer.HasRoom(ref State, n);
    }

    /// <summary>
    /// Hands the event at <paramref name="sequence"/> to the consumers; of a single producer, all before it too.
    /// </summary>
    [Hot]
    public void Publish(long sequence) => _producer.Publish(ref State, sequence, sequence);

    /// <summary>
    /// Hands the events from <paramref name="lo"/> to <paramref name="hi"/> to the consumers. The producer that claimed
    /// them, once.
    /// </summary>
    [Hot]
    public void Publish(long lo, long hi)
    {
        Check.That(lo <= hi);
        _producer.Publish(ref State, lo, hi);
    }

    /// <summary>Claims, copies <paramref name="evt"/> in and publishes, waiting for room.</summary>
    [Hot]
    public void PublishEvent(in T evt)
    {
        var sequence = Next();
        this[sequence] = evt;
        Publish(sequence);
    }

    /// <summary>Claims, copies <paramref name="evt"/> in and publishes, if there is room now.</summary>
    [Hot]
    public bool TryPublish(in T evt)
    {
        if (!TryNext(1, out var sequence))
        {
            return false;
        }

        this[sequence] = evt;
        Publish(sequence);
        return true;
    }

    /// <summary>Claims, copies in and publishes all of <paramref name="events"/>, or none if there is no room.</summary>
    /// <param name="events">Up to <see cref="Ring{T}.Capacity"/>; they follow on each other in the stream.</param>
    [Hot]
    public unsafe bool TryPublish(ReadOnlySpan<T> events)
    {
        if (events.IsEmpty)
        {
            return true;
        }

        if (!TryNext(events.Length, out var hi))
        {
            return false;
        }

        // The claim is in bounds of the ring, cut at its end.
        var lo = hi - events.Length + 1;
        var slot = (int)(lo & Mask);
        var toEnd = Math.Min(events.Length, Capacity - slot);
        events[..toEnd].CopyTo(new Span<T>((T*)Entries + slot, toEnd));
        events[toEnd..].CopyTo(new Span<T>(Entries, Capacity));
        Publish(lo, hi);
        return true;
    }

    /// <summary>
    /// Claims <paramref name="n"/> events for a <c>using</c>, which publishes them at its end, also when an exception
    /// leaves it: half filled then, but never lost to the consumers.
    /// </summary>
    /// <param name="n">1 to <see cref="Ring{T}.Capacity"/>.</param>
    [Hot]
    public Claim<T, TProducer> Claim(int n = 1)
    {
        var hi = Next(n);
        return new Claim<T, TProducer>(this, hi - n + 1, hi);
    }

    /// <summary>The same if there is room now; otherwise the claim is empty, and its end does nothing.</summary>
    [Hot]
    public bool TryClaim(int n, out Claim<T, TProducer> claim)
    {
        var claimed = TryNext(n, out var hi);
        claim = claimed ? new Claim<T, TProducer>(this, hi - n + 1, hi) : default;
        return claimed;
    }

    private void CheckClaim(int n)
    {
        if ((uint)(n - 1) > (ulong)Mask)
        {
            ThrowClaim(n);
        }
    }

    [DoesNotReturn]
    private void ThrowClaim(int n) =>
        throw new ArgumentOutOfRangeException(nameof(n), n, $"a claim is 1 to {Capacity} events, the ring's capacity");
}

/// <summary>The ring with one producer thread: what <see cref="RingBuffer{T,TProducer}"/> is most of the time.</summary>
public sealed class RingBuffer<T> : RingBuffer<T, SingleProducer>
    where T : unmanaged
{
    /// <inheritdoc/>
    public RingBuffer(int capacity, WaitSignal? signal = null, long cursor = Sequence.Initial)
        : base(capacity, signal, cursor)
    {
    }

    /// <summary>Lets another thread be the producer from now on; needed by checked builds only.</summary>
    public void HandOverProducer() => Producer.HandOver();
}
