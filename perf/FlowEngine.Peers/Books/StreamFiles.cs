using FlowEngine.Benchmarks.Market;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using ZstdSharp;

namespace FlowEngine.Peers.Books;

/// <summary>Makes the files that all books read.</summary>
internal static class StreamFiles
{
    private const decimal ItchPricesPerUnit = 10_000m;

    /// <summary>
    /// A drawn stream (<see cref="SyntheticOrders"/>): so many levels a side with ten orders each at the beginning,
    /// prices a cent apart.
    /// </summary>
    public static long Synthetic(string path, int levels, int messages)
    {
        const long itchPerCent = 100;
        var orders = new SyntheticOrders(levels, ordersPerLevel: 10, messages);
        using var writer = new ItchWriter(File.Create(path), itchPerCent);
        foreach (ref readonly var e in orders.Opening.AsSpan())
        {
            writer.Write(in e);
        }

        foreach (ref readonly var e in orders.Messages.AsSpan())
        {
            writer.Write(in e);
        }

        return writer.Messages;
    }

    /// <summary>The order events of recordings of one instrument, one after the other.</summary>
    public static long Recorded(string path, IEnumerable<string> inputs)
    {
        using var file = File.Create(path);
        ItchWriter? writer = null;
        foreach (var input in inputs)
        {
            var instruments = new InstrumentTable(FeedLimits.DefaultInstrumentCapacity);
            var decoder = new FeedDecoder(instruments);
            var events = new EventList();
            var buffer = new byte[VenueEnvelope.MaxLength];
            using var reader = InputFile.Open(input, unpacker: (packing, packed) =>
                packing == Packing.Zstd ? new DecompressionStream(packed, leaveOpen: false) : null);
            for (int length; (length = reader.ReadPacket(buffer, out var timeNs)) > 0;)
            {
                events.Clear();
                decoder.Decode(buffer.AsSpan(0, length), timeNs, ref events);
                foreach (ref readonly var e in events.Events)
                {
                    writer ??= new ItchWriter(
                        file, (long)(instruments[e.InstrumentId].PriceQuantum.ToDecimal() * ItchPricesPerUnit));
                    writer.Write(in e);
                }
            }
        }

        return writer?.Messages ?? 0;
    }
}
