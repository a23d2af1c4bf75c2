using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>
/// Which slots several producers have published, in any order: each slot has the number of the lap it was last
/// published in.
/// </summary>
/// <remarks>
/// <code>
/// sequence  =  lap | slot          capacity 4, sequences 0 to 5 and 7 published, 6 claimed only:
/// lap       =  sequence >> shift     slot  0  1  2  3
/// slot      =  sequence &amp; mask       lap   1  1  0  1   -> highest published is 5
/// </code>
/// A lap is the low 32 bits of its number and is compared by difference, so that two laps are mistaken for each other
/// only if they are 2^31 apart. The slots start on laps of their own before the first sequence.
/// </remarks>
internal readonly unsafe struct LapFlags
{
    private readonly int* _laps;
    private readonly long _mask;
    private readonly int _shift;

    /// <summary>Takes over <paramref name="memory"/>, an int per slot; all up to the cursor counts as published.</summary>
    public LapFlags(byte* memory, int capacity, long cursor)
    {
        _laps = (int*)memory;
        _mask = capacity - 1;
        _shift = int.Log2(capacity);
        for (var slot = 0; slot < capacity; slot++)
        {
            var newest = cursor - ((cursor - slot) & _mask); // of the sequences up to the cursor that have this slot
            _laps[slot] = (int)(newest >> _shift);
        }
    }

    /// <summary>False with one producer: what the cursor has reached is published.</summary>
    public bool Exist => _laps != null;

    /// <summary>Hands one slot over. The producer that claimed it.</summary>
    [Hot]
    public void Publish(long sequence) =>
        Volatile.Write(ref _laps[sequence & _mask], (int)(sequence >> _shift)); // pairs with IsPublished: the slot first

    /// <summary>Whether the slot of <paramref name="sequence"/>, or of one whole laps later, was handed over.</summary>
    [Hot]
    public bool IsPublished(long sequence) =>
        Volatile.Read(ref _laps[sequence & _mask]) - (int)(sequence >> _shift) >= 0; // pairs with Publish

    /// <summary>The last of the published sequences that follow on each other from <paramref name="from"/>.</summary>
    /// <returns>At most <paramref name="to"/>; one before <paramref name="from"/> if that is not published.</returns>
    [Hot]
    public long HighestPublished(long from, long to)
    {
        for (var sequence = from; sequence <= to; sequence++)
        {
            if (!IsPublished(sequence))
            {
                return sequence - 1;
            }
        }

        return to < from ? from - 1 : to;
    }
}
