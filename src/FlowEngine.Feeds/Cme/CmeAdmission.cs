namespace FlowEngine.Feeds.Cme;

/// <summary>What a channel says of a packet.</summary>
internal enum CmeAdmission : byte
{
    /// <summary>It is the next one.</summary>
    Take,

    /// <summary>The channel had it already, over the other line.</summary>
    Copy,

    /// <summary>Packets before it are missing.</summary>
    Early,

    /// <summary>The venue began its sequence anew.</summary>
    Restart,
}
