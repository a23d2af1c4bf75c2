using System.Text;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Lobster;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

public sealed class LobsterReaderTests
{
    private const string Name = "TEST_2012-06-21_34200000_57600000_message_2.csv";

    [Fact]
    public void A_row_is_its_message_and_the_level_that_came_from_beyond_the_view()
    {
        List<MarketEvent[]> packets = Read(
            "34200.1,1,7,100,1000000,1\n34200.2,4,9,50,1000100,-1\n",
            "1000100,50,1000000,100,1000200,10,999900,5\n1000200,10,1000000,100,1000400,7,999900,5\n",
            out ReadStatistics statistics);

        Assert.Equal((2L, 0L), (statistics.Records, statistics.Refused));
        MarketEvent[] second = packets[1];
        Assert.Equal([EventKind.Trade, EventKind.LevelDelta, EventKind.LevelSet], second.Select(e => e.Kind));
        Assert.Equal((Side.Buy, 1000100L, 50L), (second[0].Side, second[0].Price, second[0].Quantity));
        Assert.Equal((Side.Ask, 1000100L, -50L), (second[1].Side, second[1].Price, second[1].Quantity));
        Assert.Equal((Side.Ask, 1000400L, 7L), (second[2].Side, second[2].Price, second[2].Quantity));
        Assert.Equal([false, false, true], second.Select(e => e.IsEndOfEvent));
        // 2012-06-21T09:30:00.2 in New York.
        Assert.Equal(1_340_285_400_200_000_000, second[2].VenueTime);
    }

    [Fact]
    public void A_row_that_its_message_does_not_explain_loses_the_book_and_is_its_next_snapshot()
    {
        List<MarketEvent[]> packets = Read(
            "34200.1,1,7,100,1000000,1\n34200.2,1,9,50,1000000,1\n",
            "1000100,50,1000000,100,1000200,10,999900,5\n1000100,50,1000000,151,1000200,10,999900,5\n",
            out _);

        Assert.Equal(
            [EventKind.Gap, EventKind.SnapshotBegin, .. Enumerable.Repeat(EventKind.SnapshotLevel, 4),
                EventKind.SnapshotEnd],
            packets[2].Select(e => e.Kind));
        Assert.Equal(151, packets[2].Single(e => e.Price == 1000000).Quantity);
    }

    [Fact]
    public void A_bad_row_is_refused_by_its_place_and_the_next_one_is_a_snapshot()
    {
        List<MarketEvent[]> packets = Read(
            "34200.1,1,7,100,1000000,1\nhello\n34200.3,5,9,50,1000000,1\n",
            "1000100,50,1000000,100,1000200,10,999900,5\nx\n1000100,50,1000000,151,1000200,10,999900,5\n",
            out ReadStatistics statistics);

        Assert.Equal((3L, 1L), (statistics.Records, statistics.Refused));
        Assert.Contains("row 2", statistics.FirstRefusal, StringComparison.Ordinal);
        Assert.Contains(packets[^1], e => e.Kind == EventKind.SnapshotEnd);
    }

    [Theory]
    [InlineData("LOBSTER_SampleFile_AAPL_2012-06-21_1.zip", 118_497, 34_990, -218_913)]
    [InlineData("LOBSTER_SampleFile_AMZN_2012-06-21_1.zip", 57_515, -1, -64_089)]
    [InlineData("LOBSTER_SampleFile_AMZN_2012-06-21_5.zip", 155_935, -1, -64_089)]
    public void A_day_of_rows_has_the_order_flow_imbalance_that_independent_readers_found(
        string file, long rows, long trades, long dayOfi)
    {
        using var flow = new RowFlow();
        ReadStatistics statistics = ReaderRoom.ReadAll(
            FeedRoom.Data("lobster", file), (instruments, events) => flow.Take(instruments, events));

        Assert.Equal((rows, 0L), (statistics.Records, statistics.Refused));
        Assert.Equal(dayOfi, flow.Day);
        if (trades >= 0)
        {
            Assert.Equal(trades, flow.Trades);
            Assert.Equal([-1050, -3265, 306, -14, -817, -1199, 357, 240, -10778, -1072], flow.TenSeconds.Take(10));
        }
    }

    [Fact]
    public void A_day_has_as_many_messages_of_each_type_as_independent_readers_found()
    {
        using var archive = System.IO.Compression.ZipFile.OpenRead(
            FeedRoom.Data("lobster", "LOBSTER_SampleFile_AAPL_2012-06-21_1.zip"));
        using Stream stream = archive.Entries.Single(entry => entry.Name.Contains("_message_")).Open();
        using var lines = new LineReader(stream);
        var counts = new SortedDictionary<LobsterMessageType, int>();
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            Assert.True(LobsterMessage.TryParse(line, out LobsterMessage message));
            counts[message.Type] = counts.GetValueOrDefault(message.Type) + 1;
        }

        Assert.Equal([54_818, 252, 28_437, 23_658, 11_332], counts.Values);
        Assert.Equal([1, 2, 3, 4, 5], counts.Keys.Select(type => (int)type));
    }

    [Theory]
    [InlineData("LOBSTER_SampleFile_AAPL_2012-06-21_1.zip", 0.5093, 0.005111)]
    [InlineData("LOBSTER_SampleFile_AMZN_2012-06-21_5.zip", 0.5253, null)]
    public void A_day_of_rows_explains_prices_as_well_as_independent_readers_found(
        string file, double r2, double? slope)
    {
        // 2012-06-21T09:30:00 in New York.
        var regression = new ImpactRegression(1_340_285_400_000_000_000, tickQuanta: 100);
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        ReaderRoom.ReadAll(FeedRoom.Data("lobster", file), (instruments, events) =>
        {
            foreach (ref readonly MarketEvent e in events)
            {
                if (e.Kind == EventKind.InstrumentDefined)
                {
                    books.Define(instruments[e.InstrumentId]);
                }

                books[0].Apply(in e);
            }

            if (events.Length > 0)
            {
                regression.Row(events[^1].VenueTime, books[0].Bids[0], books[0].Asks[0]);
            }
        });

        (double meanR2, double meanSlope) = regression.Means();
        Assert.Equal(r2, meanR2, 4);
        if (slope is { } expected)
        {
            Assert.Equal(expected, meanSlope, 6);
        }
    }

    private static List<MarketEvent[]> Read(string messages, string rows, out ReadStatistics statistics)
    {
        using var reader = new LobsterReader(
            "test",
            new MemoryStream(Encoding.ASCII.GetBytes(messages)),
            new MemoryStream(Encoding.ASCII.GetBytes(rows)),
            LobsterName.TryParse(Name)!);
        List<MarketEvent[]> packets = [];
        statistics = ReaderRoom.ReadAll(reader, (_, events) => packets.Add(events.ToArray()));
        return packets;
    }
}
