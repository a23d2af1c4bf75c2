using System.Buffers.Binary;

namespace FlowEngine.Feeds.Captures;

/// <summary>
/// pcapng: sections, each in its own byte order, of blocks that all look alike. Interfaces are numbered anew in each
/// section.
/// <code>
/// block: type u32 | total length u32 | body, padded to 4 bytes | total length u32
/// </code>
/// </summary>
internal sealed class PcapNgSource : FrameSource
{
    public const uint SectionHeaderType = 0x0a0d0d0a;

    private const uint InterfaceType = 1;
    private const uint ObsoletePacketType = 2;
    private const uint SimplePacketType = 3;
    private const uint EnhancedPacketType = 6;
    private const uint OrderMagic = 0x1a2b3c4d;
    private const int BlockOverhead = 12;
    private const int MaxInterfaces = 4096;
    private const int MaxHeldBlockLength = MaxFrameLength + 65536;

    private readonly CaptureStream _stream;
    private readonly List<PcapNgInterface> _interfaces = [];
    private bool _isLittleEndian = true;

    public PcapNgSource(CaptureStream stream) => _stream = stream;

    public override bool TryRead(out CapturedFrame frame)
    {
        frame = default;
        while (TryReadBlock(out uint type, out long offset, out ReadOnlySpan<byte> body))
        {
            switch (type)
            {
                case SectionHeaderType:
                    _interfaces.Clear();
                    break;
                case InterfaceType:
                    AddInterface(body, offset);
                    break;
                case EnhancedPacketType:
                    frame = ReadEnhanced(body, offset);
                    return true;
                case ObsoletePacketType:
                    frame = ReadObsolete(body, offset);
                    return true;
                case SimplePacketType:
                    frame = ReadSimple(body, offset);
                    return true;
                default:
                    SkippedBlocks++;
                    break;
            }
        }

        return false;
    }

    // A block begins where its two lengths agree; blocks lie on multiples of 4.
    public override bool TryResume()
    {
        _stream.TrySkip(4 - (_stream.Offset % 4));
        while (true)
        {
            ReadOnlySpan<byte> start = _stream.Peek(BlockOverhead);
            if (start.Length < BlockOverhead)
            {
                return false;
            }

            uint type = ReadUInt32(start);
            uint length = ReadUInt32(start[4..]);
            if (HoldsContent(type) && length is >= BlockOverhead and <= MaxHeldBlockLength && length % 4 == 0)
            {
                ReadOnlySpan<byte> block = _stream.Peek((int)length);
                if (block.Length == length && ReadUInt32(block[^4..]) == length)
                {
                    return true;
                }
            }

            _stream.TryTake(4, out _);
        }
    }

    private bool TryReadBlock(out uint type, out long offset, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        offset = _stream.Offset;
        ReadOnlySpan<byte> start = _stream.Peek(BlockOverhead);
        if (start.Length < BlockOverhead)
        {
            IsCutOff = start.Length > 0;
            return false;
        }

        type = BinaryPrimitives.ReadUInt32LittleEndian(start);
        if (type == SectionHeaderType)
        {
            EnterSection(BinaryPrimitives.ReadUInt32LittleEndian(start[8..]), offset);
        }
        else
        {
            type = ReadUInt32(start);
        }

        uint length = ReadUInt32(start[4..]);
        if (length < BlockOverhead || length % 4 != 0)
        {
            throw Corrupt(offset, $"a pcapng block claims {length} bytes");
        }

        if (length > MaxHeldBlockLength)
        {
            if (HoldsContent(type))
            {
                throw Corrupt(offset, $"a pcapng block claims {length} bytes");
            }

            IsCutOff = !_stream.TrySkip(length);
            return !IsCutOff;
        }

        if (!_stream.TryTake((int)length, out ReadOnlySpan<byte> block))
        {
            IsCutOff = true;
            return false;
        }

        if (ReadUInt32(block[^4..]) != length)
        {
            throw Corrupt(offset, "a pcapng block's two lengths differ");
        }

        body = block[8..^4];
        return true;
    }

    private static bool HoldsContent(uint type) =>
        type is SectionHeaderType or InterfaceType or EnhancedPacketType or ObsoletePacketType or SimplePacketType;

    private void EnterSection(uint magic, long offset)
    {
        _isLittleEndian = magic == OrderMagic;
        if (!_isLittleEndian && BinaryPrimitives.ReverseEndianness(magic) != OrderMagic)
        {
            throw Corrupt(offset, "a pcapng section has no byte order mark");
        }
    }

    private void AddInterface(ReadOnlySpan<byte> body, long offset)
    {
        if (_interfaces.Count == MaxInterfaces
            || !PcapNgInterface.TryParse(body, _isLittleEndian, out PcapNgInterface found))
        {
            throw Corrupt(offset, "a pcapng interface description is malformed");
        }

        _interfaces.Add(found);
    }

    private CapturedFrame ReadEnhanced(ReadOnlySpan<byte> body, long offset)
    {
        if (body.Length < 20)
        {
            throw Corrupt(offset, "a pcapng packet block is too short");
        }

        return ReadStamped(ReadUInt32(body), body, offset);
    }

    private CapturedFrame ReadObsolete(ReadOnlySpan<byte> body, long offset)
    {
        if (body.Length < 20)
        {
            throw Corrupt(offset, "a pcapng packet block is too short");
        }

        ushort index = _isLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(body)
            : BinaryPrimitives.ReadUInt16BigEndian(body);
        return ReadStamped(index, body, offset);
    }

    private CapturedFrame ReadStamped(uint index, ReadOnlySpan<byte> body, long offset)
    {
        PcapNgInterface source = Interface(index, offset);
        ulong units = ((ulong)ReadUInt32(body[4..]) << 32) | ReadUInt32(body[8..]);
        uint captured = ReadUInt32(body[12..]);
        uint original = ReadUInt32(body[16..]);
        if (captured > (uint)(body.Length - 20))
        {
            throw Corrupt(offset, $"a pcapng packet of {captured} bytes does not fit its block");
        }

        return new CapturedFrame(
            source.Link, source.ToNanos(units), body.Slice(20, (int)captured), captured >= original, offset);
    }

    private CapturedFrame ReadSimple(ReadOnlySpan<byte> body, long offset)
    {
        if (body.Length < 4)
        {
            throw Corrupt(offset, "a pcapng packet block is too short");
        }

        PcapNgInterface source = Interface(0, offset);
        uint original = ReadUInt32(body);
        uint limit = source.SnapLength == 0 ? original : Math.Min(original, source.SnapLength);
        int captured = (int)Math.Min(limit, (uint)(body.Length - 4));
        return new CapturedFrame(source.Link, 0, body.Slice(4, captured), captured >= original, offset);
    }

    private PcapNgInterface Interface(uint index, long offset) => index < (uint)_interfaces.Count
        ? _interfaces[(int)index]
        : throw Corrupt(offset, $"a pcapng packet names interface {index} of {_interfaces.Count}");

    private CaptureException Corrupt(long offset, string what) =>
        new(_stream.Path, offset, what, "the file is corrupt from here on: copy it again");

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) => _isLittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
