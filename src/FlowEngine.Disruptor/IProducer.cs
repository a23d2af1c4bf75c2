namespace FlowEngine.Disruptor;

/// <summary>
/// Who may claim and publish: <see cref="SingleProducer"/> or <see cref="MultiProducer"/>. A struct type argument of the
/// ring, so that it costs no call; nobody else can implement it.
/// </summary>
public interface IProducer
{
    internal static abstract bool HasLaps { get; }

    internal long Waits { get; }

    internal void Open(in RingState state);

    internal long Claimed(ref RingState state);

    // A sequence that is published, as are all before it, and that consumers who come now can start after.
    internal long Published(ref RingState state);

    internal long Next(ref RingState state, int n);

    internal bool TryNext(ref RingState state, int n, out long hi);

    internal bool HasRoom(ref RingState state, int n);

    internal void Publish(ref RingState state, long lo, long hi);
}
