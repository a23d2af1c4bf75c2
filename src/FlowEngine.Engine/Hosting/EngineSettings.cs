namespace FlowEngine.Engine;

/// <summary>Where an engine runs; what it computes is in <see cref="EngineOptions"/>.</summary>
public sealed record EngineSettings
{
    /// <summary>Aeron channel of the venue packets.</summary>
    public string FeedChannel { get; init; } = "aeron:ipc";

    /// <summary>Stream of the venue packets.</summary>
    public int FeedStream { get; init; } = 1001;

    /// <summary>Aeron channel of the signals.</summary>
    public string SignalChannel { get; init; } = "aeron:ipc";

    /// <summary>Stream of the signals.</summary>
    public int SignalStream { get; init; } = 2001;

    /// <summary>Aeron channel of the pre-trade questions.</summary>
    public string RequestChannel { get; init; } = "aeron:ipc";

    /// <summary>Stream of the pre-trade questions.</summary>
    public int RequestStream { get; init; } = 2003;

    /// <summary>Aeron channel of their answers.</summary>
    public string AnswerChannel { get; init; } = "aeron:ipc";

    /// <summary>Stream of their answers.</summary>
    public int AnswerStream { get; init; } = 2004;

    /// <summary>Hash every computed message; no timers but those of capture time.</summary>
    public bool Digest { get; init; }

    /// <summary>How ingress and engine are laid on threads.</summary>
    public ThreadLayout Threads { get; init; }

    /// <summary>The layout on this machine.</summary>
    public bool IsShared =>
        Threads == ThreadLayout.Shared || (Threads == ThreadLayout.Automatic && Environment.ProcessorCount <= 2);

    /// <summary>What idle threads do.</summary>
    public IdleKind Idle { get; init; }
}
