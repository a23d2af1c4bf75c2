using FlowEngine.Feeds;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds;

/// <summary>A decoder with its table and sink, and what a test wants of it.</summary>
internal sealed class FeedRoom
{
    private EventList _sink = new();

    public FeedRoom(int capacity = 1024)
    {
        Table = new InstrumentTable(capacity);
        Decoder = new FeedDecoder(Table);
    }

    public InstrumentTable Table { get; }

    public FeedDecoder Decoder { get; }

    public FeedCounters Counters => Decoder.Counters;

    /// <summary>Decodes a whole venue packet.</summary>
    public MarketEvent[] Decode(ReadOnlySpan<byte> message)
    {
        _sink.Clear();
        Decoder.Decode(message, receiveTimeNs: 77, ref _sink);
        return _sink.Events.ToArray();
    }

    /// <summary>Decodes without keeping the events.</summary>
    public int Count(ReadOnlySpan<byte> message)
    {
        _sink.Clear();
        Decoder.Decode(message, receiveTimeNs: 77, ref _sink);
        return _sink.Count;
    }

    /// <summary>Decodes a payload in an envelope of its format.</summary>
    public MarketEvent[] Decode(FeedFormat format, ReadOnlySpan<byte> payload) => Decode(Wrap(format, payload));

    public static byte[] Wrap(FeedFormat format, ReadOnlySpan<byte> payload, long captureTimeNs = 5)
    {
        byte[] message = new byte[VenueEnvelope.Overhead + payload.Length];
        int length = VenueEnvelope.Write(message, captureTimeNs, FeedVenue.Deribit, 6100, 0, format, payload);
        Assert.Equal(message.Length, length);
        return message;
    }

    /// <summary>The path of a public capture, or a visible skip.</summary>
    public static string Data(params string[] parts)
    {
        string root = Environment.GetEnvironmentVariable("FLOWENGINE_DATA") ?? FindShared();
        string path = Path.Combine([root, .. parts]);
        if (!File.Exists(path))
        {
            Assert.Skip($"no capture at {path}; set FLOWENGINE_DATA");
        }

        return path;
    }

    private static string FindShared()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlowEngine.sln")))
            {
                return Path.Combine(folder.FullName, "..", "shared", "data");
            }
        }

        return "../shared/data";
    }
}
