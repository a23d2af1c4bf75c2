namespace FlowEngine.Feeds.Framing;

/// <summary>What a <see cref="FrameCursor"/> came to.</summary>
public enum FrameStep
{
    /// <summary>A message, or a run of messages.</summary>
    Frame,

    /// <summary>The end of the bytes, between two messages.</summary>
    End,

    /// <summary>The end of the bytes inside something: a stream has to go on, a datagram is damaged.</summary>
    Incomplete,

    /// <summary>Something that cannot be: nothing behind it can be found.</summary>
    Damaged,
}
