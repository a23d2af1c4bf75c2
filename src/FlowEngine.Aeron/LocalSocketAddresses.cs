using System.Buffers.Binary;
using System.Text;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>
/// Finds the addresses a channel's sockets are bound to: counters of type 14, whose key is
/// <c>0 channel status counter id i32 | 4 length i32 | 8 address and port</c>.
/// </summary>
public static class LocalSocketAddresses
{
    /// <summary>Type of the counters.</summary>
    public const int CounterTypeId = 14;

    private const int LengthOffset = 4;
    private const int TextOffset = 8;

    /// <summary>Addresses with ports, none unless the channel is active. Any thread; O(counters).</summary>
    public static List<string> Find(CountersReader counters, int channelStatusId)
    {
        var found = new List<string>();
        if (!counters.IsInRange(channelStatusId) || counters.Value(channelStatusId) != ChannelStatus.Active)
        {
            return found;
        }

        for (var id = 0; id <= counters.MaxCounterId; id++)
        {
            var state = counters.State(id);
            if (state == CounterLayout.StateUnused)
            {
                break;
            }

            if (state == CounterLayout.StateAllocated
                && counters.TypeId(id) == CounterTypeId
                && counters.Value(id) == ChannelStatus.Active
                && TryRead(counters.Key(id), channelStatusId, out var address))
            {
                found.Add(address);
            }
        }

        return found;
    }

    private static bool TryRead(ReadOnlySpan<byte> key, int channelStatusId, out string address)
    {
        address = "";
        var length = BinaryPrimitives.ReadInt32LittleEndian(key[LengthOffset..]);
        if (BinaryPrimitives.ReadInt32LittleEndian(key) != channelStatusId
            || (uint)length > (uint)(key.Length - TextOffset))
        {
            return false;
        }

        address = Encoding.ASCII.GetString(key.Slice(TextOffset, length));
        return length > 0;
    }
}
