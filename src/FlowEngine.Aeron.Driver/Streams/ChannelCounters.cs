using System.Buffers.Binary;
using System.Text;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Allocates the counters that tell how a channel's sockets are. Key of a channel: <c>0 length i32 | 4 channel, cut at
/// 108</c>; of a bound address: <c>0 channel status counter id i32 | 4 length i32 | 8 address</c>.
/// </summary>
internal static class ChannelCounters
{
    public const int SendChannelTypeId = 6;
    public const int ReceiveChannelTypeId = 7;
    public const int LocalAddressTypeId = 14;
    public const int DestinationCountTypeId = 18;

    /// <summary>Being opened.</summary>
    public const long Initialising = 0;

    /// <summary>Open.</summary>
    public const long Active = 1;

    /// <summary>Nobody uses it any more.</summary>
    public const long Closing = 2;

    /// <summary>Could not be opened.</summary>
    public const long Errored = -1;

    private const int LengthBytes = sizeof(int);

    /// <summary>A status counter, or the number of destinations.</summary>
    /// <exception cref="CommandException">There is no room.</exception>
    public static AtomicCounter AllocateForChannel(
        CountersManager counters, int typeId, string name, long registrationId, string channel)
    {
        Span<byte> key = stackalloc byte[CounterLayout.MaxKeyLength];
        var length = Math.Min(channel.Length, key.Length - LengthBytes);
        BinaryPrimitives.WriteInt32LittleEndian(key, length);
        Encoding.Latin1.GetBytes(channel.AsSpan(0, length), key[LengthBytes..]);
        return Counter(
            counters,
            counters.Allocate(typeId, key[..(LengthBytes + length)], $"{name}: {channel}", registrationId, ownerId: 0));
    }

    /// <summary>Names the bound address in the label of a status counter.</summary>
    public static void LabelBound(
        CountersManager counters, AtomicCounter status, string name, string channel, string address) =>
        counters.SetLabel(status.Id, $"{name}: {channel} {address}");

    /// <summary>A counter for the address a socket is bound to; active at once.</summary>
    /// <exception cref="CommandException">There is no room.</exception>
    public static AtomicCounter AllocateForAddress(
        CountersManager counters, string name, long registrationId, int statusCounterId, string address)
    {
        Span<byte> key = stackalloc byte[CounterLayout.MaxKeyLength];
        BinaryPrimitives.WriteInt32LittleEndian(key, statusCounterId);
        BinaryPrimitives.WriteInt32LittleEndian(key[LengthBytes..], address.Length);
        Encoding.Latin1.GetBytes(address, key[(2 * LengthBytes)..]);
        var counter = Counter(
            counters,
            counters.Allocate(
                LocalAddressTypeId,
                key[..((2 * LengthBytes) + address.Length)],
                $"{name}: {statusCounterId} {address}",
                registrationId,
                ownerId: 0));
        counter.Set(Active);
        return counter;
    }

    private static AtomicCounter Counter(CountersManager counters, int id) => id == CounterLayout.NullCounterId
        ? throw new CommandException(ErrorCode.ResourceTemporarilyUnavailable, "no counter is free")
        : counters.Counter(id);
}
