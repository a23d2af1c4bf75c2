using System.Buffers.Binary;
using FlowEngine.Feeds.Captures;

namespace FlowEngine.Feeds.Readers.Flow;

/// <summary>
/// Reads a <c>.flow</c> file. A packet whose checksum differs is refused and the next one read; a file without its end
/// is read to its last whole packet.
/// </summary>
internal sealed class FlowReader : FileReader
{
    private readonly CaptureStream _stream;
    private bool _ended;

    /// <summary>A reader that owns the stream.</summary>
    /// <exception cref="CaptureException">Not a file of a known version.</exception>
    public FlowReader(string path, Stream stream)
        : base(path, FeedVenue.Other)
    {
        _stream = new CaptureStream(stream, path);
        if (!_stream.TryTake(FlowLayout.HeaderLength, out ReadOnlySpan<byte> header)
            || !header.StartsWith(FlowLayout.Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != FlowLayout.Version)
        {
            throw new CaptureException(path, 0, "is no .flow file of version 1", "import it again");
        }
    }

    /// <inheritdoc/>
    public override bool TellsVenueSequence => true;

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Flow;

    /// <inheritdoc/>
    public override string Place => $"packet {Statistics.Records} (before byte {_stream.Offset})";

    /// <inheritdoc/>
    public override int ReadPacket(Span<byte> buffer, out long captureTimeNs)
    {
        captureTimeNs = 0;
        while (!_ended)
        {
            int length = TryReadFrame(buffer);
            if (length > 0)
            {
                FeedDecoder.TryReadCaptureTime(buffer[..length], out captureTimeNs);
                return length;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stream.Dispose();
        base.Dispose();
    }

    private protected override bool ReadRecord() => false;

    // 0: refused, or the end.
    private int TryReadFrame(Span<byte> buffer)
    {
        try
        {
            long offset = _stream.Offset;
            if (!_stream.TryTake(FlowLayout.FrameHeaderLength, out ReadOnlySpan<byte> header))
            {
                return CutOff(offset);
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            if (length == 0)
            {
                ReadEnd(offset, checksum);
                return 0;
            }

            if (length > VenueEnvelope.MaxLength)
            {
                return CutOff(offset);
            }

            if (!_stream.TryTake((int)length, out ReadOnlySpan<byte> packet))
            {
                return CutOff(offset);
            }

            Statistics.Records++;
            if (Crc32.Of(packet) != checksum)
            {
                Statistics.Refuse($"byte {offset}", "a packet's checksum differs");
                return 0;
            }

            packet.CopyTo(buffer);
            return packet.Length;
        }
        catch (CaptureException fault)
        {
            _ended = true;
            Statistics.IsCutOff = true;
            Statistics.Refuse(Place, fault.Message);
            return 0;
        }
    }

    private void ReadEnd(long offset, uint checksum)
    {
        _ended = true;
        long packets = Statistics.Records;
        long entries = (packets + FlowLayout.IndexInterval - 1) / FlowLayout.IndexInterval;
        long length = (entries * FlowLayout.EntryLength) + FlowLayout.TotalsLength + FlowLayout.EndLength;
        if (length > int.MaxValue || !_stream.TryTake((int)length, out ReadOnlySpan<byte> index)
            || Crc32.Of(index[..^FlowLayout.EndLength]) != checksum || !index.EndsWith(FlowLayout.EndMagic))
        {
            Statistics.IsCutOff = true;
            Statistics.Refuse($"byte {offset}", $"the index is not whole; {packets} packets were read");
        }
    }

    private int CutOff(long offset)
    {
        _ended = true;
        Statistics.IsCutOff = true;
        Statistics.Refuse(
            $"byte {offset}", $"the file ends without its index: its writer was stopped after {Statistics.Records} "
                + "whole packets");
        return 0;
    }
}
