using FlowEngine.Core;

namespace FlowEngine.Engine;

/// <summary>
/// Which messages wait for Aeron, by instrument, in the order the instruments began to wait. Engine thread only.
/// </summary>
[Hot]
public sealed class Backlog
{
    private readonly uint[] _pending;
    private readonly int[] _queue;
    private int _head;
    private int _count;

    /// <summary>An empty backlog for ids below <paramref name="instrumentCapacity"/>.</summary>
    public Backlog(int instrumentCapacity)
    {
        _pending = new uint[instrumentCapacity];
        _queue = new int[instrumentCapacity];
    }

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Whether this message of the instrument waits.</summary>
    public bool IsPending(int instrumentId, SignalMessage message) =>
        (_pending[instrumentId] & (1u << (int)message)) != 0;

    /// <summary>Whether any message of the instrument waits.</summary>
    public bool HasPending(int instrumentId) => _pending[instrumentId] != 0;

    /// <summary>Lets a message wait that does not yet.</summary>
    public void Add(int instrumentId, SignalMessage message)
    {
        if (_pending[instrumentId] == 0)
        {
            // An instrument stands in the queue once, so the queue never outgrows the capacity.
            var tail = _head + _count;
            _queue[tail < _queue.Length ? tail : tail - _queue.Length] = instrumentId;
            _count++;
        }

        _pending[instrumentId] |= 1u << (int)message;
    }

    /// <summary>The instrument that has waited longest.</summary>
    /// <returns>False when nothing waits.</returns>
    public bool TryPeek(out int instrumentId)
    {
        instrumentId = _count == 0 ? -1 : _queue[_head];
        return _count != 0;
    }

    /// <summary>Takes a message of the instrument at the head away.</summary>
    public void Sent(int instrumentId, SignalMessage message)
    {
        _pending[instrumentId] &= ~(1u << (int)message);
        if (_pending[instrumentId] == 0)
        {
            _head = _head + 1 == _queue.Length ? 0 : _head + 1;
            _count--;
        }
    }
}
