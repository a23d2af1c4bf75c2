using FlowEngine.Feeds.Captures;

namespace FlowEngine.Feeds.Readers;

/// <summary>The venue packets of a network capture, byte for byte.</summary>
internal sealed class CaptureReader : FileReader
{
    private readonly CaptureFile _file;

    public CaptureReader(string path, Stream stream)
        : base(path, FeedVenue.Other) => _file = CaptureFile.Open(stream, path);

    /// <inheritdoc/>
    public override bool TellsVenueSequence => true;

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Capture;

    /// <inheritdoc/>
    public override string Place => $"packet {_file.VenuePackets}";

    /// <summary>What became of the frames.</summary>
    public CaptureStatistics Frames => _file.Statistics;

    /// <inheritdoc/>
    public override int ReadPacket(Span<byte> buffer, out long captureTimeNs)
    {
        if (!_file.TryRead(out VenueDatagram datagram))
        {
            captureTimeNs = 0;
            return 0;
        }

        Statistics.Records++;
        captureTimeNs = datagram.CaptureTimeNs;
        return datagram.WriteTo(buffer);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }

    private protected override bool ReadRecord() => false;
}
