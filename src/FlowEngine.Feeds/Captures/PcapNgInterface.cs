using System.Buffers.Binary;

namespace FlowEngine.Feeds.Captures;

/// <summary>What a pcapng section says of one interface: link type and the worth of its time stamps.</summary>
internal readonly struct PcapNgInterface
{
    private const ushort EndOfOptions = 0;
    private const ushort ResolutionOption = 9;
    private const ushort OffsetOption = 14;
    private const int MaxDecimalExponent = 19;
    private const int MaxBinaryExponent = 63;

    // Units in a second, and the whole seconds to add.
    private readonly ulong _unitsPerSecond;
    private readonly long _offsetSeconds;

    private PcapNgInterface(LinkType link, uint snapLength, ulong unitsPerSecond, long offsetSeconds)
    {
        Link = link;
        SnapLength = snapLength;
        _unitsPerSecond = unitsPerSecond;
        _offsetSeconds = offsetSeconds;
    }

    /// <summary>What its frames begin with.</summary>
    public LinkType Link { get; }

    /// <summary>Most bytes kept of a frame; 0: no limit.</summary>
    public uint SnapLength { get; }

    /// <summary>Nanoseconds since epoch of a time stamp; wraps only beyond the year 2262.</summary>
    public long ToNanos(ulong units)
    {
        ulong seconds = units / _unitsPerSecond;
        ulong rest = units % _unitsPerSecond;
        ulong nanos = (ulong)((UInt128)rest * 1_000_000_000UL / _unitsPerSecond);
        return unchecked((((long)seconds + _offsetSeconds) * 1_000_000_000L) + (long)nanos);
    }

    /// <summary>Reads the body of an interface description block.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, bool isLittleEndian, out PcapNgInterface found)
    {
        found = default;
        if (body.Length < 8)
        {
            return false;
        }

        var link = (LinkType)ReadUInt16(body, isLittleEndian);
        uint snapLength = isLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(body[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        ulong unitsPerSecond = 1_000_000;
        long offsetSeconds = 0;
        ReadOnlySpan<byte> options = body[8..];
        while (options.Length >= 4)
        {
            ushort code = ReadUInt16(options, isLittleEndian);
            int length = ReadUInt16(options[2..], isLittleEndian);
            int padded = (length + 3) & ~3;
            if (code == EndOfOptions)
            {
                break;
            }

            if (padded > options.Length - 4)
            {
                return false;
            }

            ReadOnlySpan<byte> value = options.Slice(4, length);
            if (code == ResolutionOption && (length < 1 || !TryResolution(value[0], out unitsPerSecond)))
            {
                return false;
            }

            if (code == OffsetOption && length >= 8)
            {
                offsetSeconds = isLittleEndian
                    ? BinaryPrimitives.ReadInt64LittleEndian(value)
                    : BinaryPrimitives.ReadInt64BigEndian(value);
            }

            options = options[(4 + padded)..];
        }

        found = new PcapNgInterface(link, snapLength, unitsPerSecond, offsetSeconds);
        return true;
    }

    private static bool TryResolution(byte value, out ulong unitsPerSecond)
    {
        int exponent = value & 0x7f;
        if ((value & 0x80) != 0)
        {
            unitsPerSecond = 1UL << Math.Min(exponent, MaxBinaryExponent);
            return exponent <= MaxBinaryExponent;
        }

        unitsPerSecond = 1;
        for (var i = 0; i < Math.Min(exponent, MaxDecimalExponent); i++)
        {
            unitsPerSecond *= 10;
        }

        return exponent <= MaxDecimalExponent;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool isLittleEndian) => isLittleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
