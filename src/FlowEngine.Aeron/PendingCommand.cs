namespace FlowEngine.Aeron;

/// <summary>The one command a client waits for at a time. Under the conductor's lock.</summary>
internal sealed class PendingCommand
{
    private long _correlationId;
    private bool _isActive;

    /// <summary>Channel or label, for messages.</summary>
    public string What { get; private set; } = "";

    /// <summary>The subscription asked for: it must be there before its first image is.</summary>
    public Subscription? Subscription { get; set; }

    /// <summary>Whether the answer came.</summary>
    public bool IsDone => Result is not null || Failure is not null;

    /// <summary>What was asked for.</summary>
    public object? Result { get; private set; }

    /// <summary>Why not.</summary>
    public Exception? Failure { get; private set; }

    public void Start(long correlationId, string what)
    {
        Reset();
        _correlationId = correlationId;
        _isActive = true;
        What = what;
    }

    public bool Is(long correlationId) => _isActive && !IsDone && _correlationId == correlationId;

    public void Complete(object result) => Result = result;

    public void Fail(Exception failure) => Failure = failure;

    public void Reset()
    {
        _isActive = false;
        Subscription = null;
        Result = null;
        Failure = null;
    }
}
