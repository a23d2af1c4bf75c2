namespace FlowEngine.Aeron;

/// <summary>What the status counter of a channel may hold.</summary>
public static class ChannelStatus
{
    /// <summary>There is no counter: the resource is closed. Also the id of no counter.</summary>
    public const long NoIdAllocated = -1;

    /// <summary>The endpoint could not be set up, or has failed. Aeron uses the same number for both.</summary>
    public const long Errored = -1;

    /// <summary>Being set up.</summary>
    public const long Initializing = 0;

    /// <summary>In use.</summary>
    public const long Active = 1;

    /// <summary>Being closed.</summary>
    public const long Closing = 2;

    /// <summary>Name of a status.</summary>
    public static string Describe(long status) => status switch
    {
        Errored => nameof(Errored),
        Initializing => nameof(Initializing),
        Active => nameof(Active),
        Closing => nameof(Closing),
        _ => $"unknown ({status})",
    };
}
