namespace FlowEngine.Feeds.Captures;

/// <summary>The venue packets of a capture file, in file order. One thread.</summary>
public sealed class CaptureFile : IDisposable
{
    private readonly PcapReader _reader;

    private CaptureFile(string path, PcapReader reader)
    {
        Path = path;
        _reader = reader;
    }

    /// <summary>The file as it was named.</summary>
    public string Path { get; }

    /// <summary>How the file is written.</summary>
    public CaptureFormat Format => _reader.Format;

    /// <summary>What became of the frames so far.</summary>
    public CaptureStatistics Statistics => _reader.Statistics;

    /// <summary>Venue packets handed out.</summary>
    public long VenuePackets { get; private set; }

    /// <summary>Datagrams passed over because no decoder understands them.</summary>
    public long OtherDatagrams { get; private set; }

    /// <summary>Opens a capture.</summary>
    /// <exception cref="CaptureException">No such file, or none that can be read; the message is one line.</exception>
    public static CaptureFile Open(string path) => new(path, PcapReader.Open(path));

    /// <summary>Reads a capture from a stream, which is then owned here.</summary>
    /// <exception cref="CaptureException">It is no capture that can be read.</exception>
    public static CaptureFile Open(Stream stream, string name) => new(name, PcapReader.Open(stream, name));

    /// <summary>Reads the next venue packet.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CaptureException">The file is corrupt here.</exception>
    public bool TryRead(out VenueDatagram datagram)
    {
        while (_reader.TryRead(out CapturedPacket packet))
        {
            if (CapturePackets.TryRecognise(in packet, out datagram))
            {
                VenuePackets++;
                return true;
            }

            OtherDatagrams++;
        }

        datagram = default;
        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _reader.Dispose();
}
