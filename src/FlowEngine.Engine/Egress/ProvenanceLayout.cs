using System.Buffers.Binary;
using FlowEngine.Core;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Where the stamps stand that are written after a message was encoded: provenance is the first field of every signal
/// message. The offsets are held against the generated codec by a test.
/// </summary>
[Hot]
public static class ProvenanceLayout
{
    private const int Start = 8;

    /// <summary>Offset of epoch.</summary>
    public const int Epoch = Start + 8;

    /// <summary>Offset of sequence.</summary>
    public const int Sequence = Start + 16;

    /// <summary>Offset of receiveTime.</summary>
    public const int ReceiveTime = Start + 48;

    /// <summary>Offset of publishTime.</summary>
    public const int PublishTime = Start + 56;

    /// <summary>Offset of conflated.</summary>
    public const int Conflated = Start + 72;

    /// <summary>Offset of delivery.</summary>
    public const int DeliveryFlags = Start + 76;

    /// <summary>Writes what is known when the message is stored: who computed it and when its input came.</summary>
    public static void StampStored(Span<byte> message, ulong epoch, long receiveTime)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(message[Epoch..], epoch);
        BinaryPrimitives.WriteInt64LittleEndian(message[ReceiveTime..], receiveTime);
    }

    /// <summary>Writes what is known when the message is sent.</summary>
    public static void StampSent(Span<byte> message, long publishTime, uint conflated)
    {
        BinaryPrimitives.WriteInt64LittleEndian(message[PublishTime..], publishTime);
        BinaryPrimitives.WriteUInt32LittleEndian(message[Conflated..], conflated);
    }

    /// <summary>Marks a copy as sent before.</summary>
    public static void MarkRepeat(Span<byte> message) => message[DeliveryFlags] |= (byte)Delivery.Repeat;

    /// <summary>Sequence of a stored message, 0 when the slot was never written.</summary>
    public static ulong SequenceOf(ReadOnlySpan<byte> message) =>
        BinaryPrimitives.ReadUInt64LittleEndian(message[Sequence..]);
}
