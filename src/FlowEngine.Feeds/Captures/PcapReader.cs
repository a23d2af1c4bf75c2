using System.IO.Compression;

namespace FlowEngine.Feeds.Captures;

/// <summary>
/// UDP datagrams of a pcap or pcapng file, plain or gzipped, in file order, through one buffer whatever the file's
/// size. One thread.
/// </summary>
public sealed class PcapReader : IDisposable
{
    private const string Expected = "give a pcap or pcapng capture, plain or gzipped";

    private readonly CaptureStream _stream;
    private readonly FrameSource _source;
    private bool _ended;

    private PcapReader(CaptureStream stream, FrameSource source, CaptureFormat format)
    {
        _stream = stream;
        _source = source;
        Format = format;
    }

    /// <summary>How the (uncompressed) file is written.</summary>
    public CaptureFormat Format { get; }

    /// <summary>What became of the frames so far.</summary>
    public CaptureStatistics Statistics { get; } = new();

    /// <summary>Opens a file and tells its format from its content.</summary>
    /// <exception cref="CaptureException">No such file, or none that can be read.</exception>
    public static PcapReader Open(string path) => Open(OpenFile(path), path);

    /// <summary>Reads a capture from a stream, which the reader then owns.</summary>
    /// <param name="stream">At the first byte of the capture.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="CaptureException">It is no capture that can be read.</exception>
    public static PcapReader Open(Stream stream, string name)
    {
        var reader = new CaptureStream(stream, name);
        try
        {
            CaptureFormat format = CaptureFormats.Detect(reader.Peek(CaptureFormats.MagicLength));
            if (format == CaptureFormat.Gzip)
            {
                var inner = new GZipStream(new PeekedStream(reader, stream), CompressionMode.Decompress);
                reader = new CaptureStream(inner, name);
                format = CaptureFormats.Detect(reader.Peek(CaptureFormats.MagicLength));
            }

            FrameSource source = format switch
            {
                CaptureFormat.Pcap => new PcapSource(reader),
                CaptureFormat.PcapNg => new PcapNgSource(reader),
                _ when reader.Peek(1).IsEmpty => throw new CaptureException(name, "is empty", Expected),
                _ => throw new CaptureException(name, 0, "is no capture (unknown first bytes)", Expected),
            };
            return new PcapReader(reader, source, format);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next UDP datagram; whatever else is in the file is counted and passed over.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CaptureException">The file is corrupt here.</exception>
    public bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        while (!_ended)
        {
            if (!_source.TryRead(out CapturedFrame frame))
            {
                _ended = true;
                Statistics.Truncated += _source.IsCutOff ? 1 : 0;
                break;
            }

            FrameContent content = TransportSegment.Parse(frame.Link, frame.Bytes, out TransportSegment datagram);
            if (content == FrameContent.Udp)
            {
                Statistics.Datagrams++;
                packet = new CapturedPacket(
                    frame.TimeNs, datagram.DestinationAddress, datagram.DestinationPort, datagram.Payload);
                break;
            }

            Count(content, frame.IsWhole);
        }

        Statistics.SkippedBlocks = _source.SkippedBlocks;
        return !_ended;
    }

    /// <summary>Opens any input file, with faults told in one line.</summary>
    internal static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string what = exception is FileNotFoundException or DirectoryNotFoundException
                ? "no such file"
                : Directory.Exists(path) ? "is a folder" : $"cannot be opened ({exception.Message})";
            throw new CaptureException(path, what, Expected, exception);
        }
    }

    /// <summary>Bytes of the (uncompressed) capture consumed so far.</summary>
    public long Offset => _stream.Offset;

    /// <summary>Whether the file ended inside its last record.</summary>
    public bool IsCutOff => _source.IsCutOff;

    /// <summary>
    /// Reads the next frame and says what is in it; UDP datagrams and TCP segments are there even where the capture
    /// kept only their start. Not to be mixed with <see cref="TryRead"/>.
    /// </summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CaptureException">The file is corrupt here.</exception>
    public bool TryReadSegment(out CapturedSegment segment)
    {
        if (!_source.TryRead(out CapturedFrame frame))
        {
            segment = default;
            return false;
        }

        FrameContent content = TransportSegment.Parse(frame.Link, frame.Bytes, out TransportSegment transport);
        if (content is not (FrameContent.Udp or FrameContent.Tcp or FrameContent.CutUdp or FrameContent.CutTcp))
        {
            Count(content, frame.IsWhole);
        }

        segment = new CapturedSegment(content, frame, in transport);
        return true;
    }

    /// <summary>
    /// After a <see cref="CaptureException"/> of <see cref="TryReadSegment"/>: goes to the next place in the file where
    /// records seem to follow each other again.
    /// </summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="CaptureException">The file cannot be read at all.</exception>
    public bool TryResume() => _source.TryResume();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private void Count(FrameContent content, bool isWhole)
    {
        switch (content)
        {
            case FrameContent.CutUdp:
            case FrameContent.Malformed when !isWhole:
                Statistics.Truncated++;
                break;
            case FrameContent.Malformed:
                Statistics.Malformed++;
                break;
            case FrameContent.Fragment:
                Statistics.Fragments++;
                break;
            case FrameContent.UnknownLink:
                Statistics.UnknownLinks++;
                break;
            default:
                Statistics.OtherFrames++;
                break;
        }
    }
}
