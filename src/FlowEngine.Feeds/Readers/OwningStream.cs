namespace FlowEngine.Feeds.Readers;

/// <summary>A stream that closes what it came out of with itself.</summary>
internal sealed class OwningStream : Stream
{
    private readonly Stream _stream;
    private readonly IDisposable _owner;

    public OwningStream(Stream stream, IDisposable owner)
    {
        _stream = stream;
        _owner = owner;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => _stream.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => _stream.Read(buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
            _owner.Dispose();
        }

        base.Dispose(disposing);
    }
}
