using System.Text;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

public sealed class TardisReaderTests
{
    [Fact]
    public void Trades_add_up_to_what_independent_readers_found()
    {
        (decimal bought, decimal sold, var count) = (0m, 0m, 0);
        string path = FeedRoom.Data("tardis", "trades.csv.gz");
        ReadStatistics statistics = ReaderRoom.ReadAll(path, (instruments, events) =>
        {
            foreach (ref readonly MarketEvent e in events)
            {
                if (e.Kind == EventKind.Trade)
                {
                    count++;
                    decimal size = e.Quantity * instruments[0].Lot.ToDecimal();
                    bought += e.Side == Side.Buy ? size : 0;
                    sold += e.Side == Side.Sell ? size : 0;
                }
            }
        });

        Assert.Equal((9999L, 0L, 9999), (statistics.Records, statistics.Refused, count));
        Assert.Equal((2059.5m, 1964.8m), (decimal.Round(bought, 1), decimal.Round(sold, 1)));
    }

    [Fact]
    public void Quotes_make_a_book_of_one_level()
    {
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        string path = FeedRoom.Data("tardis", "quotes.csv.gz");
        ReadStatistics statistics = ReaderRoom.ReadAll(path, (instruments, events) =>
        {
            foreach (ref readonly MarketEvent e in events)
            {
                if (e.Kind == EventKind.InstrumentDefined)
                {
                    books.Define(instruments[0]);
                }

                books[0].Apply(in e);
            }

            Assert.Equal((1, 1), (books[0].Bids.Count, books[0].Asks.Count));
            Assert.True(books[0].Bids[0].Price < books[0].Asks[0].Price);
        });

        Assert.Equal((9999L, 0L), (statistics.Records, statistics.Refused));
        Assert.Equal((BookState.Live, 0L), (books[0].State, books[0].Gaps));
    }

    [Theory]
    [InlineData(5, 5.4, 11655.68)]
    [InlineData(25, 5.4, 11653.25)]
    public void Snapshots_of_the_best_levels_make_a_book_that_shows_each_row(int depth, double askSize, double lastBid)
    {
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        string path = FeedRoom.Data(
            "tardis", "nautilus_tests", $"binance-futures_book_snapshot_{depth}_BTCUSDT.csv");
        string[] rows = File.ReadAllLines(path)[1..];
        var row = 0;
        ReadStatistics statistics = ReaderRoom.ReadAll(path, (instruments, events) =>
        {
            Apply(books, instruments, events);
            string[] fields = rows[row++].Split(',');
            Instrument instrument = instruments[0];
            for (var rank = 0; rank < depth; rank++)
            {
                PriceLevel ask = books[0].Asks[rank];
                PriceLevel bid = books[0].Bids[rank];
                Assert.Equal(
                    fields[(4 + (rank * 4))..(8 + (rank * 4))].Select(decimal.Parse),
                    [
                        ask.Price * instrument.PriceQuantum.ToDecimal(), ask.Lots * instrument.Lot.ToDecimal(),
                        bid.Price * instrument.PriceQuantum.ToDecimal(), bid.Lots * instrument.Lot.ToDecimal(),
                    ]);
            }

            Assert.Equal((depth, depth), (books[0].Bids.Count, books[0].Asks.Count));
            if (row == 1)
            {
                Assert.Equal((decimal)askSize, books[0].Asks[1].Lots * instrument.Lot.ToDecimal());
                Assert.Equal((decimal)lastBid, books[0].Bids[^1].Price * instrument.PriceQuantum.ToDecimal());
            }
        });

        Assert.Equal((10L, 0L, 10), (statistics.Records, statistics.Refused, row));
        Assert.Equal(0, books[0].Gaps);
    }

    [Fact]
    public void Rows_of_an_incremental_book_that_arrived_together_are_one_event()
    {
        const string File = """
            exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount
            x,A,1000,2000,true,bid,99.5,3
            x,A,1000,2000,true,ask,100.5,4
            x,A,1100,2100,false,bid,99.5,0
            x,A,1100,2100,false,bid,99,7
            x,A,1200,2200,false,ask,100.5,1

            """;
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        List<string> packets = [];
        using var reader = Read(File, "x_incremental_book_L2_A.csv");
        ReadStatistics statistics = ReaderRoom.ReadAll(reader, (instruments, events) =>
        {
            Apply(books, instruments, events);
            packets.Add(string.Join(' ', events.ToArray().Where(e => e.Kind != EventKind.Status).Select(e => e.Kind)));
        });

        Assert.Equal((5L, 0L), (statistics.Records, statistics.Refused));
        Assert.Equal(
            [
                "InstrumentDefined", "SnapshotBegin SnapshotLevel SnapshotLevel SnapshotEnd", "LevelDelete LevelSet",
                "LevelSet",
            ],
            packets);
        Assert.Equal((new PriceLevel(198, 7), new PriceLevel(201, 1)),
            (Halves(books[0].Bids[0]), Halves(books[0].Asks[0])));
        Assert.Equal((1, 1), (books[0].Bids.Count, books[0].Asks.Count));
    }

    [Fact]
    public void The_real_incremental_sample_is_a_book_of_the_rows_it_has()
    {
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        ReadStatistics statistics = ReaderRoom.ReadAll(
            FeedRoom.Data("tardis", "nautilus_tests", "deribit_incremental_book_L2_BTC-PERPETUAL.csv"),
            (instruments, events) => Apply(books, instruments, events));
        Assert.Equal((15L, 0L), (statistics.Records, statistics.Refused));
        Assert.Equal(15, books[0].Bids.Count + books[0].Asks.Count);
    }

    [Fact]
    public void Tickers_and_forced_orders_come_out_as_such()
    {
        const string Ticker = """
            exchange,symbol,timestamp,local_timestamp,funding_rate,open_interest,last_price,index_price,mark_price
            x,A,1000,2000,0.0001,1234.5,9,8999.123456789123,9000.5

            """;
        const string Forced = """
            exchange,symbol,timestamp,local_timestamp,id,side,price,amount
            x,A,1000,2000,7,sell,9000.5,2

            """;
        List<string> seen = [];
        foreach ((string text, string name) in new[] { (Ticker, "t.csv"), (Forced, "x_liquidations_A.csv") })
        {
            using var reader = Read(text, name);
            Assert.Equal(0, ReaderRoom.ReadAll(reader, (_, events) => seen.AddRange(
                events.ToArray().Select(e => $"{e.Kind} {e.Side} {e.Price} {e.Quantity}"))).Refused);
        }

        Assert.Equal(
            ["MarkPrice Unknown 9000500000000 0", "IndexPrice Unknown 8999123456789 0", "OpenInterest Unknown 0 12345",
                "Funding Unknown 100000 0", "Liquidation Ask 90005 2"],
            seen.Where(e => !e.StartsWith("Instr", StringComparison.Ordinal)
                && !e.StartsWith("Status", StringComparison.Ordinal)));
    }

    private static TardisReader Read(string text, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
        return new TardisReader(name, new MemoryStream(bytes), bytes);
    }

    private static PriceLevel Halves(PriceLevel level) => level with { Price = level.Price / 5 };

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
