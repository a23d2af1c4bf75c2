namespace FlowEngine.Feeds.Captures;

/// <summary>A capture that cannot be read; the message is one line: file, offset, what is wrong, what to do.</summary>
public sealed class CaptureException : Exception
{
    /// <summary>A fault of the file as a whole.</summary>
    public CaptureException(string path, string what, string remedy, Exception? cause = null)
        : base($"{path}: {what}; {remedy}", cause)
    {
        Path = path;
    }

    /// <summary>A fault at a place in the file.</summary>
    public CaptureException(string path, long offset, string what, string remedy, Exception? cause = null)
        : base($"{path} at byte {offset}: {what}; {remedy}", cause)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The file as it was named.</summary>
    public string Path { get; }

    /// <summary>Byte of the (uncompressed) capture where the fault is, -1 where the whole file is meant.</summary>
    public long Offset { get; } = -1;
}
