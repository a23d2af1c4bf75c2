using System.Text;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Bitstamp;
using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

public sealed class RecordingReaderTests
{
    [Fact]
    public void Bitfinex_orders_never_go_without_having_come()
    {
        using ReaderBooks books = ReaderBooks.Of("bitfinex_l3", "L3_feed.json.gz");

        // Info, subscription and snapshot before the updates.
        Assert.Equal((99_998L + 3, 0L, 0L),
            (books.Statistics.Records, books.Statistics.Refused, books.Statistics.UnknownOrders));
        Assert.Equal((50L, 37_009L, 25_968L, 37_021L),
            (books.Kinds[EventKind.SnapshotLevel], books.Kinds[EventKind.OrderAdd], books.Kinds[EventKind.OrderModify],
                books.Kinds[EventKind.OrderDelete]));
        Assert.Equal((BookState.Live, 0L, 38), (books[0].State, books[0].Gaps, books[0].Orders!.Count));
        // The venue tells a few orders before those that they met are gone; another program counts as many.
        Assert.Equal(21, books.CrossedWhileOpen);
    }

    [Fact]
    public void Bitmex_levels_by_id_are_books_that_never_cross()
    {
        using ReaderBooks books = ReaderBooks.Of("cryptofeed", "raw_bitmex_2021", "BITMEX.ws.1.0.gz");

        Assert.Equal((2124L, 0L, 0L),
            (books.Statistics.Records, books.Statistics.Refused, books.Statistics.UnknownOrders));
        Assert.Equal(10, books.Instruments.Count);
        Assert.Equal((10L, 0L), (books.Kinds[EventKind.SnapshotEnd], books.CrossedWhileOpen));
        for (var id = 0; id < books.Instruments.Count; id++)
        {
            Assert.Equal((BookState.Live, 0L), (books[id].State, books[id].Gaps));
        }

        Assert.Equal(new DecimalScale(1, -1),
            Enumerable.Range(0, 10).Select(id => books.Instruments[id]).Single(i => i.Symbol == "XBTUSD").PriceQuantum);
    }

    [Theory]
    [InlineData("2015-05-01.log.xz", 56_000, 5011, 575)]
    [InlineData("orders.csv.xz", 50_414, 0, 0)]
    public void A_bitstamp_log_has_the_orders_and_trades_that_independent_readers_found(
        string file, long records, long skipped, int trades)
    {
        using ReaderBooks books = ReaderBooks.Of("obanalytics", file);

        Assert.Equal((records, 0L, skipped),
            (books.Statistics.Records, books.Statistics.Refused, books.Statistics.Skipped));
        Assert.Equal(trades, books.Prints.Count);
        Assert.Equal(trades > 0 ? 847.65711841m : 0, books.Prints.Sum(e => e.Quantity) / 100_000_000m);
        Assert.Equal(24_894 + 602 + 24_918, records - skipped - trades);
        Assert.Equal((BookState.Live, books[0].Gaps), (books[0].State, books[0].Recoveries));
        // Four changes speak of orders from before the log, as 205 deletions do. Two orders were taken to be gone,
        // one of them too early: its deletion came later.
        Assert.Equal((24_894L + 4, 602L - 4, 24_918L - 206 + 2, 205L + 1),
            (books.Kinds[EventKind.OrderAdd], books.Kinds[EventKind.OrderModify], books.Kinds[EventKind.OrderDelete],
                books.Statistics.UnknownOrders));
    }

    [Fact]
    public void A_bitstamp_order_that_newer_ones_cross_for_long_is_taken_to_be_gone()
    {
        const string Log = """
            id,timestamp,exchange.timestamp,price,volume,action,direction
            1,1430438404000,1430438404000,236.47,200000000,created,ask
            2,1430438405000,1430438404000,236.50,100000000,created,bid
            3,1430438406000,1430438404000,230.00,100000000,created,bid
            4,1430438408000,1430438404000,231.00,100000000,created,bid
            1,1430438409000,1430438404000,236.47,0,deleted,ask

            """;
        using ReaderBooks books = ReaderBooks.Of(new BitstampReader("x", Bytes(Log)));
        Assert.Equal((5L, 0L, 1L),
            (books.Statistics.Records, books.Statistics.Refused, books.Statistics.UnknownOrders));
        Assert.Equal((BookState.Live, 0, 23_650), (books[0].State, books[0].Asks.Count, books[0].Bids[0].Price));
    }

