using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// Finds 32-bit handles by 64-bit key: open addressing, linear probing, at most a quarter full (a half costs 5 ns more
/// a message), removal by shifting back, so that nothing ever needs cleaning up. A slot holds the key's hash and the
/// handle; the key itself lies in the record.
/// <code>
///   slots    | hash handle | hash handle | 0 | hash handle | ...        handle 0: empty
///   records  | -           | key, 24 bytes | key, 24 bytes | ...        by handle, from 1
///   memory   | - | table of 1 unit | table of 2 units | table of 4 units | ...   one of them in use
/// </code>
/// The table doubles into the memory behind it as it fills, up to the capacity that was stated: a doubling costs one
/// pass over the table. Owns no memory. Keys may be chosen by an enemy who knows the multiplier: then finding costs
/// O(capacity), never more.
/// </summary>
internal unsafe struct HandleTable
{
    /// <summary>Bytes of a record; its first 8 are the key.</summary>
    public const int RecordLength = 32;

    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const uint FewestSlots = 256;

    private readonly Slot* _memory;
    private readonly byte* _records;
    private readonly uint _mostSlots;
    private Slot* _slots;
    private uint _mask;
    private int _shift;
    private uint _count;

    /// <summary>An empty table over <see cref="BytesFor"/> zeroed bytes.</summary>
    public HandleTable(byte* memory, byte* records, int capacity)
    {
        _memory = (Slot*)memory;
        _records = records;
        _mostSlots = SlotsFor(capacity);
        Use(FewestSlots);
    }

    /// <summary>Bytes of memory for so many keys.</summary>
    public static long BytesFor(int capacity) => 2L * SlotsFor(capacity) * sizeof(Slot);

    /// <summary>Slot of a key, -1 where there is none. Dead after the next change.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long Find(ulong key)
    {
        uint hash = HashOf(key);
        uint at = hash >> _shift;
        while (true)
        {
            Slot slot = _slots[at];
            if (slot.Handle == 0)
            {
                return -1;
            }

            if (slot.Hash == hash && *(ulong*)(_records + ((long)slot.Handle * RecordLength)) == key)
            {
                return at;
            }

            at = (at + 1) & _mask;
        }
    }

    /// <summary>Handle in a slot that <see cref="Find"/> gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int HandleAt(long slot) => _slots[slot].Handle;

    /// <summary>Adds a key that is not there; there must be fewer than the capacity.</summary>
    [Hot]
    public void Insert(ulong key, int handle)
    {
        if (4 * _count > _mask && _mask + 1 < _mostSlots)
        {
            Double();
        }

        Put(new Slot(HashOf(key), handle));
        _count++;
    }

    /// <summary>Empties a slot that <see cref="Find"/> gave.</summary>
    [Hot]
    public void RemoveAt(long slot)
    {
        uint hole = (uint)slot;
        uint at = hole;
        while (true)
        {
            at = (at + 1) & _mask;
            Slot next = _slots[at];
            if (next.Handle == 0)
            {
                break;
            }

            // It may move back into the hole unless its home lies after the hole.
            uint home = next.Hash >> _shift;
            if (((at - home) & _mask) >= ((at - hole) & _mask))
            {
                _slots[hole] = next;
                hole = at;
            }
        }

        _slots[hole] = default;
        _count--;
    }

    /// <summary>Forgets all keys. O(slots in use).</summary>
    public void Clear()
    {
        if (_memory != null)
        {
            new Span<Slot>(_slots, (int)(_mask + 1)).Clear();
            _count = 0;
            Use(FewestSlots);
        }
    }

    private static uint HashOf(ulong key) => (uint)((key * Golden) >> 32);

    private static uint SlotsFor(int capacity)
    {
        uint slots = FewestSlots;
        while (slots < 4L * capacity)
        {
            slots *= 2;
        }

        return slots;
    }

    private void Use(uint slots)
    {
        // The tables before it take as many slots as it has itself.
        _slots = _memory + (slots - FewestSlots);
        _mask = slots - 1;
        _shift = 32 - System.Numerics.BitOperations.Log2(slots);
    }

    private void Put(Slot slot)
    {
        uint at = slot.Hash >> _shift;
        while (_slots[at].Handle != 0)
        {
            at = (at + 1) & _mask;
        }

        _slots[at] = slot;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Double()
    {
        Slot* old = _slots;
        uint slots = _mask + 1;
        Use(2 * slots);
        for (uint at = 0; at < slots; at++)
        {
            if (old[at].Handle != 0)
            {
                Put(old[at]);
                old[at] = default;
            }
        }
    }

    private readonly record struct Slot(uint Hash, int Handle);
}
