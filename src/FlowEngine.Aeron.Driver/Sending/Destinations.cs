using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// Where the datagrams of a multi-destination publication go: manual ones are added by command, dynamic ones are the
/// receivers whose status messages come, until they have been silent for a while. Sender's thread.
/// </summary>
/// <param name="isManual">Whether destinations are given by command.</param>
/// <param name="counter">Shows how many there are.</param>
internal sealed class Destinations(bool isManual, AtomicCounter counter)
{
    /// <summary>
    /// How long a dynamic destination may be silent, or a manual one before its name is looked up again.
    /// </summary>
    public const long TimeoutNs = 5_000_000_000;

    private const long NoRegistration = -1;

    private Destination[] _entries = new Destination[8];
    private int _first;

    public int Count { get; private set; }

    /// <summary>Sends to each, beginning with another one every time.</summary>
    /// <returns>Whether all took everything.</returns>
    public bool Send(IUdpTransport transport, ReadOnlySpan<Datagram> datagrams, long nowNs)
    {
        var hasTimedOut = false;
        var isComplete = true;
        _first = _first + 1 >= Count ? 0 : _first + 1;
        for (var i = 0; i < Count; i++)
        {
            var index = _first + i;
            ref var entry = ref _entries[index < Count ? index : index - Count];
            if (!isManual && nowNs - entry.LastNs > TimeoutNs)
            {
                hasTimedOut = true;
            }
            else
            {
                isComplete &= transport.Send(datagrams, entry.Address) == datagrams.Length;
            }
        }

        if (hasTimedOut)
        {
            RemoveSilent(nowNs);
        }

        return isComplete;
    }

    /// <summary>A receiver is there: adds it if destinations are dynamic.</summary>
    public void OnStatusMessage(in StatusFrame frame, in UdpAddress source, long nowNs)
    {
        var index = IndexOf(frame.ReceiverId, source);
        if (index >= 0)
        {
            _entries[index].ReceiverId = frame.ReceiverId;
            _entries[index].LastNs = nowNs;
        }
        else if (!isManual)
        {
            Add(new Destination
            {
                Address = source,
                ReceiverId = frame.ReceiverId,
                RegistrationId = NoRegistration,
                LastNs = nowNs,
            });
        }
    }

    /// <summary>Adds a manual destination.</summary>
    public void Add(UdpChannel channel, long registrationId, long nowNs)
    {
        if (isManual)
        {
            Add(new Destination
            {
                Channel = channel,
                Address = channel.RemoteData,
                RegistrationId = registrationId,
                LastNs = nowNs,
            });
        }
    }

    /// <summary>Removes a manual destination.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(UdpChannel channel)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            // By name as well: the address may have been looked up anew since.
            if (_entries[i].Address == channel.RemoteData || _entries[i].Channel?.Uri.Text == channel.Uri.Text)
            {
                RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes a manual destination.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(long registrationId)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (isManual && _entries[i].RegistrationId == registrationId)
            {
                RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>A name means another address now.</summary>
    public void Replace(in UdpAddress old, in UdpAddress address)
    {
        foreach (ref var entry in _entries.AsSpan(0, Count))
        {
            if (isManual && entry.Address == old)
            {
                entry.Address = address;
                entry.ReceiverId = null;
            }
        }
    }

    /// <summary>Registration of the destination an ERR frame came from, or -1.</summary>
    public long RegistrationIdOf(long receiverId, in UdpAddress source)
    {
        var index = IndexOf(receiverId, source);
        return index < 0 ? NoRegistration : _entries[index].RegistrationId;
    }

    /// <summary>Has the names of silent manual destinations looked up again.</summary>
    public void CheckForReResolution(SendEndpoint endpoint, ConductorProxy conductor, long nowNs)
    {
        foreach (ref var entry in _entries.AsSpan(0, Count))
        {
            if (entry.Channel is not null && nowNs - entry.LastNs > TimeoutNs)
            {
                conductor.OnReResolve(endpoint, entry.Channel, entry.Address);
                entry.LastNs = nowNs;
            }
        }
    }

    private int IndexOf(long receiverId, in UdpAddress source)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref _entries[i];

            // A receiver that is known may answer from another interface, but its port stays.
            if (entry.ReceiverId is { } known
                ? known == receiverId && entry.Address.Port == source.Port
                : entry.Address == source)
            {
                return i;
            }
        }

        return -1;
    }

    private void Add(in Destination destination)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count++] = destination;
        ShowCount();
    }

    private void RemoveSilent(long nowNs)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (nowNs - _entries[i].LastNs > TimeoutNs)
            {
                RemoveAt(i);
            }
        }
    }

    private void RemoveAt(int index)
    {
        _entries[index] = _entries[--Count];
        _entries[Count] = default;
        ShowCount();
    }

    private void ShowCount()
    {
        if (counter.IsValid)
        {
            counter.Set(Count);
        }
    }

    private struct Destination
    {
        public UdpAddress Address;
        public UdpChannel? Channel;
        public long? ReceiverId;
        public long RegistrationId;
        public long LastNs;
    }
}
