using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>
/// A consumer without a thread or a loop: its owner asks for events when it has time. One thread at a time. Gate the
/// ring with its <see cref="Sequence"/>.
/// </summary>
public sealed class EventPoller<T>
    where T : unmanaged
{
    private readonly Ring<T> _ring;
    private readonly DependentSequenceGroup _sequences;

    internal EventPoller(Ring<T> ring, ReadOnlySpan<Sequence> dependsOn)
    {
        _ring = ring;
        _sequences = ring.NewGroup(dependsOn);
        Sequence = new Sequence(ring.Published);
    }

    /// <summary>The highest sequence this poller has finished.</summary>
    public Sequence Sequence { get; }

    /// <summary>Hands what is there to <paramref name="handler"/>, without waiting.</summary>
    /// <remarks>An exception goes to the caller; the events before its own are finished, its own is not.</remarks>
    public PollState Poll<THandler>(ref THandler handler)
        where THandler : struct, IPollHandler<T>, allows ref struct
    {
        var first = Sequence.Acquire() + 1;
        var last = _sequences.Acquire(first);
        if (last < first)
        {
            return _sequences.IsPublished(first) ? PollState.Gating : PollState.Idle;
        }

        var finished = first - 1;
        try
        {
            Handle(ref handler, _ring, ref finished, last);
        }
        finally
        {
            Sequence.Release(finished); // pairs with the acquires of the producers and of the consumers behind
        }

        return PollState.Processing;
    }

    [Hot]
    private static void Handle<THandler>(ref THandler handler, Ring<T> ring, ref long finished, long last)
        where THandler : struct, IPollHandler<T>, allows ref struct
    {
        var goOn = true;
        while (goOn && finished < last)
        {
            var next = finished + 1;
            goOn = handler.OnEvent(ref ring[next], next, next == last);
            finished = next;
        }
    }
}
