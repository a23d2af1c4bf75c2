using FlowEngine.Aeron;

namespace FlowEngine.Cli.Aeron;

/// <summary>Where messages go, as a struct type argument: both kinds of publication by one loop at no cost.</summary>
internal interface ISink
{
    /// <summary>Whether it takes no more messages.</summary>
    bool IsClosed { get; }

    /// <summary>Whether there are subscribers.</summary>
    bool IsConnected { get; }

    /// <summary>Publishes a message.</summary>
    long Offer(ReadOnlySpan<byte> message);

    /// <summary>Claims room for one.</summary>
    long TryClaim(int length, out BufferClaim claim);
}

/// <summary>A publication that threads may share.</summary>
internal readonly struct SharedSink(Publication publication) : ISink
{
    /// <inheritdoc/>
    public bool IsClosed => publication.IsClosed;

    /// <inheritdoc/>
    public bool IsConnected => publication.IsConnected;

    /// <inheritdoc/>
    public long Offer(ReadOnlySpan<byte> message) => publication.Offer(message);

    /// <inheritdoc/>
    public long TryClaim(int length, out BufferClaim claim) => publication.TryClaim(length, out claim);
}

/// <summary>A publication of one thread.</summary>
internal readonly struct ExclusiveSink(ExclusivePublication publication) : ISink
{
    /// <inheritdoc/>
    public bool IsClosed => publication.IsClosed;

    /// <inheritdoc/>
    public bool IsConnected => publication.IsConnected;

    /// <inheritdoc/>
    public long Offer(ReadOnlySpan<byte> message) => publication.Offer(message);

    /// <inheritdoc/>
    public long TryClaim(int length, out BufferClaim claim) => publication.TryClaim(length, out claim);
}
