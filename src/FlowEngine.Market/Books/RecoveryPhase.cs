namespace FlowEngine.Market;

/// <summary>Where a book stands on its way to being believed: <see cref="BookState"/> seen more closely.</summary>
public enum RecoveryPhase : byte
{
    /// <summary>Never had a snapshot, and nothing is buffered.</summary>
    WaitingForSnapshot = 0,

    /// <summary>Never had a snapshot; increments are buffered for it.</summary>
    Buffering = 1,

    /// <summary>Equal to the venue's book.</summary>
    Live = 2,

    /// <summary>Increments were lost; the book is frozen, later ones are buffered.</summary>
    Gap = 3,

    /// <summary>A snapshot to heal it, or to begin with, is being received.</summary>
    Resync = 4,
}
