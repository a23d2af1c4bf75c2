namespace FlowEngine.Aeron.Logs;

/// <summary>What a log buffer belongs to; byte 497 of its metadata.</summary>
public enum LogType : byte
{
    /// <summary>Publication with any number of publishing threads.</summary>
    ConcurrentPublication = 0,

    /// <summary>Publication with one publishing thread.</summary>
    ExclusivePublication = 1,

    /// <summary>Receiving side of a UDP stream.</summary>
    Image = 2,
}
