using System.Text;
using FlowEngine.Cli.Input;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Lean;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

public sealed class LeanReaderTests
{
    private const int CentQuanta = 100;

    // 2013-10-07T09:30:00 in New York, summer time.
    private const long OpenNs = 1_381_152_600_000_000_000;

    [Fact]
    public void The_last_bid_and_the_last_ask_are_the_book_and_the_session_is_told()
    {
        const string Rows = """
            34199000,138400,700,0,0,P,1,0
            34199500,0,0,138600,200,Q,1,0
            34200000,138500,300,0,0,T,1,0
            57600000,0,0,138700,900,Q,1,0

            """;
        List<string> seen = [];
        using var reader = Quotes(Rows);
        ReadStatistics statistics = ReaderRoom.ReadAll(reader, (_, events) =>
        {
            foreach (ref readonly MarketEvent e in events)
            {
                seen.Add($"{e.Kind} {e.Side} {e.Quantity}@{e.Price}{(e.IsEndOfEvent ? "." : "")}");
            }
        });

        Assert.Equal((4L, 0L), (statistics.Records, statistics.Refused));
        Assert.Equal(
            [
                "InstrumentDefined Unknown 0@0", "Status Unknown 1@0.", "Status Unknown 4@0.",
                "SnapshotBegin Unknown 0@0", "SnapshotLevel Bid 700@138400", "SnapshotEnd Unknown 0@0.",
                "LevelSet Ask 200@138600.", "Status Unknown 1@0.", "LevelDelete Bid 0@138400",
                "LevelSet Bid 300@138500.",
                "Status Unknown 3@0.", "LevelDelete Ask 0@138600", "LevelSet Ask 900@138700.",
            ],
            seen);
    }

    [Fact]
    public void Best_quotes_that_stay_crossed_too_long_for_a_book_are_followed_again_when_they_part()
    {
        var rows = new StringBuilder("36000000,138400,700,0,0,P,1,0\n36000000,0,0,138600,200,Q,1,0\n");
        for (var i = 0; i < 50; i++)
        {
            rows.Append($"{36000100 + (i * 100)},{138700 + (i * 100)},100,0,0,P,1,0\n");
        }

        rows.Append("36010000,0,0,150000,5,Q,1,0\n");
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        using var reader = Quotes(rows.ToString());
        ReaderRoom.ReadAll(reader, (instruments, events) => Apply(books, instruments, events));

        Assert.Equal((BookState.Live, 1L, 1L), (books[0].State, books[0].Gaps, books[0].Recoveries));
        Assert.Equal((143600, 150000), (books[0].Bids[0].Price, books[0].Asks[0].Price));
    }

    [Fact]
    public void A_row_that_is_none_is_refused_by_its_place()
    {
        using var reader = Quotes("34199000,138400,700,0,0,P,1,0\n34199000,138450,700,0,0,P,1,0\nx\n");
        ReadStatistics statistics = ReaderRoom.ReadAll(reader, (_, _) => { });
        Assert.Equal((3L, 2L), (statistics.Records, statistics.Refused));
        Assert.StartsWith("line 2 (byte 30)", statistics.FirstRefusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bac", 0, 476_855, 0.686, 4.64e-6)]
    [InlineData("bac", 1, 576_096, 0.700, 4.27e-6)]
    [InlineData("ibm", 0, 109_067, 0.691, 1.71e-3)]
    [InlineData("ibm", 1, 125_750, 0.613, 1.67e-3)]
    [InlineData("aig", 0, 1_079_935, 0.756, 2.05e-4)]
    public void A_day_of_quotes_explains_prices_as_well_as_independent_readers_found(
        string symbol, int day, long rows, double r2, double slope)
    {
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        var regression = new ImpactRegression(OpenNs + (day * 86_400_000_000_000), CentQuanta);
        ReadStatistics statistics = ReaderRoom.ReadAll(
            FeedRoom.Data("lean_equity_tick", $"{symbol}_2013100{7 + day}_quote.zip"),
            (instruments, events) =>
            {
                Apply(books, instruments, events);
                if (events.Length > 0 && books[0].State == BookState.Live
                    && books[0].Bids.TryBest(out PriceLevel bid) && books[0].Asks.TryBest(out PriceLevel ask))
                {
                    regression.Row(events[^1].VenueTime, bid, ask);
                }
            });

        Assert.Equal((rows, 0L), (statistics.Records, statistics.Refused));
        (double meanR2, double meanSlope) = regression.Means();
        Assert.Equal(r2, meanR2, 3);
        Assert.InRange(meanSlope / slope, 0.9975, 1.0025);
        Assert.Equal(books[0].Gaps, books[0].Recoveries);
    }

    [Fact]
    public void Quotes_and_trades_of_a_day_side_by_side_are_one_stream_by_time()
    {
        string quotes = FeedRoom.Data("lean_equity_tick", "ibm_20131007_quote.zip");
        string trades = FeedRoom.Data("lean_equity_tick", "ibm_20131007_trade.zip");
        string next = FeedRoom.Data("lean_equity_tick", "ibm_20131008_trade.zip");
        using var source = new FileSource(
            [quotes, trades, next], path => InputFile.Open(path, InputFormat.Unknown, Unpackers.Open));
        var decoder = new FeedDecoder(new InstrumentTable(1));
        var events = new EventList();
        byte[] buffer = new byte[source.MaxPacketLength];
        (long newestNs, var tradeCount, var tradesOfFirst) = (0L, 0, 0);
        for (int length; (length = source.NextPacket(buffer, out _)) > 0;)
        {
            events.Clear();
            decoder.Decode(buffer.AsSpan(0, length), 0, ref events);
            foreach (ref readonly MarketEvent e in events.Events)
            {
                Assert.True(e.VenueTime >= newestNs, $"{e.Kind} at {e.VenueTime} after {newestNs}");
                newestNs = e.VenueTime;
                tradeCount += e.Kind == EventKind.Trade ? 1 : 0;
                tradesOfFirst += e.Kind == EventKind.Trade && e.VenueTime < OpenNs + 60_000_000_000_000 ? 1 : 0;
            }
        }

        Assert.Equal((24_293, 24_293 + 33_381), (tradesOfFirst, tradeCount));
    }

    private static LeanReader Quotes(string rows) => new(
        "test", new MemoryStream(Encoding.ASCII.GetBytes(rows.ReplaceLineEndings("\n"))),
        LeanName.TryParse("20131007_bac_Quote_Tick.csv")!);

    private static void Apply(BookStore books, InstrumentTable instruments, ReadOnlySpan<MarketEvent> events)
    {
        foreach (ref readonly MarketEvent e in events)
        {
            if (e.Kind == EventKind.InstrumentDefined)
            {
                books.Define(instruments[e.InstrumentId]);
            }

            books[e.InstrumentId].Apply(in e);
        }
    }
}
