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
        string? levels = Find(book.Levels);
        if (levels is not null)
        {
            return $"instrument {book.InstrumentId}: {levels}";
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
