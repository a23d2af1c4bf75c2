using System.Buffers.Binary;

namespace FlowEngine.Feeds.Readers.Itch;

/// <summary>
/// One MoldUDP64 packet with ITCH messages.
/// <code>
/// 0         10         18      20
/// +---------+----------+-------+--------+---------+--------+-----
/// | session | sequence | count | length | message | length | ...
/// | char 10 | u64      | u16   | u16    |         | u16    |
/// +---------+----------+-------+--------+---------+--------+-----
/// </code>
/// </summary>
internal readonly ref struct MoldPacket
{
    private const int HeaderLength = 20;
    private const int PrefixLength = 2;
    private const ushort EndOfSession = 0xffff;

    private readonly ReadOnlySpan<byte> _bytes;

    public MoldPacket(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Session => _bytes[..10];

    /// <summary>Number of the first message, from 1; of a packet without any, of the next one; 0: not told.</summary>
    public ulong Sequence => BinaryPrimitives.ReadUInt64BigEndian(_bytes[10..]);

    /// <summary>Messages inside; none in a heartbeat and at the end of the session.</summary>
    public int Count =>
        BinaryPrimitives.ReadUInt16BigEndian(_bytes[18..]) is var count and not EndOfSession ? count : 0;

    /// <summary>The messages with their lengths.</summary>
    public ReadOnlySpan<byte> Messages => _bytes[HeaderLength..];

    /// <summary>Whether its messages end where it ends and all of them are ITCH 5.0's.</summary>
    public static bool Detect(ReadOnlySpan<byte> bytes, out int messages)
    {
        messages = 0;
        // Samples that were made anonymous have noughts for a session.
        if (bytes.Length < HeaderLength || (bytes[..10].ContainsAnyExceptInRange((byte)0x20, (byte)0x7e)
            && bytes[..10].ContainsAnyExcept((byte)0)))
        {
            return false;
        }

        var packet = new MoldPacket(bytes);
        messages = packet.Count;
        ReadOnlySpan<byte> rest = packet.Messages;
        for (var i = 0; i < messages; i++)
        {
            if (!TryNext(ref rest, out ReadOnlySpan<byte> message) || !new ItchMessage(message).IsWhole)
            {
                return false;
            }
        }

        return rest.IsEmpty;
    }

    /// <summary>Takes the next message off.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> messages, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (messages.Length < PrefixLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(messages);
        if (length > messages.Length - PrefixLength)
        {
            return false;
        }

        message = messages.Slice(PrefixLength, length);
        messages = messages[(PrefixLength + length)..];
        return true;
    }
}
