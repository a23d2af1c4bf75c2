namespace FlowEngine.Feeds.Captures;

/// <summary>
/// A stream of what a <see cref="CaptureStream"/> has peeked at but not consumed, and the rest after it.
/// </summary>
internal sealed class PeekedStream : Stream
{
    private readonly CaptureStream _head;
    private readonly Stream _owner;

    public PeekedStream(CaptureStream head, Stream owner)
    {
        _head = head;
        _owner = owner;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _head.Offset;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> bytes = _head.PeekSome(buffer.Length);
        int length = bytes.Length;
        bytes.CopyTo(buffer);
        return _head.TryTake(length, out _) ? length : 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _owner.Dispose();
        base.Dispose(disposing);
    }
}
