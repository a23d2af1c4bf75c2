using FlowEngine.Cli.Input;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Tests.Feeds.Readers;

/// <summary>Reads a file to its end and hands out what the decoder makes of it, packet by packet.</summary>
internal static class ReaderRoom
{
    private const int Instruments = 16;

    // Fuzz tests read files by the ten thousand.
    [ThreadStatic]
    private static EventList? s_sink;

    [ThreadStatic]
    private static byte[]? s_buffer;

    public delegate void OnPacket(InstrumentTable instruments, ReadOnlySpan<MarketEvent> events);

    public static ReadStatistics ReadAll(string path, OnPacket onPacket, int capacity = Instruments)
    {
        using FileReader reader = InputFile.Open(path, InputFormat.Unknown, Unpackers.Open);
        return ReadAll(reader, onPacket, capacity);
    }

    public static ReadStatistics ReadAll(FileReader reader, OnPacket onPacket, int capacity = Instruments)
    {
        var instruments = new InstrumentTable(capacity);
        var decoder = new FeedDecoder(instruments);
        EventList sink = s_sink ??= new EventList();
        byte[] buffer = s_buffer ??= new byte[VenueEnvelope.MaxLength];
        for (int length; (length = reader.ReadPacket(buffer, out long captureTimeNs)) > 0;)
        {
            sink.Clear();
            decoder.Decode(buffer.AsSpan(0, length), captureTimeNs, ref sink);
            onPacket(instruments, sink.Events);
        }

        return reader.Statistics;
    }
}
