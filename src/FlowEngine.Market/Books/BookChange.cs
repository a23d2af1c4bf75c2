namespace FlowEngine.Market;

/// <summary>What an event did to a book.</summary>
public enum BookChange : byte
{
    /// <summary>Nothing that a reader of the book would see.</summary>
    None = 0,

    /// <summary>Levels changed.</summary>
    Changed = 1,

    /// <summary>A snapshot was applied: difference signals must prime again.</summary>
    Primed = 2,

    /// <summary>The book was lost: it stands frozen until it is primed.</summary>
    Lost = 3,
}
