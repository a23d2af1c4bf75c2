namespace FlowEngine.Core.Agents;

/// <summary>Whether a thread runs on the one processor it was asked to.</summary>
public enum Pinning
{
    /// <summary>Any processor will do.</summary>
    NotAsked,

    /// <summary>It is pinned.</summary>
    Pinned,

    /// <summary>The system refused: there is no such processor, or it is not ours.</summary>
    Refused,

    /// <summary>This is not Linux: the thread runs anywhere.</summary>
    Unsupported,
}
