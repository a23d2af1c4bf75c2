namespace FlowEngine.Disruptor;

/// <summary>What a poll found.</summary>
public enum PollState
{
    /// <summary>Nothing is published that was not handled.</summary>
    Idle,

    /// <summary>Something is published, but the consumers before this one have not finished it.</summary>
    Gating,

    /// <summary>At least one event was handled.</summary>
    Processing,
}