    [Fact]
    public void Forced_orders_are_told_once_and_a_small_cascade_stands_out()
    {
        using ReaderBooks books = ReaderBooks.Of("binance_liquidations", "paulius_2025-01_forceorder.csv");

        Assert.Equal((3510L, 0L, 1668L),
            (books.Statistics.Records, books.Statistics.Refused, books.Statistics.Duplicates));
        Assert.Equal(3510 - 1668, books.Prints.Count);
        Assert.All(books.Prints, e => Assert.Equal(EventKind.Liquidation, e.Kind));
        // 27 January 2025, 16:50 to 17:20.
        (long TimeNs, decimal Dollars)[] orders =
        [
            .. books.Prints.Where(e => e.VenueTime is >= 1_737_996_600_000_000_000 and < 1_737_998_400_000_000_000)
                .OrderBy(e => e.VenueTime).Select(e => (e.VenueTime, (decimal)e.Price * e.Quantity
                    * books.Instruments[e.InstrumentId].PriceQuantum.ToDecimal()
                    * books.Instruments[e.InstrumentId].Lot.ToDecimal())),
        ];
        (decimal Dollars, int Count) busiest = orders.Select(first =>
        {
            (long TimeNs, decimal Dollars)[] minute =
                [.. orders.Where(o => o.TimeNs >= first.TimeNs && o.TimeNs < first.TimeNs + 60_000_000_000)];
            return (minute.Sum(o => o.Dollars), minute.Length);
        }).Max();
        // The table's own dollars, five of them written in millions, make 956 thousand of the same 225 orders.
        Assert.Equal((1467m, 225), (decimal.Round(busiest.Dollars / 1000), busiest.Count));
        long startMs = orders.First(first => busiest.Count == orders.Count(o =>
            o.TimeNs >= first.TimeNs && o.TimeNs < first.TimeNs + 60_000_000_000)).TimeNs / 1_000_000;
        decimal[] told =
        [
            .. File.ReadLines(FeedRoom.Data("binance_liquidations", "paulius_2025-01_forceorder.csv")).Distinct()
                .Select(line => line.Split(','))
                .Where(row => long.Parse(row[10]) >= startMs && long.Parse(row[10]) < startMs + 60_000)
                .Select(row => decimal.Parse(row[11])),
        ];
        Assert.Equal((956m, 225), (decimal.Round(told.Sum() / 1000), told.Length));
    }

    [Theory]
    [InlineData("riftfern_2025-12_forceorder.csv", 2045, EventKind.Liquidation)]
    [InlineData("riftfern_2025-12_bigtrades.csv", 4707, EventKind.Trade)]
    [InlineData("paulius_2025-01_bigtrades.csv", 16_440, EventKind.Trade)]
    public void Every_row_of_the_other_tables_is_a_print(string file, long rows, EventKind kind)
    {
        using ReaderBooks books = ReaderBooks.Of("binance_liquidations", file);
        Assert.Equal((rows, 0L), (books.Statistics.Records, books.Statistics.Refused));
        Assert.Equal(rows - books.Statistics.Duplicates, books.Kinds[kind]);
    }

    [Fact]
    public void A_seller_that_rested_was_hit_by_a_buyer_and_a_forced_sale_is_a_long_s()
    {
        byte[] table = Encoding.UTF8.GetBytes(
            "1737897220002, BTCUSDT, 2541757614, 104943.5, 0.15, 1737897219873, False\n"
            + "1737897220003, BTCUSDT, 2541757615, 104943.5, 0.15, 1737897219873, True\n"
            + "BTC,SELL,LIMIT,IOC,0.1,104000,104100.5,FILLED,0.1,0.1,1737908829829,10400\n"
            + "BTC,SELL,LIMIT,IOC,0.1,104000,104100.5,FILLED,0.1,0.1,1737908829829,10400\n");
        using ReaderBooks books = ReaderBooks.Of(new BinanceTableReader("x", new MemoryStream(table), table));
        Assert.Equal(
            [(EventKind.Trade, Side.Buy), (EventKind.Trade, Side.Sell), (EventKind.Liquidation, Side.Ask)],
            books.Prints.Select(e => (e.Kind, e.Side)));
        Assert.Equal(1, books.Statistics.Duplicates);
    }

    [Fact]
    public void Coinglass_bars_are_funding_and_open_interest_without_a_gap()
    {
        string path = FeedRoom.Data("coinglass_btc", "btc_binance_5m_oi_funding_cvd.csv.gz");
        using var reader = (CoinglassReader)InputFile.Open(path);
        using ReaderBooks books = ReaderBooks.Of(reader);
        Assert.Equal((8015L, 0L, 0L), (books.Statistics.Records, books.Statistics.Refused, reader.StepGaps));
        Assert.Equal((8015L, 8015L), (books.Kinds[EventKind.Funding], books.Kinds[EventKind.OpenInterest]));
    }

    [Fact]
    public void Coinglass_liquidations_add_up_to_the_columns_of_the_table()
    {
        string path = FeedRoom.Data("coinglass_btc", "btc_liquidations_30m.csv.gz");
        using var reader = (CoinglassReader)InputFile.Open(path);
        using ReaderBooks books = ReaderBooks.Of(reader);
        Assert.Equal((4320L, 0L, 0L), (books.Statistics.Records, books.Statistics.Refused, reader.StepGaps));
        // Sums of the two columns by another program.
        Assert.Equal(2_227_984_853.74m, Dollars(books, Side.Ask), 1);
        Assert.Equal(2_438_683_608.42m, Dollars(books, Side.Bid), 1);
    }

    private static decimal Dollars(ReaderBooks books, Side side) =>
        books.Prints.Where(e => e.Side == side).Sum(e => e.Quantity) / 10_000m;

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));
}
