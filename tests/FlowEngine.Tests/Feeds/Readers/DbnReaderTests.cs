using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

public sealed class DbnReaderTests
{
    [Fact]
    public void The_order_stream_of_a_future_has_the_trades_that_independent_readers_found()
    {
        var trades = new Dictionary<Side, (long Count, long Lots)>();
        Instrument? instrument = null;
        long orders = 0;
        ReadStatistics statistics = ReaderRoom.ReadAll(
            FeedRoom.Data("databento", "esh4-glbx-mdp3-20231225.mbo.dbn.zst"),
            (instruments, events) =>
            {
                instrument = instruments[0];
                foreach (ref readonly MarketEvent e in events)
                {
                    orders += e.Kind is EventKind.OrderAdd or EventKind.OrderModify or EventKind.OrderDelete ? 1 : 0;
                    if (e.Kind == EventKind.Trade)
                    {
                        (long count, long lots) = trades.GetValueOrDefault(e.Side);
                        trades[e.Side] = (count + 1, lots + e.Quantity);
                    }
                }
            });

        Assert.Equal((68_792L, 0L, 0L), (statistics.Records, statistics.Refused, statistics.UnknownOrders));
        Assert.Equal((1542, 5322), trades[Side.Buy]);
        Assert.Equal((1430, 4526), trades[Side.Sell]);
        Assert.Equal((1, 44), trades[Side.Unknown]);
        Assert.True(orders > 50_000);
        Assert.Equal(("ESH4", BookKind.Orders, new DecimalScale(25, -2)),
            (instrument!.Symbol, instrument.Book, instrument.PriceQuantum));
    }

    [Fact]
    public void A_snapshot_of_orders_comes_out_as_one()
    {
        List<EventKind> kinds = [];
        ReadStatistics statistics = ReaderRoom.ReadAll(
            FeedRoom.Data("databento", "esh4-glbx-mdp3-20231224.mbo.dbn.zst"),
            (_, events) =>
            {
                foreach (ref readonly MarketEvent e in events)
                {
                    kinds.Add(e.Kind);
                }
            });

        Assert.Equal((8725L, 0L, 0L), (statistics.Records, statistics.Refused, statistics.UnknownOrders));
        Assert.Single(kinds, EventKind.SnapshotBegin);
        Assert.True(kinds.Count(kind => kind == EventKind.OrderAdd) > 8000);
    }

    [Theory]
    [InlineData("mbo")]
    [InlineData("mbp-1")]
    [InlineData("mbp-10")]
    [InlineData("tbbo")]
    [InlineData("trades")]
    public void Every_version_of_a_schema_decodes_to_the_same_events(string schema)
    {
        string[] seen =
        [
            .. new[] { "v1", "v2", "v3" }.Select(version =>
            {
                List<string> events = [];
                ReadStatistics statistics = ReaderRoom.ReadAll(
                    FeedRoom.Data("databento", "dbn_tests", $"test_data.{schema}.{version}.dbn.zst"),
                    (instruments, batch) =>
                    {
                        foreach (ref readonly MarketEvent e in batch)
                        {
                            events.Add($"{e.Kind} {e.Side} {e.Quantity} @ {instruments[0].PriceQuantum} {e.Price}");
                        }
                    });
                Assert.Equal((2L, 0L), (statistics.Records, statistics.Refused));
                return string.Join('\n', events);
            }),
        ];

        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(seen[0], seen[2]);
        Assert.NotEmpty(seen[0]);
    }

    [Fact]
    public void A_session_is_in_its_pre_open_until_it_trades_and_only_there_its_book_is_crossed()
    {
        using ReaderBooks books = ReaderBooks.Of("databento", "esh4-glbx-mdp3-20231225.mbo.dbn.zst");

        Assert.Equal((BookState.Live, 0L, TradingStatus.Open), (books[0].State, books[0].Gaps, books[0].Status));
        Assert.Equal(0, books.CrossedWhileOpen);
        Assert.True(books[0].ReadCounters().CrossedBoundaries > 0);
        // The definition's, PreOpen behind the snapshot, Open behind the opening trade.
        Assert.Equal(3, books.Kinds[EventKind.Status]);
    }

    [Theory]
    [InlineData("mbp-1.dbz", "mbp-1.v1.dbn.zst")]
    [InlineData("mbp-10.dbz", "mbp-10.v1.dbn.zst")]
    [InlineData("tbbo.dbz", "tbbo.v1.dbn.zst")]
    [InlineData("trades.dbz", "trades.v1.dbn.zst")]
    public void A_file_of_version_0_has_the_events_of_version_1_without_the_name(string old, string next)
    {
        string[] seen = [.. new[] { old, next }.Select(file =>
        {
            List<string> events = [];
            ReadStatistics statistics = ReaderRoom.ReadAll(
                FeedRoom.Data("databento", "dbn_tests", $"test_data.{file}"),
                (instruments, batch) => events.AddRange(batch.ToArray()
                    .Where(e => e.Kind is not (EventKind.InstrumentDefined or EventKind.Status))
                    .Select(e => $"{e.Kind} {e.Side} {e.Quantity} @ {instruments[0].PriceQuantum} {e.Price} {e.Id}")));
            Assert.Equal((2L, 0L), (statistics.Records, statistics.Refused));
            return string.Join('\n', events);
        })];
        Assert.Equal(seen[1], seen[0]);
        Assert.NotEmpty(seen[0]);
    }

    [Theory]
    [InlineData("definition.v1.dbn.frag", 2)]
    [InlineData("definition.v2.dbn.frag", 2)]
    [InlineData("definition.v3.dbn.frag", 2)]
    [InlineData("definition.v3.dbn.frag.zst", 2)]
    [InlineData("definition.dbz", 2)]
    [InlineData("ohlcv-1h.dbz", 2)]
    [InlineData("status.v2.dbn.zst", 4)]
    [InlineData("imbalance.v3.dbn.zst", 2)]
    [InlineData("statistics.v1.dbn.zst", 2)]
    public void Records_that_say_nothing_of_a_book_are_read_and_passed_over(string file, long records)
    {
        ReadStatistics statistics = ReaderRoom.ReadAll(
            FeedRoom.Data("databento", "dbn_tests", $"test_data.{file}"), (_, _) => { });
        Assert.Equal((records, 0L), (statistics.Records, statistics.Refused));
    }

    [Fact]
    public void A_fragment_of_several_frames_is_one_file()
    {
        ReadStatistics statistics = ReaderRoom.ReadAll(
            FeedRoom.Data("databento", "dbn_tests", "multi-frame.definition.v1.dbn.frag.zst"), (_, _) => { });
        Assert.Equal((8L, 0L), (statistics.Records, statistics.Refused));
    }
}
