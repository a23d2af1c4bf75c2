namespace FlowEngine.Feeds.Captures;

/// <summary>
/// The venue packets of a capture file, in file order. Where a CME capture lacks definitions or snapshots, packets that
/// say what is assumed in their place come first (<see cref="FeedFormat.CmeAssumed"/>); an empty one comes last:
/// nothing follows that what is under way could wait for. One thread.
/// </summary>
public sealed class CaptureFile : IDisposable
{
    private readonly PcapReader _reader;
    private CmeLookahead? _lookahead;
    private CaptureException? _faultBehind;
    private bool _hasLookedAhead;
    private bool _hasEnded;
    private long _newestNs;

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

    /// <summary>Venue packets handed out, without those of assumptions.</summary>
    public long VenuePackets { get; private set; }

    /// <summary>Packets of assumptions handed out.</summary>
    public long AssumedPackets { get; private set; }

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
        if (_lookahead is null)
        {
            if (!TryReadNext(out datagram))
            {
                return TryEnd(out datagram);
            }

            _newestNs = Math.Max(_newestNs, datagram.CaptureTimeNs);

            if (_hasLookedAhead || datagram.Format != FeedFormat.CmeMdp3)
            {
                VenuePackets++;
                return true;
            }

            _lookahead = LookAhead(in datagram);
        }

        if (_lookahead.IsEmpty)
        {
            _lookahead = null;
            datagram = default;
            throw _faultBehind!;
        }

        datagram = _lookahead.Take(out bool isAssumed);
        _newestNs = Math.Max(_newestNs, datagram.CaptureTimeNs);
        VenuePackets += isAssumed ? 0 : 1;
        AssumedPackets += isAssumed ? 1 : 0;
        _lookahead = _lookahead.IsEmpty && _faultBehind is null ? null : _lookahead;
        return true;
    }

    private bool TryEnd(out VenueDatagram datagram)
    {
        bool isEnd = _hasLookedAhead && !_hasEnded;
        _hasEnded = true;
        AssumedPackets += isEnd ? 1 : 0;
        datagram = isEnd
            ? new VenueDatagram(_newestNs, 0, 0, FeedVenue.Cme, FeedFormat.CmeAssumed, default)
            : default;
        return isEnd;
    }

    private CmeLookahead LookAhead(scoped in VenueDatagram first)
    {
        _hasLookedAhead = true;
        var lookahead = new CmeLookahead();
        lookahead.Add(in first);
        try
        {
            while (lookahead.HasRoom && TryReadNext(out VenueDatagram next))
            {
                lookahead.Add(in next);
            }
        }
        catch (CaptureException fault)
        {
            // It is told when what lies before it has been handed out.
            _faultBehind = fault;
        }

        lookahead.Close();
        return lookahead;
    }

    private bool TryReadNext(out VenueDatagram datagram)
    {
        while (_reader.TryRead(out CapturedPacket packet))
        {
            if (CapturePackets.TryRecognise(in packet, out datagram))
            {
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
