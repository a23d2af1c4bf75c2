namespace FlowEngine.Market;

/// <summary>
/// All invariants of a book in one place: called by tests after every event, and at event boundaries in FLOW_CHECKS
/// builds. O(levels).
/// </summary>
public static class BookCheck
{
    /// <summary>Looks for a broken invariant of a book at an event boundary.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Find(InstrumentBook book)
    {
        var content = book.Content;
        string? broken = content.Orders is { } orders ? Find(orders) : Find(content.Levels);
        if (broken is null && content.Implied is { } implied)
        {
            broken = Find(implied) is { } wrong ? $"implied {wrong}" : null;
        }

        if (broken is not null)
        {
            return $"instrument {book.InstrumentId}: {broken}";
        }

        if (book.State == BookState.Live && book.Buffered != 0)
        {
            return $"instrument {book.InstrumentId}: live with {book.Buffered} increments still buffered";
        }

        bool flaggedGap = (book.Validity & ValidityFlags.Gap) != 0;
        if (flaggedGap == (book.State == BookState.Live))
        {
            return $"instrument {book.InstrumentId}: {book.State} but Gap flag {flaggedGap}";
        }

        return FindUnflagged(book);
    }

    /// <summary>Looks for a broken invariant of the levels alone, which hold between events too.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Find(PriceLevelBook book) =>
        FindInSide(book, Side.Bid, book.Bids) ?? FindInSide(book, Side.Ask, book.Asks);

    /// <summary>Looks for a broken invariant of an order book. O(orders × length of their queues).</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Find(OrderBook book)
    {
        if (Find(book.Levels) is { } levels)
        {
            return levels;
        }

        var orders = 0;
        string? broken = FindInQueues(book, Side.Bid, book.Levels.Bids, ref orders)
            ?? FindInQueues(book, Side.Ask, book.Levels.Asks, ref orders);
        return broken ?? (orders == book.Count ? null : $"{orders} orders in queues, {book.Count} in all");
    }

    /// <summary>Looks for a broken invariant of a view over several books. O(levels).</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Find(ConsolidatedBook book)
    {
        foreach (var side in (ReadOnlySpan<Side>)[Side.Bid, Side.Ask])
        {
            var levels = new ConsolidatedLevel[4096];
            int count = book.Read(side, levels);
            for (var rank = 0; rank < count; rank++)
            {
                var level = levels[rank];
                if (level.Lots <= 0 || level.Members == 0 || (level.Members & ~book.CleanMembers) != 0)
                {
                    return $"{side} rank {rank} is {level}, clean are {book.CleanMembers:x}";
                }

                if (rank > 0 && !IsBetter(side, levels[rank - 1].Price, level.Price))
                {
                    return $"{side} rank {rank} at {level.Price} is not worse than {levels[rank - 1].Price} before it";
                }
            }
        }

        return null;
    }

    private static string? FindInQueues(OrderBook book, Side side, BookSide levels, ref int orders)
    {
        for (var rank = 0; rank < levels.Count; rank++)
        {
            var level = levels[rank];
            var ahead = default(QueuePosition);
            long lots = 0;
            var count = 0;
            foreach (var order in book.QueueAt(side, level.Price))
            {
                if (order.Side != side || order.Price != level.Price || order.Lots <= 0)
                {
                    return $"{order} stands in the queue of {side} {level.Price}";
                }

                if (!book.TryFindInQueue(order.Id, out ahead) || ahead.Order != order)
                {
                    return $"{order} is not found by its id";
                }

                if (ahead.LotsAhead != lots || ahead.OrdersAhead != count || ahead.LevelLots != level.Lots)
                {
                    return $"{ahead} after {count} orders of {lots} lots, of {level}";
                }

                lots += order.Lots;
                count++;
            }

            if (lots != level.Lots || count == 0 || ahead.LevelOrders != count)
            {
                return $"{side} {level.Price} holds {level.Lots} lots, its {count} orders {lots}";
            }

            orders += count;
        }

        return null;
    }

    private static string? FindUnflagged(InstrumentBook book)
    {
        bool hasBid = book.Bids.TryBest(out var bid);
        bool hasAsk = book.Asks.TryBest(out var ask);
        var expected = ValidityFlags.None;
        if (!hasBid || !hasAsk)
        {
            expected = hasBid == hasAsk ? ValidityFlags.Empty : ValidityFlags.OneSided;
        }
        else if (bid.Price >= ask.Price)
        {
            expected = bid.Price == ask.Price ? ValidityFlags.Locked : ValidityFlags.Crossed;
        }

        const ValidityFlags Shape =
            ValidityFlags.Empty | ValidityFlags.OneSided | ValidityFlags.Locked | ValidityFlags.Crossed;
        var flagged = book.Validity & Shape;
        return flagged == expected ? null : $"instrument {book.InstrumentId}: is {expected} but flagged {flagged}";
    }

    private static string? FindInSide(PriceLevelBook book, Side side, BookSide levels)
    {
        if (book.FindBroken(side) is { } broken)
        {
            return $"{side}: {broken}";
        }

        if (levels.Count > book.LevelsPerSide)
        {
            return $"{side} holds {levels.Count} levels of at most {book.LevelsPerSide}";
        }

        for (var rank = 0; rank < levels.Count; rank++)
        {
            var level = levels[rank];
            if (level.Lots <= 0)
            {
                return $"{side} rank {rank} holds {level.Lots} lots at {level.Price}";
            }

            if (rank > 0 && !IsBetter(side, levels[rank - 1].Price, level.Price))
            {
                return $"{side} rank {rank} at {level.Price} is not worse than {levels[rank - 1].Price} before it";
            }
        }

        if (levels.Count > 0
            && book.TryHorizon(side, out long horizon)
            && !IsBetter(side, levels[levels.Count - 1].Price, horizon))
        {
            return $"{side} holds {levels[levels.Count - 1].Price}, beyond its horizon {horizon}";
        }

        return null;
    }

    private static bool IsBetter(Side side, long price, long than) => side == Side.Bid ? price > than : price < than;
}
