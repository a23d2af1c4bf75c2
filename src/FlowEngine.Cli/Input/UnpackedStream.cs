using SharpCompress.Common;
using ZstdSharp;

namespace FlowEngine.Cli.Input;

/// <summary>A stream that is being unpacked: the package's own faults come out as the base library's.</summary>
internal sealed class UnpackedStream : Stream
{
    private readonly Stream _stream;

    public UnpackedStream(Stream stream) => _stream = stream;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _stream.Read(buffer);
        }
        catch (Exception fault) when (fault is ZstdException or SharpCompressException or EndOfStreamException
            or IndexOutOfRangeException or InvalidOperationException or ArgumentException or NotSupportedException
            or OverflowException)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

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
        }

        base.Dispose(disposing);
    }
}
