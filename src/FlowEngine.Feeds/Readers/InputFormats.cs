using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Readers.Bitstamp;
using FlowEngine.Feeds.Readers.Databento;
using FlowEngine.Feeds.Readers.Itch;
using FlowEngine.Feeds.Readers.Text;

namespace FlowEngine.Feeds.Readers;

/// <summary>Tells an <see cref="InputFormat"/> from a file's first bytes.</summary>
public static class InputFormats
{
    /// <summary>Names that a user may give, in order of the formats.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "capture", "lobster", "dbn", "binance", "kraken", "okx", "flow", "tardis", "lean", "bitmex",
        "bitfinex", "bitstamp", "itch", "binance-table", "coinglass",
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
            return MoldReader.Detect(head) ? InputFormat.Itch : InputFormat.Capture;
        }

        if (head.StartsWith("DBN"u8))
        {
            return InputFormat.Dbn;
        }

        if (head.StartsWith("FLOWCAP1"u8))
        {
            return InputFormat.Flow;
        }

        if (DbnRecord.Detect(head))
        {
            return InputFormat.Dbn;
        }

        if (ItchReader.Detect(head))
        {
            return InputFormat.Itch;
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

        if (line.StartsWith("wss://www.bitmex.com/"u8))
        {
            return InputFormat.Bitmex;
        }

        if (line.StartsWith("[{\"event\""u8) && line.IndexOf("\"prec\": \"R0\""u8) >= 0)
        {
            return InputFormat.Bitfinex;
        }

        if (line.StartsWith(CoinglassReader.Beginning))
        {
            return InputFormat.Coinglass;
        }

        if (line.SequenceEqual(BitstampReader.TableHeader))
        {
            return InputFormat.Bitstamp;
        }

        if (BinanceTableReader.Detect(line))
        {
            return InputFormat.BinanceTable;
        }

        return DetectTimedLine(line);
    }

    // A time, a blank, and what happened then.
    private static InputFormat DetectTimedLine(ReadOnlySpan<byte> line)
    {
        int blank = line.IndexOf((byte)' ');
        if (blank is < 10 or > 19 || !CsvFields.TryWhole(line[..blank], out _))
        {
            return InputFormat.Unknown;
        }

        ReadOnlySpan<byte> rest = line[(blank + 1)..];
        return rest.StartsWith("{"u8) ? InputFormat.Binance
            : rest.StartsWith("order_"u8) || rest.StartsWith("trade {"u8) ? InputFormat.Bitstamp
            : InputFormat.Unknown;
    }
}
