namespace FlowEngine.Feeds.Captures;

/// <summary>
/// The venue packets of capture files, one file after the other, due as far apart as they were captured. Each file
/// begins where the one before ended; a time that runs backwards is due at once. One thread.
/// </summary>
public sealed class CaptureSource : IPacketSource, IDisposable
{
    private readonly string[] _paths;
    private CaptureFile _file;
    private int _next = 1;
    private long _fileStartNs;
    private long _firstCaptureNs = -1;
    private long _newestNs;

    /// <summary>Opens the first file.</summary>
    /// <param name="paths">At least one file.</param>
    /// <exception cref="CaptureException">The first file cannot be read.</exception>
    public CaptureSource(params IReadOnlyList<string> paths)
    {
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        _paths = [.. paths];
        _file = CaptureFile.Open(_paths[0]);
    }

    /// <inheritdoc/>
    public int MaxPacketLength => VenueEnvelope.MaxLength;

    /// <summary>The file being read.</summary>
    public CaptureFile File => _file;

    /// <inheritdoc/>
    /// <exception cref="CaptureException">A file is corrupt or cannot be opened.</exception>
    public int NextPacket(Span<byte> buffer, out long dueTimeOffsetNs)
    {
        while (true)
        {
            if (_file.TryRead(out VenueDatagram datagram))
            {
                if (_firstCaptureNs < 0)
                {
                    _firstCaptureNs = datagram.CaptureTimeNs;
                }

                _newestNs = Math.Max(_newestNs, _fileStartNs + (datagram.CaptureTimeNs - _firstCaptureNs));
                dueTimeOffsetNs = _newestNs;
                return datagram.WriteTo(buffer);
            }

            if (_next == _paths.Length)
            {
                dueTimeOffsetNs = _newestNs;
                return 0;
            }

            _file.Dispose();
            _file = CaptureFile.Open(_paths[_next++]);
            _fileStartNs = _newestNs;
            _firstCaptureNs = -1;
        }
    }

    /// <summary>Closes the file being read.</summary>
    public void Dispose() => _file.Dispose();
}
