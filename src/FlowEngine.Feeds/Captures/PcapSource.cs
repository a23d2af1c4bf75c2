using System.Buffers.Binary;

namespace FlowEngine.Feeds.Captures;

/// <summary>
/// Classic pcap.
/// <code>
/// file:   magic u32 | major u16 | minor u16 | zone u32 | accuracy u32 | snap length u32 | link type u32   (24 bytes)
/// record: seconds u32 | fraction u32 | captured length u32 | original length u32 | bytes                 (16 bytes +)
/// </code>
/// </summary>
internal sealed class PcapSource : FrameSource
{
    public const uint MicrosecondMagic = 0xa1b2c3d4;
    public const uint NanosecondMagic = 0xa1b23c4d;
    public const uint SwappedMicrosecondMagic = 0xd4c3b2a1;
    public const uint SwappedNanosecondMagic = 0x4d3cb2a1;

    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const int LinkTypeMask = 0xffff;
    private const long MaxJumpSeconds = 7 * 24 * 3600;

    private readonly CaptureStream _stream;
    private readonly bool _isLittleEndian;
    private readonly long _nanosPerFraction;
    private readonly LinkType _link;
    private uint _seconds;

    public PcapSource(CaptureStream stream)
    {
        _stream = stream;
        if (!stream.TryTake(FileHeaderLength, out ReadOnlySpan<byte> header))
        {
            throw new CaptureException(stream.Path, 0, "the pcap file header is cut off", "copy the capture again");
        }

        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        _isLittleEndian = magic is MicrosecondMagic or NanosecondMagic;
        _nanosPerFraction = magic is NanosecondMagic or SwappedNanosecondMagic ? 1 : 1000;
        // The upper half holds the length of a frame check sequence, which the reader need not know.
        _link = (LinkType)(ReadUInt32(header[20..]) & LinkTypeMask);
    }

    public override bool TryRead(out CapturedFrame frame)
    {
        frame = default;
        long offset = _stream.Offset;
        if (!_stream.TryTake(RecordHeaderLength, out ReadOnlySpan<byte> header))
        {
            IsCutOff = _stream.Peek(1).Length > 0;
            return false;
        }

        long timeNs = (ReadUInt32(header) * 1_000_000_000L) + (ReadUInt32(header[4..]) * _nanosPerFraction);
        uint captured = ReadUInt32(header[8..]);
        uint original = ReadUInt32(header[12..]);
        if (captured > MaxFrameLength)
        {
            throw new CaptureException(
                _stream.Path, offset, $"a pcap record claims {captured} bytes",
                    "the file is corrupt from here on: copy it again");
        }

        if (!_stream.TryTake((int)captured, out ReadOnlySpan<byte> bytes))
        {
            IsCutOff = true;
            return false;
        }

        _seconds = (uint)(timeNs / 1_000_000_000);
        frame = new CapturedFrame(_link, timeNs, bytes, captured >= original, offset);
        return true;
    }

    // A record begins where two records in a row look sane: near the last good one in time, with lengths that fit.
    public override bool TryResume()
    {
        while (true)
        {
            ReadOnlySpan<byte> header = _stream.Peek(RecordHeaderLength);
            if (header.Length < RecordHeaderLength)
            {
                return false;
            }

            if (LooksSane(header))
            {
                int length = RecordHeaderLength + (int)ReadUInt32(header[8..]);
                ReadOnlySpan<byte> both = _stream.Peek(length + RecordHeaderLength);
                if (both.Length == length || (both.Length > length && LooksSane(both[length..])))
                {
                    return true;
                }
            }

            _stream.TryTake(1, out _);
        }
    }

    private bool LooksSane(ReadOnlySpan<byte> header)
    {
        if (header.Length < RecordHeaderLength)
        {
            return false;
        }

        long jump = Math.Abs((long)ReadUInt32(header) - _seconds);
        uint captured = ReadUInt32(header[8..]);
        return (_seconds == 0 || jump <= MaxJumpSeconds)
            && ReadUInt32(header[4..]) * _nanosPerFraction < 1_000_000_000L
            && captured is > 0 and <= MaxFrameLength
            && captured <= ReadUInt32(header[12..]);
    }

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) => _isLittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
