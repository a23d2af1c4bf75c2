using System.IO.Compression;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Readers.Bitstamp;
using FlowEngine.Feeds.Readers.Databento;
using FlowEngine.Feeds.Readers.Flow;
using FlowEngine.Feeds.Readers.Itch;
using FlowEngine.Feeds.Readers.Json;
using FlowEngine.Feeds.Readers.Lean;
using FlowEngine.Feeds.Readers.Lobster;
using FlowEngine.Feeds.Readers.Text;

namespace FlowEngine.Feeds.Readers;

/// <summary>Opens a file of any format that is known here, packed or not, as a reader of venue packets.</summary>
public sealed class InputFile
{
    private const int HeadLength = 256 * 1024;
    private const int MaxPackings = 3;
    private const string Expected =
        "give a network capture, a file of market data or a .flow file; 'flowengine verify --help' names the formats";

    private readonly string _path;
    private readonly InputFormat _format;
    private readonly Unpacker? _unpacker;

    private InputFile(string path, InputFormat format, Unpacker? unpacker)
    {
        _path = path;
        _format = format;
        _unpacker = unpacker;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="format">How it is written; <see cref="InputFormat.Unknown"/>: its content tells.</param>
    /// <param name="unpacker">For zstd and xz.</param>
    /// <exception cref="CaptureException">No such file, or none that can be read; the message is one line.</exception>
    public static FileReader Open(string path, InputFormat format = InputFormat.Unknown, Unpacker? unpacker = null) =>
        new InputFile(path, format, unpacker).Open();

    private FileReader Open()
    {
        FileStream file = PcapReader.OpenFile(_path);
        try
        {
            FileReader reader = Open(file);
            reader.Follow(file);
            return reader;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            file.Dispose();
            throw new CaptureException(_path, $"cannot be unpacked ({fault.Message})", "copy the file again", fault);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private FileReader Open(FileStream file)
    {
        if (!file.CanSeek)
        {
            return OpenStream(file);
        }

        Span<byte> magic = stackalloc byte[Packings.MagicLength];
        int length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (Packings.Detect(magic[..length]) == Packing.Zip)
        {
            return OpenZip(file);
        }

        if (OpenLean(Path.GetFileName(_path)) is { } lean)
        {
            return new LeanReader(_path, file, lean);
        }

        return OpenLobsterPair(file) ?? OpenStream(file);
    }

    private FileReader OpenZip(FileStream file)
    {
        var archive = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (LobsterName.TryParse(entry.Name) is { } name && _format is InputFormat.Unknown or InputFormat.Lobster
                && archive.Entries.FirstOrDefault(other => other.Name == LobsterName.Other(entry.Name)) is { } pair)
            {
                // Two archives, so that each of the two streams has a position of its own.
                var second = new ZipArchive(PcapReader.OpenFile(_path), ZipArchiveMode.Read);
                Stream first = new OwningStream(entry.Open(), archive);
                Stream beside = new OwningStream(second.GetEntry(pair.FullName)!.Open(), second);
                return name.IsMessages
                    ? new LobsterReader(_path, first, beside, name)
                    : new LobsterReader(_path, beside, first, name);
            }
        }

        if (archive.Entries.Count == 1 && OpenLean(archive.Entries[0].Name) is { } lean)
        {
            return new LeanReader(_path, new OwningStream(archive.Entries[0].Open(), archive), lean);
        }

        ZipArchiveEntry largest = archive.Entries.MaxBy(entry => entry.Length)
            ?? throw new CaptureException(_path, "is an empty archive", Expected);
        return OpenStream(new OwningStream(largest.Open(), archive));
    }

    private LeanName? OpenLean(string name) =>
        _format is InputFormat.Unknown or InputFormat.Lean ? LeanName.TryParse(name) : null;

    private LobsterReader? OpenLobsterPair(FileStream file)
    {
        string fileName = Path.GetFileName(_path);
        if (_format is not (InputFormat.Unknown or InputFormat.Lobster)
            || LobsterName.TryParse(fileName) is not { } name)
        {
            return null;
        }

        string other = Path.Combine(Path.GetDirectoryName(_path) ?? "", LobsterName.Other(fileName));
        FileStream beside = PcapReader.OpenFile(other);
        return name.IsMessages
            ? new LobsterReader(_path, file, beside, name)
            : new LobsterReader(_path, beside, file, name);
    }

    private FileReader OpenStream(Stream stream)
    {
        var head = new CaptureStream(stream, _path);
        for (var depth = 0; depth < MaxPackings; depth++)
        {
            Packing packing = Packings.Detect(head.PeekReadable(Packings.MagicLength));
            if (packing is Packing.None or Packing.Zip)
            {
                break;
            }

            var packed = new PeekedStream(head, stream);
            stream = packing == Packing.Gzip
                ? new GZipStream(packed, CompressionMode.Decompress)
                : _unpacker?.Invoke(packing, packed)
                    ?? throw new CaptureException(_path, $"is packed with {packing}", "unpack it first");
            head = new CaptureStream(stream, _path);
        }

        ReadOnlySpan<byte> start = head.PeekReadable(HeadLength);
        if (start.IsEmpty)
        {
            throw new CaptureException(_path, "is empty", Expected);
        }

        InputFormat format = _format == InputFormat.Unknown ? InputFormats.Detect(start) : _format;
        var content = new PeekedStream(head, stream);
        return format switch
        {
            InputFormat.Capture => new CaptureReader(_path, content),
            InputFormat.Dbn => new DbnReader(_path, content, start),
            InputFormat.Binance => new BinanceReader(_path, content, start),
            InputFormat.Flow => new FlowReader(_path, content),
            InputFormat.Tardis => new TardisReader(_path, content, start),
            InputFormat.Kraken => new KrakenReader(_path, content),
            InputFormat.Okx => new OkxReader(_path, content),
            InputFormat.Bitmex => new BitmexReader(_path, content),
            InputFormat.Bitfinex => new BitfinexReader(_path, content),
            InputFormat.Bitstamp => new BitstampReader(_path, content),
            InputFormat.Itch => CaptureFormats.Detect(start) is CaptureFormat.Pcap or CaptureFormat.PcapNg
                ? new MoldReader(_path, content)
                : new ItchReader(_path, content),
            InputFormat.BinanceTable => new BinanceTableReader(_path, content, start),
            InputFormat.Coinglass => new CoinglassReader(_path, content, start),
            InputFormat.Lean => throw new CaptureException(
                _path, "does not tell its day", "give it its own name, such as 20131007_bac_Quote_Tick.csv"),
            InputFormat.Lobster => throw new CaptureException(
                _path, "is one file of LOBSTER's two", "give it its own name, with the other beside it"),
            _ => throw new CaptureException(_path, 0, $"is no capture ({Describe(start)})", Expected),
        };
    }

    private static string Describe(ReadOnlySpan<byte> start) =>
        start.StartsWith("<?xml"u8) || start.StartsWith("\uFEFF<?xml"u8) ? "XML"
        : start[..Math.Min(start.Length, 1024)].ContainsAnyInRange((byte)0, (byte)8) ? "unknown first bytes"
        : "text of no known format";
}
