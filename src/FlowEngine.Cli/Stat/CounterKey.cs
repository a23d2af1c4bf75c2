using System.Buffers.Binary;
using System.Text;

namespace FlowEngine.Cli.Stat;

/// <summary>What the key of a counter says, by the counter's type.</summary>
/// <param name="Kind">What the other members hold.</param>
/// <param name="Identity">System counter id, or registration id of a stream's counter.</param>
/// <param name="SessionId">Session, of a stream's counter.</param>
/// <param name="StreamId">Stream, of a stream's counter.</param>
/// <param name="Channel">Channel of a stream or endpoint, cut where it is longer than the key.</param>
internal readonly record struct CounterKey(
    CounterKeyKind Kind, long Identity, int SessionId, int StreamId, string Channel)
{
    /// <summary>Type of subscriber positions.</summary>
    public const int SubscriberPositionType = 4;

    private const int SystemType = 0;
    private const int FirstStreamType = 1;
    private const int LastStreamType = 5;
    private const int SendChannelType = 6;
    private const int ReceiveChannelType = 7;
    private const int SessionIdOffset = 8;
    private const int StreamIdOffset = 12;
    private const int ChannelOffset = 16;

    /// <summary>Reads a key of 112 bytes; what lies behind its used part is ignored.</summary>
    public static CounterKey Read(int typeId, ReadOnlySpan<byte> key) => typeId switch
    {
        SystemType => new(CounterKeyKind.System, BinaryPrimitives.ReadInt32LittleEndian(key), 0, 0, ""),
        >= FirstStreamType and <= LastStreamType or 9 or 10 or 12 or 13 or 17 or 19 or 20 => new(
            CounterKeyKind.Stream,
            BinaryPrimitives.ReadInt64LittleEndian(key),
            BinaryPrimitives.ReadInt32LittleEndian(key[SessionIdOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(key[StreamIdOffset..]),
            Text(key[ChannelOffset..])),
        SendChannelType or ReceiveChannelType => new(CounterKeyKind.Channel, 0, 0, 0, Text(key)),
        _ => default,
    };

    // The length is another process's word: it may be anything while a counter is being reused.
    private static string Text(ReadOnlySpan<byte> field)
    {
        var room = field.Length - sizeof(int);
        var length = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(field), 0, room);
        return Encoding.Latin1.GetString(field.Slice(sizeof(int), length));
    }
}

/// <summary>How a counter's key is laid out.</summary>
internal enum CounterKeyKind
{
    /// <summary>An application's own, or none.</summary>
    Other,

    /// <summary>A counter of the driver itself.</summary>
    System,

    /// <summary>A position or count of one stream.</summary>
    Stream,

    /// <summary>The state of a channel's endpoint.</summary>
    Channel,
}
