using System.Buffers.Binary;
using FlowEngine.Core;

namespace FlowEngine.Feeds.Deribit;

/// <summary>
/// Lengths inside a Deribit datagram, walked without knowing the messages: the header says how many groups and variable
/// fields follow, so messages of newer versions are passed over whole.
/// <code>
/// datagram: packetLength u16 | channelId u16 | channelSequence u32 | message ...
/// message:  blockLength u16 | templateId u16 | schemaId u16 | version u16 | groups u16 | texts u16 | block | ...
/// group:    blockLength u16 | entries u16 | groups u16 | texts u16 | entries x block
/// </code>
/// </summary>
[Hot]
internal static class DeribitFraming
{
    public const int FrameHeaderLength = 8;
    public const int MessageHeaderLength = 12;
    public const ushort SchemaId = 1;

    private const int GroupHeaderLength = 8;
    private const int MaxParts = 16;

    /// <summary>
    /// Whether bytes look like a whole datagram: lengths agree and the first message is of Deribit's schema.
    /// </summary>
    public static bool LooksLikeDatagram(ReadOnlySpan<byte> payload) =>
        payload.Length >= FrameHeaderLength + MessageHeaderLength
        && BinaryPrimitives.ReadUInt16LittleEndian(payload) == payload.Length - FrameHeaderLength
        && BinaryPrimitives.ReadUInt16LittleEndian(payload[12..]) == SchemaId
        && BinaryPrimitives.ReadUInt16LittleEndian(payload[10..]) is >= 1000 and < 1100
        && Measure(payload[FrameHeaderLength..], out _) == DamageReason.None;

    /// <summary>Finds where a message ends.</summary>
    /// <param name="bytes">From the message's header to the end of the datagram.</param>
    /// <param name="length">Bytes of the message, header included; at least the header.</param>
    public static DamageReason Measure(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < MessageHeaderLength)
        {
            return DamageReason.TruncatedPacket;
        }

        int groups = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        int variableFields = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if (groups > MaxParts || variableFields > MaxParts)
        {
            return DamageReason.BadGroup;
        }

        int end = MessageHeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        for (; groups > 0; groups--)
        {
            if (bytes.Length < end + GroupHeaderLength)
            {
                return DamageReason.TruncatedPacket;
            }

            ReadOnlySpan<byte> group = bytes[end..];
            // No version has anything inside entries: a group that claims so cannot be walked.
            if (BinaryPrimitives.ReadUInt32LittleEndian(group[4..]) != 0)
            {
                return DamageReason.BadGroup;
            }

            end += GroupHeaderLength + (BinaryPrimitives.ReadUInt16LittleEndian(group)
                * BinaryPrimitives.ReadUInt16LittleEndian(group[2..]));
            if ((uint)end > (uint)bytes.Length)
            {
                return DamageReason.TruncatedPacket;
            }
        }

        for (; variableFields > 0; variableFields--)
        {
            if (bytes.Length <= end)
            {
                return DamageReason.TruncatedPacket;
            }

            end += 1 + bytes[end];
        }

        length = end;
        return end <= bytes.Length ? DamageReason.None : DamageReason.TruncatedPacket;
    }
}
