using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// What one instrument's book holds, live or still being loaded: levels, where the feed tells them the orders that they
/// are the sums of, and where it has them the implied levels beside. Book thread only.
/// </summary>
internal sealed class BookContent : IDisposable
{
    private readonly KindSet _told;

    /// <summary>Empty, of the kinds that the instrument has.</summary>
    public BookContent(Instrument? instrument, BookOptions options, BookArena? arena)
    {
        int tick = Math.Max(1, instrument?.TickQuanta ?? 1);
        if (instrument is { Book: BookKind.Orders })
        {
            Orders = new OrderBook(options.OrdersPerBook, options.OrderLevelsPerSide, options.WindowTicks, tick, arena);
            Levels = Orders.Levels;
        }
        else
        {
            Levels = new PriceLevelBook(options.LevelsPerSide, options.WindowTicks, tick, arena);
        }

        uint pieces = Orders is null ? 1u << (int)EventKind.SnapshotLevel : 0;
        uint changes = Orders is null ? KindSet.Levels.Bits : KindSet.Orders.Bits;
        _told = new KindSet(changes | pieces | (1u << (int)EventKind.Clear));
        if (instrument is { HasImpliedBook: true })
        {
            Implied = new PriceLevelBook(options.LevelsPerSide, options.WindowTicks, tick, arena);
        }

        if (instrument is { FeedDepthLevels: > 0, Book: BookKind.PriceLevels })
        {
            Levels.LimitDepth(instrument.FeedDepthLevels, instrument.DepthRule);
        }
    }

    /// <summary>The levels, or the sums of the orders.</summary>
    public PriceLevelBook Levels { get; }

    /// <summary>The orders, null where the feed tells levels.</summary>
    public OrderBook? Orders { get; }

    /// <summary>The implied levels, null where they are none or no book of their own.</summary>
    public PriceLevelBook? Implied { get; }

    /// <summary>Bytes of native memory that it takes at most.</summary>
    public static long BytesFor(Instrument? instrument, BookOptions options)
    {
        long levels = PriceLevelBook.BytesFor(options.LevelsPerSide, options.WindowTicks);
        long book = instrument is { Book: BookKind.Orders }
            ? OrderBook.BytesFor(options.OrdersPerBook, options.OrderLevelsPerSide, options.WindowTicks)
            : levels;
        return book + (instrument is { HasImpliedBook: true } ? levels : 0);
    }

    /// <summary>Whether an increment is of the kind that this book is told by.</summary>
    [Hot]
    public bool Takes(in MarketEvent e) => _told.Has(e.Kind) || IsImplied(in e);

    /// <summary>Applies an increment, or a piece of a snapshot.</summary>
    /// <returns>Whether anything changed.</returns>
    [Hot]
    public bool Apply(in MarketEvent e)
    {
        if (e.Kind == EventKind.Clear)
        {
            return Clear();
        }

        if (IsImplied(in e))
        {
            return Implied!.Apply(in e);
        }

        return Orders is null ? Levels.Apply(in e) : Orders.Apply(in e);
    }

    /// <summary>A venue event ended: levels beyond a limited depth leave.</summary>
    [Hot]
    public void TrimDepth() => Levels.TrimDepth();

    /// <summary>Empties it.</summary>
    public bool Clear()
    {
        Implied?.Clear();
        return Orders is null ? Levels.Clear() : Orders.Clear();
    }

    /// <summary>Forgets content and counts: a fresh start for the next snapshot.</summary>
    public void Reset()
    {
        Implied?.Reset();
        if (Orders is null)
        {
            Levels.Reset();
        }
        else
        {
            Orders.Reset();
        }
    }

    /// <summary>The instrument's tick changed.</summary>
    public void SetTick(int quanta)
    {
        Levels.SetTick(quanta);
        Implied?.SetTick(quanta);
    }

    /// <summary>Takes over what another one counted.</summary>
    public void AddCounts(BookContent other)
    {
        Levels.AddCounts(other.Levels);
        Orders?.AddCounts(other.Orders!);
        Implied?.AddCounts(other.Implied!);
    }

    /// <summary>Applies the buffered increments that a snapshot does not contain, if they connect with it.</summary>
    /// <param name="buffer">The increments.</param>
    /// <param name="mark">Position in the buffer at which the snapshot began.</param>
    /// <param name="sequence">Of the snapshot; 0 where the venue has none.</param>
    /// <param name="chain">Where that leads.</param>
    public bool TryReplay(IncrementBuffer buffer, long mark, ulong sequence, out SequenceChain chain)
    {
        chain = SequenceChain.FromSnapshot(sequence);
        if (buffer.UnsequencedDroppedTail > mark)
        {
            return false;
        }

        TrimDepth();
        for (long at = buffer.Head; at < buffer.Tail; at++)
        {
            ref readonly MarketEvent e = ref buffer[at];
            if (at < mark && (e.VenueSequence == 0 || sequence == 0))
            {
                continue;
            }

            var admission = chain.Admit(in e);
            if (admission == Admission.Hole)
            {
                return false;
            }

            if (admission == Admission.Apply)
            {
                Apply(in e);
                bool isSoftEnd = IncrementBuffer.IsSoftEnd(in e);
                if (isSoftEnd)
                {
                    chain.SeeEnd(e.VenueSequence);
                }

                if (isSoftEnd || e.IsEndOfEvent)
                {
                    TrimDepth();
                }
            }
        }

        return true;
    }

    /// <summary>Whether both hold the very same, and know it to the same depth.</summary>
    public bool IsSame(BookContent other) =>
        Levels.IsSame(other.Levels)
        && (Implied is null || Implied.IsSame(other.Implied!))
        && (Orders is null || (Orders.IsPartial == other.Orders!.IsPartial && HasSameQueues(other)));

    /// <summary>Whether both can be true of one venue book: equal as far as both know.</summary>
    public bool Agrees(BookContent other)
    {
        if (Implied is not null && !Implied.Agrees(other.Implied!))
        {
            return false;
        }

        if (Orders is null)
        {
            return Levels.Agrees(other.Levels);
        }

        return Orders.IsPartial || other.Orders!.IsPartial || (Levels.IsSame(other.Levels) && HasSameQueues(other));
    }

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        Orders?.Dispose();
        Levels.Dispose();
        Implied?.Dispose();
    }

    private bool IsImplied(in MarketEvent e) =>
        Implied is not null && (e.Flags & EventFlags.ImpliedLevel) != 0 && !KindSet.Orders.Has(e.Kind);

    private bool HasSameQueues(BookContent other) =>
        HasSameQueues(other, Side.Bid, Levels.Bids) && HasSameQueues(other, Side.Ask, Levels.Asks);

    private bool HasSameQueues(BookContent other, Side side, BookSide levels)
    {
        for (var rank = 0; rank < levels.Count; rank++)
        {
            var left = Orders!.QueueAt(side, levels[rank].Price);
            var right = other.Orders!.QueueAt(side, levels[rank].Price);
            bool more = left.MoveNext();
            while (more)
            {
                if (!right.MoveNext() || left.Current != right.Current)
                {
                    return false;
                }

                more = left.MoveNext();
            }

            if (right.MoveNext())
            {
                return false;
            }
        }

        return true;
    }
}
