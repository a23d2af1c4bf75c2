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
}
