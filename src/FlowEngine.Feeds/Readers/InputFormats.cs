using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Readers.Text;

namespace FlowEngine.Feeds.Readers;

/// <summary>Tells an <see cref="InputFormat"/> from a file's first bytes.</summary>
public static class InputFormats
{
    /// <summary>Names that a user may give, in order of the formats.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "capture", "lobster", "dbn", "binance", "kraken", "okx", "flow", "tardis",
    ];

    /// <summary>The format of that name.</summary>
    public static InputFormat Parse(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return (InputFormat)(i + 1);
            }
        }

        return InputFormat.Unknown;
    }

    /// <summary>The name of a format.</summary>
    public static string NameOf(InputFormat format) =>
        format == InputFormat.Unknown ? "unknown" : Names[(int)format - 1];

    /// <summary>Tells the format of what begins with these bytes, unpacked; some KiB make it certain.</summary>
    public static InputFormat Detect(ReadOnlySpan<byte> head)
    {
        if (CaptureFormats.Detect(head) is CaptureFormat.Pcap or CaptureFormat.PcapNg)
        {
            return InputFormat.Capture;
        }

        if (head.StartsWith("DBN"u8))
        {
            return InputFormat.Dbn;
        }

        if (head.StartsWith("FLOWCAP1"u8))
        {
            return InputFormat.Flow;
        }

        int end = head.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? head : head[..end];
        return DetectText(line.TrimEnd((byte)'\r'));
    }

    private static InputFormat DetectText(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("{\"t\":\"header\""u8))
        {
            return line.IndexOf("\"exchange\":\"KRAKEN\""u8) >= 0 ? InputFormat.Kraken
                : line.IndexOf("\"exchange\":\"OKX\""u8) >= 0 ? InputFormat.Okx
                : InputFormat.Unknown;
        }

        if (line.StartsWith("exchange,symbol,timestamp,local_timestamp,"u8))
        {
            return InputFormat.Tardis;
        }

        int blank = line.IndexOf((byte)' ');
        return blank is >= 10 and <= 19 && CsvFields.TryWhole(line[..blank], out _)
            && line[(blank + 1)..].StartsWith("{"u8)
            ? InputFormat.Binance
            : InputFormat.Unknown;
    }
}
