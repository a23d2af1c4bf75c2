using System.Numerics;
using FlowEngine.Core;

namespace FlowEngine.Feeds;

/// <summary>
/// Venue instrument id → dense id: open addressing with linear probing in one array, half empty by construction, so
/// that a look-up ends after a few neighbours. Nothing is removed; nothing is allocated after construction. One thread.
/// </summary>
public sealed class InstrumentMap
{
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    private readonly Entry[] _entries;
    private readonly int _shift;
    private readonly int _mask;

    /// <summary>An empty map.</summary>
    /// <param name="capacity">Most instruments it will hold, more than 0.</param>
    public InstrumentMap(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 28);
        Capacity = capacity;
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        _entries = new Entry[slots];
        _mask = slots - 1;
        _shift = 64 - BitOperations.Log2((uint)slots);
    }

    /// <summary>Most instruments the map holds.</summary>
    public int Capacity { get; }

    /// <summary>Instruments in the map.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the dense id of a venue's instrument.</summary>
    [Hot]
    public bool TryFind(ulong venueInstrumentId, out int id)
    {
        Entry[] entries = _entries;
        for (int slot = Home(venueInstrumentId); ; slot = (slot + 1) & _mask)
        {
            ref readonly Entry entry = ref entries[slot];
            if (entry.IdPlusOne == 0)
            {
                id = -1;
                return false;
            }

            if (entry.Key == venueInstrumentId)
            {
                id = entry.IdPlusOne - 1;
                return true;
            }
        }
    }

    /// <summary>Adds an instrument.</summary>
    /// <returns>False when the map is full or has the instrument already.</returns>
    public bool TryAdd(ulong venueInstrumentId, int id)
    {
        if (Count == Capacity || TryFind(venueInstrumentId, out _))
        {
            return false;
        }

        int slot = Home(venueInstrumentId);
        while (_entries[slot].IdPlusOne != 0)
        {
            slot = (slot + 1) & _mask;
        }

        _entries[slot] = new Entry { Key = venueInstrumentId, IdPlusOne = id + 1 };
        Count++;
        return true;
    }

    private int Home(ulong key) => (int)((key * GoldenRatio) >> _shift);

    private struct Entry
    {
        public ulong Key;

        // 0 marks an empty slot, so that a fresh array is an empty map.
        public int IdPlusOne;
    }
}
