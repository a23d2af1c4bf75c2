using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Readers.Lean;

namespace FlowEngine.Feeds.Readers;

/// <summary>
/// The venue packets of files of any known format, one file after the other, due as far apart as they were captured.
/// Each file begins where the one before ended; a time that runs backwards is due at once. Two files that are quotes
/// and trades of one day (Lean) are read as one, by time. One thread.
/// </summary>
public sealed class FileSource : IPacketSource, IDisposable
{
    private readonly Func<string, FileReader> _open;
    private readonly string[] _paths;
    private int _next = 1;
    private long _fileStartNs;
    private long _firstCaptureNs;
    private bool _hasFirst;
    private long _newestNs;
    private long _truncatedBefore;
    private FileReader? _opened;

    /// <summary>Opens the first file.</summary>
    /// <param name="paths">At least one file.</param>
    /// <param name="open">How a file is opened.</param>
    /// <exception cref="CaptureException">The first file cannot be read.</exception>
    public FileSource(IReadOnlyList<string> paths, Func<string, FileReader> open)
    {
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        _paths = [.. paths];
        _open = open;
        File = OpenPair(open(_paths[0]));
    }

    /// <inheritdoc/>
    public int MaxPacketLength => VenueEnvelope.MaxLength;

    /// <summary>The file being read.</summary>
    public FileReader File { get; private set; }

    /// <summary>Packets of which captures kept only the start, all files so far.</summary>
    public long Truncated => _truncatedBefore + TruncatedHere;

    private long TruncatedHere => (File as CaptureReader)?.Frames.Truncated ?? 0;

    /// <inheritdoc/>
    /// <exception cref="CaptureException">A file is corrupt or cannot be opened.</exception>
    public int NextPacket(Span<byte> buffer, out long dueTimeOffsetNs)
    {
        while (true)
        {
            int length = File.ReadPacket(buffer, out long captureTimeNs);
            if (length > 0)
            {
                _firstCaptureNs = _hasFirst ? _firstCaptureNs : captureTimeNs;
                _hasFirst = true;
                _newestNs = Math.Max(_newestNs, _fileStartNs + (captureTimeNs - _firstCaptureNs));
                dueTimeOffsetNs = _newestNs;
                return length;
            }

            if (_next == _paths.Length && _opened is null)
            {
                dueTimeOffsetNs = _newestNs;
                return 0;
            }

            _truncatedBefore += TruncatedHere;
            File.Dispose();
            FileReader next = _opened ?? _open(_paths[_next++]);
            _opened = null;
            File = OpenPair(next);
            _fileStartNs = _newestNs;
            _hasFirst = false;
        }
    }

    /// <summary>Closes the file being read.</summary>
    public void Dispose()
    {
        File.Dispose();
        _opened?.Dispose();
    }

    // Quotes and trades of one day, given side by side, are one stream: a trade of the same millisecond comes first, as
    // it met the quote before.
    private FileReader OpenPair(FileReader file)
    {
        if (file is not LeanReader lean || _next == _paths.Length)
        {
            return file;
        }

        FileReader beside = _open(_paths[_next++]);
        if (beside is LeanReader other && lean.Name.IsPairOf(other.Name))
        {
            return lean.Name.IsQuotes ? new MergedReader(other, lean) : new MergedReader(lean, other);
        }

        _opened = beside;
        return file;
    }
}
