namespace FlowEngine.Aeron.Driver;

/// <summary>Another driver is alive in the directory.</summary>
public sealed class ActiveDriverException(string directory, string detail)
    : AeronException($"active media driver detected in {directory}: {detail}")
{
    /// <summary>The directory.</summary>
    public string Directory { get; } = directory;
}
