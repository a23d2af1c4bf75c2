namespace FlowEngine.Market;

/// <summary>Whether a book can be believed.</summary>
public enum BookState : byte
{
    /// <summary>Never had a snapshot: increments are buffered.</summary>
    WaitingForSnapshot = 0,

    /// <summary>Equal to the venue's book at the book's VenueSequence.</summary>
    Live = 1,

    /// <summary>Increments were lost: the book is frozen, increments are buffered until a snapshot heals it.</summary>
    Gap = 2,
}
