using System.Buffers.Binary;
using System.Text;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Allocates counters of streams. Key: <c>0 registration id i64 | 8 session id i32 | 12 stream id i32 | 16 channel
/// length i32 | 20 channel, cut at 92</c>; label: <c>name: registration session stream channel</c>.
/// </summary>
internal static class StreamCounters
{
    public const int PublisherLimitTypeId = 1;
    public const int SenderPositionTypeId = 2;
    public const int ReceiverHwmTypeId = 3;
    public const int SubscriberPositionTypeId = 4;
    public const int ReceiverPositionTypeId = 5;
    public const int SenderLimitTypeId = 9;
    public const int PerImageTypeId = 10;
    public const int PublisherPositionTypeId = 12;
    public const int SenderBackPressureTypeId = 13;
    public const int FlowControlReceiversTypeId = 17;
    public const int SenderNaksReceivedTypeId = 19;
    public const int ReceiverNaksSentTypeId = 20;

    private const int ChannelOffset = 20;

    /// <summary>Allocates a counter.</summary>
    /// <exception cref="CommandException">There is no room.</exception>
    public static AtomicCounter Allocate(
        CountersManager counters,
        int typeId,
        string name,
        long registrationId,
        int sessionId,
        int streamId,
        string channel,
        long ownerId,
        long referenceId = 0,
        string suffix = "")
    {
        Span<byte> key = stackalloc byte[CounterLayout.MaxKeyLength];
        BinaryPrimitives.WriteInt64LittleEndian(key, registrationId);
        BinaryPrimitives.WriteInt32LittleEndian(key[8..], sessionId);
        BinaryPrimitives.WriteInt32LittleEndian(key[12..], streamId);
        var channelLength = Math.Min(channel.Length, key.Length - ChannelOffset);
        BinaryPrimitives.WriteInt32LittleEndian(key[16..], channelLength);
        Encoding.Latin1.GetBytes(channel.AsSpan(0, channelLength), key[ChannelOffset..]);

        var id = counters.Allocate(
            typeId,
            key[..(ChannelOffset + channelLength)],
            $"{name}: {registrationId} {sessionId} {streamId} {channel}{suffix}",
            registrationId,
            ownerId,
            referenceId);
        return id == CounterLayout.NullCounterId
            ? throw new CommandException(ErrorCode.ResourceTemporarilyUnavailable, "no counter is free")
            : counters.Counter(id);
    }
}
