using FlowEngine.Feeds.Captures;

namespace FlowEngine.Feeds.Readers;

/// <summary>
/// The records of one file as venue packets of normalised messages, one record a packet where it fits. Whatever the
/// bytes, it neither throws nor stops before the end: what it cannot read it counts and names. One thread.
/// </summary>
public abstract class FileReader : IDisposable
{
    private readonly NormalisedRun _run;
    private FileStream? _file;
    private bool _ended;

    private protected FileReader(string path, ushort venue)
    {
        Path = path;
        _run = new NormalisedRun(venue);
    }

    /// <summary>The file as it was named.</summary>
    public string Path { get; }

    /// <summary>How the file is written.</summary>
    public abstract InputFormat Format { get; }

    /// <summary>What became of the records so far.</summary>
    public ReadStatistics Statistics { get; } = new();

    /// <summary>Where the packet last handed out comes from, for messages: line or byte.</summary>
    public abstract string Place { get; }

    /// <summary>Whether book updates carry the venue's own sequence; else the reader counts them.</summary>
    public virtual bool TellsVenueSequence => false;

    /// <summary>How much of the file on disk has been read, 0 to 1; 0 where its length is not known.</summary>
    public double Fraction => _file is { CanSeek: true, Length: > 0 } file ? (double)file.Position / file.Length : 0;

    /// <summary>Where the next record's messages go.</summary>
    private protected NormalisedRun Run => _run;

    /// <summary>Writes the next packet as a whole <c>venuePacket</c> message.</summary>
    /// <param name="buffer">At least <see cref="VenueEnvelope.MaxLength"/> bytes.</param>
    /// <param name="captureTimeNs">When it was captured, nanoseconds since epoch.</param>
    /// <returns>Bytes written; 0 at the end of the file.</returns>
    public virtual int ReadPacket(Span<byte> buffer, out long captureTimeNs)
    {
        int length;
        while (!_run.TryTake(buffer, out length))
        {
            _run.Clear();
            if (_ended || !TryReadRecord())
            {
                _ended = true;
                break;
            }
        }

        captureTimeNs = _run.CaptureTimeNs;
        return length;
    }

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The file on disk behind the stream, to tell how far it was read.</summary>
    internal void Follow(FileStream file) => _file = file;

    /// <summary>Reads one record into <see cref="Run"/>; a record may have no messages.</summary>
    /// <returns>False at the end of the file.</returns>
    private protected abstract bool ReadRecord();

    private bool TryReadRecord()
    {
        try
        {
            return ReadRecord();
        }
        catch (Exception fault) when (fault is CaptureException or IOException or InvalidDataException)
        {
            Statistics.IsCutOff = true;
            Statistics.Refuse(Place, $"the file cannot be read on from here ({fault.Message})");
            return false;
        }
    }
}
