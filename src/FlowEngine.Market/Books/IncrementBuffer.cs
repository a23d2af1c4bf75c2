using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// A bounded first-in first-out store of increments in native memory, for a book that waits for its snapshot. When
/// full, the oldest venue event goes whole, and what a snapshot must contain to make up for it is remembered. Positions
/// count events ever appended, so they stay good while older events leave. Book thread only; nothing is allocated after
/// construction.
/// </summary>
internal sealed unsafe class IncrementBuffer : IDisposable
{
    private const EventFlags SoftEnd = (EventFlags)(1 << 15);

    private readonly LazyBlock _block;
    private readonly int _capacity;
    private MarketEvent* _events;

    /// <summary>An empty buffer for <paramref name="capacity"/> events, at least 1.</summary>
    public IncrementBuffer(int capacity)
    {
        _capacity = capacity;
        _block = new LazyBlock((long)capacity * MarketEvent.Length);
        _events = (MarketEvent*)_block.Pointer;
    }

    /// <summary>Position of the oldest event.</summary>
    public long Head { get; private set; }

    /// <summary>Position after the newest event.</summary>
    public long Tail { get; private set; }

    /// <summary>Whether nothing is buffered.</summary>
    public bool IsEmpty => Head == Tail;

    /// <summary>
    /// Highest sequence dropped since the last <see cref="Clear"/>: a snapshot must contain at least that.
    /// </summary>
    public ulong DroppedSequence { get; private set; }

    /// <summary>
    /// Position after the newest dropped event that had no sequence: a snapshot must begin there or later.
    /// </summary>
    public long UnsequencedDroppedTail { get; private set; }

    /// <summary>The event at a position from <see cref="Head"/> to before <see cref="Tail"/>.</summary>
    public ref readonly MarketEvent this[long position] => ref _events[position % _capacity];

    /// <summary>Whether <see cref="EndNewest"/> saw the venue event end after this event.</summary>
    public static bool IsSoftEnd(in MarketEvent e) => (e.Flags & SoftEnd) != 0;

    /// <summary>Appends a copy.</summary>
    /// <returns>Older events dropped to make room.</returns>
    [Hot]
    public int Append(in MarketEvent e)
    {
        if (_events == null)
        {
            return 0;
        }

        int dropped = Tail - Head == _capacity ? DropOldest() : 0;
        _events[Tail % _capacity] = e;
        Tail++;
        return dropped;
    }

    /// <summary>The newest venue event ended with something that is no increment.</summary>
    /// <param name="sequence">Of that something; 0 where it has none.</param>
    [Hot]
    public void EndNewest(ulong sequence)
    {
        if (!IsEmpty)
        {
            ref MarketEvent newest = ref _events[(Tail - 1) % _capacity];
            if (sequence == 0 || sequence == newest.VenueSequence)
            {
                newest.Flags |= SoftEnd;
            }
        }
    }

    /// <summary>Lets all events go, and forgets what was dropped.</summary>
    public void Clear()
    {
        Head = Tail;
        DroppedSequence = 0;
        UnsequencedDroppedTail = 0;
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        Clear();
        _events = null;
        _block.Dispose();
    }

    private int DropOldest()
    {
        var dropped = 0;
        bool more;
        do
        {
            ref readonly MarketEvent oldest = ref this[Head];
            ulong sequence = oldest.VenueSequence;
            bool ends = oldest.IsEndOfEvent || IsSoftEnd(in oldest);
            Head++;
            dropped++;
            DroppedSequence = Math.Max(DroppedSequence, sequence);
            if (sequence == 0)
            {
                UnsequencedDroppedTail = Head;
            }

            more = !ends && !IsEmpty && this[Head].VenueSequence == sequence;
        }
        while (more);

        return dropped;
    }
}
