using System.Buffers.Binary;

namespace FlowEngine.Feeds.Captures;

/// <summary>How a capture file is written, told from its first bytes and never from its name.</summary>
public enum CaptureFormat
{
    /// <summary>None that is known here.</summary>
    Unknown = 0,

    /// <summary>Classic pcap, any byte order, microseconds or nanoseconds.</summary>
    Pcap = 1,

    /// <summary>pcapng.</summary>
    PcapNg = 2,

    /// <summary>A gzip stream; what is inside is told after unpacking.</summary>
    Gzip = 3,
}

/// <summary>Tells a <see cref="CaptureFormat"/>.</summary>
public static class CaptureFormats
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int MagicLength = 4;

    /// <summary>Tells the format of a file that begins with these bytes.</summary>
    public static CaptureFormat Detect(ReadOnlySpan<byte> start)
    {
        if (start.Length >= 2 && start[0] == 0x1f && start[1] == 0x8b)
        {
            return CaptureFormat.Gzip;
        }

        if (start.Length < MagicLength)
        {
            return CaptureFormat.Unknown;
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(start) switch
        {
            PcapSource.MicrosecondMagic or PcapSource.NanosecondMagic => CaptureFormat.Pcap,
            PcapSource.SwappedMicrosecondMagic or PcapSource.SwappedNanosecondMagic => CaptureFormat.Pcap,
            PcapNgSource.SectionHeaderType => CaptureFormat.PcapNg,
            _ => CaptureFormat.Unknown,
        };
    }
}
