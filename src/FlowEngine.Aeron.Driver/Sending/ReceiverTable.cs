namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// Receivers of a stream and when each was last heard of. Few, so a search is a walk. Sender's thread.
/// </summary>
internal sealed class ReceiverTable
{
    private Entry[] _entries = new Entry[8];

    /// <summary>How many are taken for alive.</summary>
    public int Count { get; private set; }

    /// <summary>A receiver was heard of.</summary>
    public void Touch(long receiverId, long nowNs)
    {
        foreach (ref var entry in _entries.AsSpan(0, Count))
        {
            if (entry.ReceiverId == receiverId)
            {
                entry.LastNs = nowNs;
                return;
            }
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count++] = new Entry { ReceiverId = receiverId, LastNs = nowNs };
    }

    /// <summary>A receiver has gone.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(long receiverId)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_entries[i].ReceiverId == receiverId)
            {
                _entries[i] = _entries[--Count];
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets those silent for <paramref name="timeoutNs"/>.</summary>
    public void RemoveSilent(long nowNs, long timeoutNs)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (nowNs - _entries[i].LastNs >= timeoutNs)
            {
                _entries[i] = _entries[--Count];
            }
        }
    }

    private struct Entry
    {
        public long ReceiverId;
        public long LastNs;
    }
}
