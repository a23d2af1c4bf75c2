namespace FlowEngine.Feeds.Cme;

/// <summary>Which of a channel's feeds a packet is of.</summary>
internal enum CmeFeed : byte
{
    /// <summary>What happens, in one sequence; lost packets are gaps.</summary>
    Increments,

    /// <summary>Snapshots or definitions that come round again: a lost packet comes with the next round.</summary>
    Loop,

    /// <summary>A heartbeat alone: of which feed nobody can tell.</summary>
    Silence,
}
