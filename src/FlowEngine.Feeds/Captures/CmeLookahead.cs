namespace FlowEngine.Feeds.Captures;

/// <summary>
/// The first packets of a CME capture, kept until it is known what the capture lacks: up to 4 MiB. They are handed out
/// behind the assumptions that stand in for it. One thread.
/// </summary>
internal sealed class CmeLookahead
{
    private const int CapacityBytes = 4 * 1024 * 1024;

    private readonly List<Kept> _kept = [];
    private readonly CmeSurvey _survey = new();
    private readonly Queue<byte[]> _assumptions = new();
    private byte[] _bytes = new byte[64 * 1024];
    private int _used;
    private int _next;

    /// <summary>Whether there is room for another packet.</summary>
    public bool HasRoom => _used <= CapacityBytes - VenueEnvelope.MaxPayloadLength;

    /// <summary>Packets that are left.</summary>
    public bool IsEmpty => _assumptions.Count == 0 && _next == _kept.Count;

    /// <summary>Keeps a packet.</summary>
    public void Add(scoped in VenueDatagram datagram)
    {
        if (_bytes.Length - _used < datagram.Payload.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + datagram.Payload.Length));
        }

        datagram.Payload.CopyTo(_bytes.AsSpan(_used));
        _kept.Add(new Kept(
            datagram.CaptureTimeNs, datagram.Port, datagram.Line, datagram.Venue, datagram.Format, _used,
            datagram.Payload.Length));
        _used += datagram.Payload.Length;
        if (datagram.Format == FeedFormat.CmeMdp3)
        {
            _survey.See(datagram.Payload);
        }
    }

    /// <summary>No more packets are kept: what is assumed is known.</summary>
    public void Close()
    {
        foreach (byte[] run in _survey.Assumptions(_kept[0].CaptureTimeNs))
        {
            _assumptions.Enqueue(run);
        }
    }

    /// <summary>Takes the next packet.</summary>
    public VenueDatagram Take(out bool isAssumed)
    {
        isAssumed = _assumptions.TryDequeue(out byte[]? run);
        if (isAssumed)
        {
            return new VenueDatagram(_kept[0].CaptureTimeNs, 0, 0, FeedVenue.Cme, FeedFormat.CmeAssumed, run);
        }

        Kept kept = _kept[_next++];
        return new VenueDatagram(
            kept.CaptureTimeNs, kept.Port, kept.Line, kept.Venue, kept.Format, _bytes.AsSpan(kept.Offset, kept.Length));
    }

    private readonly record struct Kept(
        long CaptureTimeNs, ushort Port, byte Line, ushort Venue, FeedFormat Format, int Offset, int Length);
}
