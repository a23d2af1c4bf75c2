namespace FlowEngine.Aeron;

/// <summary>Something between client and driver went wrong at set-up.</summary>
public class AeronException : Exception
{
    public AeronException(string message)
        : base(message)
    {
    }

    public AeronException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The driver refused a command.</summary>
public sealed class RegistrationException(long correlationId, ErrorCode code, string message)
    : AeronException($"the driver refused: {code}: {message}")
{
    /// <summary>The refused command.</summary>
    public long CorrelationId { get; } = correlationId;

    /// <summary>Why.</summary>
    public ErrorCode Code { get; } = code;
}

/// <summary>The endpoint of a channel in use has failed.</summary>
public sealed class ChannelEndpointException(int statusId, string message)
    : AeronException($"channel endpoint error: {message}")
{
    /// <summary>Counter of the channel's status.</summary>
    public int StatusId { get; } = statusId;
}

/// <summary>There is no driver, it has stopped, or it does not answer.</summary>
public sealed class DriverTimeoutException(string message) : AeronException(message);

/// <summary>This client was away too long: the driver has dropped it, or will.</summary>
public sealed class ClientTimeoutException(string message) : AeronException(message);
