namespace FlowEngine.Market;

/// <summary>What became of one change offered to a side of a book.</summary>
internal enum LevelChange : byte
{
    /// <summary>Held levels changed.</summary>
    Changed = 0,

    /// <summary>Held levels changed, and the worst one made room: depth is partial from here.</summary>
    ChangedEvicting = 1,

    /// <summary>The price lies at or beyond the depth that is held: nothing changed.</summary>
    BeyondDepth = 2,

    /// <summary>There is no such level: nothing changed.</summary>
    UnknownLevel = 3,

    /// <summary>A delta took more than the level held: the level is gone.</summary>
    NegativeResult = 4,

    /// <summary>Lots of 0 or less, an unknown side or an overflow: nothing changed.</summary>
    Refused = 5,
}
