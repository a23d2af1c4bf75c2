using System.Buffers.Binary;

namespace FlowEngine.Feeds.Readers.Flow;

/// <summary>Writes a <c>.flow</c> file: venue packets with checksums, and at the end an index. One thread.</summary>
public sealed class FlowWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly MemoryStream _index = new();
    private long _offset;
    private long _firstNs;
    private long _lastNs;
    private bool _isComplete;

    /// <summary>Begins a file on a stream, which is then owned here.</summary>
    public FlowWriter(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[FlowLayout.HeaderLength];
        header.Clear();
        FlowLayout.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], FlowLayout.Version);
        Write(header);
    }

    /// <summary>Packets written.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes written.</summary>
    public long Bytes => _offset;

    /// <summary>Nanoseconds from the earliest first to the last packet.</summary>
    public long DurationNs => Math.Max(0, _lastNs - _firstNs);

    /// <summary>Appends a whole <c>venuePacket</c> message.</summary>
    public void Append(ReadOnlySpan<byte> packet, long captureTimeNs)
    {
        Span<byte> header = stackalloc byte[FlowLayout.FrameHeaderLength];
        if (Packets % FlowLayout.IndexInterval == 0)
        {
            Index(Packets, captureTimeNs, _offset);
        }

        _firstNs = Packets == 0 ? captureTimeNs : _firstNs;
        _lastNs = Packets == 0 ? captureTimeNs : Math.Max(_lastNs, captureTimeNs);
        Packets++;
        BinaryPrimitives.WriteInt32LittleEndian(header, packet.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32.Of(packet));
        Write(header);
        Write(packet);
    }

    /// <summary>Hands what was appended to the system.</summary>
    public void Flush() => _stream.Flush();

    /// <summary>Writes the index: the file is whole.</summary>
    public void Complete()
    {
        long entries = _index.Length / FlowLayout.EntryLength;
        Index(Packets, _firstNs, _lastNs);
        Index(entries, _offset);
        ReadOnlySpan<byte> index = _index.GetBuffer().AsSpan(0, (int)_index.Length);
        Span<byte> header = stackalloc byte[FlowLayout.FrameHeaderLength];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32.Of(index));
        Write(header);
        Write(index);
        Write(FlowLayout.EndMagic);
        _stream.Flush();
        _isComplete = true;
    }

    /// <summary>Closes the file; without <see cref="Complete"/> it has no index and readers say so.</summary>
    public void Dispose()
    {
        if (!_isComplete)
        {
            _stream.Flush();
        }

        _stream.Dispose();
    }

    private void Index(params ReadOnlySpan<long> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (long value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            _index.Write(bytes);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _offset += bytes.Length;
    }
}
