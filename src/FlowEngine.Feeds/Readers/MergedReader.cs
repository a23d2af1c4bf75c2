namespace FlowEngine.Feeds.Readers;

/// <summary>
/// The packets of two files as one stream by capture time; at the same time those of the first come first. Owns both.
/// </summary>
internal sealed class MergedReader : FileReader
{
    private readonly Pending _first;
    private readonly Pending _second;
    private Pending _newest;

    /// <summary>A merge; each of the two must be in order of time.</summary>
    public MergedReader(FileReader first, FileReader second)
        : base($"{first.Path} + {second.Path}", FeedVenue.Other)
    {
        _first = new Pending(first);
        _second = new Pending(second);
        _newest = _first;
    }

    /// <inheritdoc/>
    public override InputFormat Format => _first.Reader.Format;

    /// <inheritdoc/>
    public override string Place => $"{_newest.Reader.Path} {_newest.Reader.Place}";

    /// <inheritdoc/>
    public override int ReadPacket(Span<byte> buffer, out long captureTimeNs)
    {
        _first.Fill();
        _second.Fill();
        _newest = _second.Length == 0 || (_first.Length > 0 && _first.CaptureTimeNs <= _second.CaptureTimeNs)
            ? _first
            : _second;
        Statistics.Sum(_first.Reader.Statistics, _second.Reader.Statistics);
        return _newest.Take(buffer, out captureTimeNs);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _first.Reader.Dispose();
        _second.Reader.Dispose();
        base.Dispose();
    }

    private protected override bool ReadRecord() => false;

    /// <summary>A reader and the packet it will give next.</summary>
    private sealed class Pending(FileReader reader)
    {
        private readonly byte[] _packet = new byte[VenueEnvelope.MaxLength];
        private bool _isFull;

        public FileReader Reader { get; } = reader;

        public int Length { get; private set; }

        public long CaptureTimeNs { get; private set; }

        public void Fill()
        {
            if (!_isFull)
            {
                Length = Reader.ReadPacket(_packet, out long captureTimeNs);
                CaptureTimeNs = captureTimeNs;
                _isFull = true;
            }
        }

        public int Take(Span<byte> buffer, out long captureTimeNs)
        {
            _packet.AsSpan(0, Length).CopyTo(buffer);
            captureTimeNs = CaptureTimeNs;
            _isFull = Length == 0;
            return Length;
        }
    }
}
