namespace FlowEngine.Aeron;

/// <summary>What offer and claim return instead of a position.</summary>
public static class PublicationResult
{
    /// <summary>There is no subscriber.</summary>
    public const long NotConnected = -1;

    /// <summary>Subscribers are a window behind: try again.</summary>
    public const long BackPressured = -2;

    /// <summary>A term was just changed: try again at once.</summary>
    public const long AdminAction = -3;

    /// <summary>The publication, the client or the driver is closed.</summary>
    public const long Closed = -4;

    /// <summary>The stream is used up, after 2^31 terms: add the publication anew.</summary>
    public const long MaxPositionExceeded = -5;

    /// <summary>Name of a result, or the position.</summary>
    public static string Describe(long result) => result switch
    {
        NotConnected => nameof(NotConnected),
        BackPressured => nameof(BackPressured),
        AdminAction => nameof(AdminAction),
        Closed => nameof(Closed),
        MaxPositionExceeded => nameof(MaxPositionExceeded),
        _ => $"position {result}",
    };
}
