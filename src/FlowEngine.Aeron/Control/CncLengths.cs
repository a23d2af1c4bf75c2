using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Control;

/// <summary>Lengths of the sections of a CnC file, with Aeron's defaults.</summary>
public readonly record struct CncLengths
{
    public CncLengths()
    {
    }

    /// <summary>Commands, with the ring's trailer.</summary>
    public int ToDriver { get; init; } = (1024 * 1024) + ManyToOneRing.TrailerLength;

    /// <summary>Responses, with the broadcast trailer.</summary>
    public int ToClients { get; init; } = (1024 * 1024) + BroadcastTransmitter.TrailerLength;

    /// <summary>Counter values, 128 bytes a counter.</summary>
    public int CounterValues { get; init; } = 8 * 1024 * 1024;

    /// <summary>Error log.</summary>
    public int ErrorLog { get; init; } = 4 * 1024 * 1024;

    /// <summary>Page the file length is rounded up to.</summary>
    public int FilePageSize { get; init; } = 4096;

    /// <summary>Counter metadata: 512 bytes a counter.</summary>
    public int CounterMetadata => CounterValues * 4;

    /// <summary>Length of the whole file.</summary>
    public long FileLength => CacheLine.Align(
        (long)CncFile.HeaderLength + ToDriver + ToClients + ((long)CounterValues * 5) + ErrorLog, FilePageSize);
}
