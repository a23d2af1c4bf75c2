namespace FlowEngine.Client;

/// <summary>What became of a question on its way out.</summary>
public enum AskResult
{
    /// <summary>It is on its way: answer or timeout will follow.</summary>
    Sent,

    /// <summary>No engine listens.</summary>
    NotConnected,

    /// <summary>Aeron pushes back: ask again later.</summary>
    NotNow,

    /// <summary>As many questions as the client holds wait for answers.</summary>
    TooMany,
}
