namespace FlowEngine.Aeron;

/// <summary>One command under way. Under the conductor's lock.</summary>
internal sealed class Registration(RegistrationKind kind, long correlationId, string what, long deadlineNs)
{
    public RegistrationKind Kind => kind;

    public long CorrelationId => correlationId;

    /// <summary>Channel or label, for messages and for what is made of it.</summary>
    public string What => what;

    /// <summary>When the driver is taken for deaf.</summary>
    public long DeadlineNs => deadlineNs;

    /// <summary>The subscription asked for: it must be there before its first image is.</summary>
    public Subscription? Subscription { get; init; }

    /// <summary>What was asked for.</summary>
    public object? Result { get; private set; }

    /// <summary>Why not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the answer came.</summary>
    public bool IsDone => Result is not null || Failure is not null;

    public void Complete(object result) => Result = result;

    public void Fail(Exception failure) => Failure = failure;
}
