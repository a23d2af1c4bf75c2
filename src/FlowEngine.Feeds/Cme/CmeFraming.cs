using System.Buffers.Binary;
using FlowEngine.Core;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// Lengths inside a CME MDP 3.0 datagram, and which of the venue's feeds it is of: told by its first message, since
/// the packet header names neither channel nor feed.
/// <code>
/// datagram: sequence u32 | sendingTime u64 | message ...
/// message:  size u16 (counts itself) | blockLength u16 | templateId u16 | schemaId u16 | version u16 | body
/// </code>
/// </summary>
[Hot]
internal static class CmeFraming
{
    public const int PacketHeaderLength = 12;
    public const int MessageOverhead = 2 + SbeHeaderLength;
    public const ushort SchemaId = 1;

    private const int SbeHeaderLength = 8;
    private const ulong EarliestSendingTime = 1_262_304_000_000_000_000;
    private const ulong LatestSendingTime = 4_102_444_800_000_000_000;
    private const ushort MaxVersion = 64;

    /// <summary>
    /// Whether bytes look like a whole datagram: sizes add up, headers name the schema, messages and a time of the
    /// venue.
    /// </summary>
    public static bool LooksLikeDatagram(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < PacketHeaderLength + MessageOverhead
            || BinaryPrimitives.ReadUInt64LittleEndian(payload[4..]) is < EarliestSendingTime or > LatestSendingTime
            || Check(payload) != DamageReason.None)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = payload[PacketHeaderLength..];
        while (TryNext(ref rest, out ReadOnlySpan<byte> message))
        {
            if (FeedMessageType.CmeIndex(TemplateOf(message)) < 0
                || BinaryPrimitives.ReadUInt16LittleEndian(message[6..]) > MaxVersion)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether all messages of a datagram lie in it, and are of the venue's schema.</summary>
    public static DamageReason Check(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < PacketHeaderLength)
        {
            return DamageReason.TruncatedPacket;
        }

        ReadOnlySpan<byte> rest = datagram[PacketHeaderLength..];
        while (TryNext(ref rest, out ReadOnlySpan<byte> message))
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(message[4..]) != SchemaId)
            {
                return DamageReason.WrongSchema;
            }
        }

        return rest.IsEmpty ? DamageReason.None : DamageReason.TruncatedPacket;
    }

    /// <summary>Takes the next message, from its SBE header on.</summary>
    /// <returns>False at the end, or where sizes do not fit: then bytes are left.</returns>
    public static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (rest.Length < MessageOverhead)
        {
            return false;
        }

        int size = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (size < MessageOverhead || size > rest.Length)
        {
            return false;
        }

        message = rest[2..size];
        rest = rest[size..];
        return true;
    }

    /// <summary>Template of a message.</summary>
    public static ushort TemplateOf(ReadOnlySpan<byte> message) =>
        BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);

    /// <summary>Tells the feed of a checked datagram.</summary>
    public static CmeFeed FeedOf(ReadOnlySpan<byte> datagram)
    {
        ReadOnlySpan<byte> rest = datagram[PacketHeaderLength..];
        if (!TryNext(ref rest, out ReadOnlySpan<byte> first))
        {
            return CmeFeed.Silence;
        }

        switch (TemplateOf(first))
        {
            case Wire.HeartbeatReader.TemplateId when rest.IsEmpty:
                return CmeFeed.Silence;
            case Wire.Snapshot7Reader.TemplateId or Wire.SnapshotReader.TemplateId
                or Wire.SnapshotLongReader.TemplateId or Wire.OrderSnapshot7Reader.TemplateId
                or Wire.OrderSnapshotReader.TemplateId:
                return CmeFeed.Loop;
            case Wire.FutureDefinition7Reader.TemplateId or Wire.SpreadDefinition7Reader.TemplateId
                or Wire.OptionDefinition7Reader.TemplateId
                or (>= Wire.FutureDefinitionReader.TemplateId and <= Wire.RepoDefinitionReader.TemplateId)
                or Wire.FxDefinitionReader.TemplateId:
                // All definitions begin alike; only those of the loop say how many the loop has.
                return first.Length >= SbeHeaderLength + 5
                    && BinaryPrimitives.ReadUInt32LittleEndian(first[(SbeHeaderLength + 1)..]) != uint.MaxValue
                    ? CmeFeed.Loop
                    : CmeFeed.Increments;
            default:
                return CmeFeed.Increments;
        }
    }
}
