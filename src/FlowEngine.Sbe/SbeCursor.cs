namespace FlowEngine.Sbe;

/// <summary>Where a message writer stands; shared by the writer and the group writers it hands out.</summary>
public struct SbeCursor
{
    /// <summary>Bytes written so far, header included: where the next entry, group or data goes.</summary>
    public int Position;

    /// <summary>Entries announced but not yet begun, over all open groups; kept by checked builds only.</summary>
    public int Remaining;
}
