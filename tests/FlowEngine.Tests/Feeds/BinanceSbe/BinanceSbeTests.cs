using System.Text;
using FlowEngine.Feeds;
using FlowEngine.Market;
using FlowEngine.Messages.Binance;
using Xunit;
using Side = FlowEngine.Market.Side;

namespace FlowEngine.Tests.Feeds.BinanceSbe;

public sealed class BinanceSbeTests
{
    private const long TimeUs = 1_700_000_000_000_000;
    private const int Cents = -2;

    private readonly FeedRoom _room = new();

    [Fact]
    public void A_trade_defines_its_symbol_and_has_the_takers_side()
    {
        MarketEvent[] events = Decode(Trades(Cents, -5, (1, 6_000_001, 150_000, false), (2, 6_000_002, 1, true)));

        Assert.Equal([EventKind.InstrumentDefined, EventKind.Status, EventKind.Trade, EventKind.Trade],
            events.Select(e => e.Kind));
        Instrument btc = _room.Table[0];
        Assert.Equal((FeedVenue.Binance, "BTCUSDT", ContractKind.Spot), (btc.Venue, btc.Symbol, btc.Contract));
        Assert.Equal((new DecimalScale(1, Cents), new DecimalScale(1, -5)), (btc.PriceQuantum, btc.Lot));
        Assert.Equal([(Side.Buy, 6_000_001L, 150_000L, 1UL), (Side.Sell, 6_000_002L, 1L, 2UL)],
            events[2..].Select(e => (e.Side, e.Price, e.Quantity, e.Id)));
        Assert.Equal([false, true], events[2..].Select(e => e.IsEndOfEvent));
        Assert.Equal((TimeUs + 1) * 1_000, events[2].VenueTime);
        Assert.Equal(1, _room.Counters.MessagesOf(FeedFormat.BinanceSbe, "trades"));
    }

    [Fact]
    public void Mantissas_of_other_exponents_are_brought_to_the_symbols_units()
    {
        Decode(Trades(Cents, -5, (1, 6_000_001, 5, false)));
        MarketEvent[] coarse = Decode(Trades(0, -3, (2, 60_000, 7, false)));
        Assert.Equal((6_000_000L, 700L), (coarse[0].Price, coarse[0].Quantity));
        MarketEvent[] fine = Decode(Trades(-8, -8, (3, 60_000_50_000_000, 2_000, false)));
        Assert.Equal((6_000_050L, 2L), (fine[0].Price, fine[0].Quantity));

        MarketEvent[] between = Decode(Trades(-8, -8, (4, 60_000_50_000_001, 2_000, false)));
        Assert.Equal((EventKind.Damaged, (ulong)DamageReason.OffGridPrice), (between[0].Kind, between[0].Id));
        Assert.Empty(Decode(Trades(120, -8, (5, 1, 1, false))));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.ConflictingDefinition));
    }

    [Fact]
    public void Best_levels_name_their_update_and_an_empty_side_has_no_lots()
    {
        MarketEvent[] events = Decode(Best(77, 6_000_000, 5, 0, 0))[2..];
        Assert.Equal(
            [(EventKind.BestLevel, Side.Bid, 6_000_000L, 5L, 77UL), (EventKind.BestLevel, Side.Ask, 0L, 0L, 77UL)],
            events.Select(e => (e.Kind, e.Side, e.Price, e.Quantity, e.VenueSequence)));
        Assert.True(events[1].IsEndOfEvent);
    }

    [Fact]
    public void Diffs_around_a_snapshot_make_the_venues_book_and_a_hole_waits_for_the_next()
    {
        using var book = new InstrumentBook(0, new BookOptions());
        Feed(book, Diff(5, 7, [(100, 9)], []));
        Feed(book, Diff(8, 9, [(101, 2)], [(105, 1)]));
        Assert.Equal(BookState.WaitingForSnapshot, book.State);
        Feed(book, Snapshot(8, [(101, 2), (100, 1)], [(104, 1), (105, 3)]));
        Assert.Equal((BookState.Live, 9UL), (book.State, book.VenueSequence));
        Assert.Equal((105L, 1L), (book.Asks[1].Price, book.Asks[1].Lots));

        Feed(book, Diff(10, 12, [], []));
        Feed(book, Diff(13, 13, [(101, 0)], []));
        Assert.Equal((BookState.Live, 100L), (book.State, book.Bids[0].Price));
        Assert.Empty(Decode(Snapshot(13, [(100, 1)], [(104, 1)])));
        Assert.Equal(1, _room.Counters.SnapshotPiecesSkipped);

        Feed(book, Diff(15, 15, [(99, 1)], []));
        Assert.Equal(BookState.Gap, book.State);
        Feed(book, Snapshot(15, [(99, 1)], [(104, 1)]));
        Assert.Equal((BookState.Live, 99L), (book.State, book.Bids[0].Price));
    }

    [Fact]
    public void A_bad_level_costs_the_book_until_a_snapshot()
    {
        using var book = new InstrumentBook(0, new BookOptions());
        Feed(book, Snapshot(4, [(100, 1)], [(104, 1)]));
        Feed(book, Diff(5, 5, [(100, 2)], []));
        Feed(book, Diff(6, 6, [(100, -2)], []));
        Assert.Equal(BookState.Gap, book.State);
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.BadQuantity));
        Feed(book, Diff(7, 7, [(101, 2)], []));
        Feed(book, Snapshot(6, [(100, 5)], []));
        Assert.Equal((BookState.Live, 101L, 2), (book.State, book.Bids[0].Price, book.Bids.Count));
    }

    [Fact]
    public void Cut_messages_are_counted_and_make_nothing()
    {
        byte[] message = Diff(5, 7, [(100, 9)], [(105, 1)]);
        for (var length = 0; length < message.Length; length++)
        {
            Assert.Empty(Decode(message.AsSpan(0, length)));
            Assert.Equal(length + 1, _room.Counters.DamagedTotal);
        }
    }

    [Fact]
    public void Decoding_allocates_nothing_once_the_symbol_is_known()
    {
        byte[][] packets =
        [
            .. new[]
            {
                Trades(Cents, -5, (1, 6_000_001, 150_000, false)), Best(77, 6_000_000, 5, 6_000_100, 3),
                Diff(5, 7, [(100, 9)], [(105, 1)]), Snapshot(8, [(101, 2), (100, 1)], [(104, 1)]),
                Diff(20, 21, [(100, -9)], []),
            }.Select(payload => FeedRoom.Wrap(FeedFormat.BinanceSbe, payload)),
        ];
        Run(2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(5_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                _room.Count(packets[i % packets.Length]);
            }
        }
    }

    internal static byte[] Diff(
        long first, long last, (long Price, long Quantity)[] bids, (long Price, long Quantity)[] asks)
    {
        byte[] bytes = new byte[4096];
        var writer = new DepthDiffWriter(bytes)
        {
            EventTimeUs = TimeUs,
            FirstBookUpdateId = first,
            LastBookUpdateId = last,
            PriceExponent = Cents,
            QuantityExponent = -5,
        };
        var bidsGroup = writer.BeginBids(bids.Length);
        foreach (var level in bids)
        {
            bidsGroup.Next();
            (bidsGroup.Price, bidsGroup.Quantity) = level;
        }

        var asksGroup = writer.BeginAsks(asks.Length);
        foreach (var level in asks)
        {
            asksGroup.Next();
            (asksGroup.Price, asksGroup.Quantity) = level;
        }

        writer.SetSymbol(Encoding.ASCII.GetBytes("BTCUSDT"));
        return bytes[..writer.EncodedLength];
    }

    internal static byte[] Snapshot(
        long update, (long Price, long Quantity)[] bids, (long Price, long Quantity)[] asks)
    {
        byte[] bytes = new byte[4096];
        var writer = new DepthSnapshotWriter(bytes)
        {
            EventTimeUs = TimeUs,
            BookUpdateId = update,
            PriceExponent = Cents,
            QuantityExponent = -5,
        };
        var bidsGroup = writer.BeginBids(bids.Length);
        foreach (var level in bids)
        {
            bidsGroup.Next();
            (bidsGroup.Price, bidsGroup.Quantity) = level;
        }

        var asksGroup = writer.BeginAsks(asks.Length);
        foreach (var level in asks)
        {
            asksGroup.Next();
            (asksGroup.Price, asksGroup.Quantity) = level;
        }

        writer.SetSymbol(Encoding.ASCII.GetBytes("BTCUSDT"));
        return bytes[..writer.EncodedLength];
    }

    internal static byte[] Trades(
        int priceExponent,
        int quantityExponent,
        params (long Id, long Price, long Quantity, bool IsBuyerMaker)[] prints)
    {
        byte[] bytes = new byte[4096];
        var writer = new TradesWriter(bytes)
        {
            EventTimeUs = TimeUs,
            TransactTimeUs = TimeUs + 1,
            PriceExponent = (sbyte)priceExponent,
            QuantityExponent = (sbyte)quantityExponent,
        };
        var group = writer.BeginPrints(prints.Length);
        foreach (var print in prints)
        {
            group.Next();
            group.TradeId = print.Id;
            group.Price = print.Price;
            group.Quantity = print.Quantity;
            group.IsBuyerMaker = print.IsBuyerMaker ? FlowEngine.Messages.Binance.Boolean.Yes
                : FlowEngine.Messages.Binance.Boolean.No;
        }

        writer.SetSymbol(Encoding.ASCII.GetBytes("BTCUSDT"));
        return bytes[..writer.EncodedLength];
    }

    internal static byte[] Best(long update, long bid, long bidQuantity, long ask, long askQuantity)
    {
        byte[] bytes = new byte[4096];
        var writer = new BestBidAskWriter(bytes)
        {
            EventTimeUs = TimeUs,
            BookUpdateId = update,
            PriceExponent = Cents,
            QuantityExponent = -5,
            BidPrice = bid,
            BidQuantity = bidQuantity,
            AskPrice = ask,
            AskQuantity = askQuantity,
        };
        writer.SetSymbol(Encoding.ASCII.GetBytes("BTCUSDT"));
        return bytes[..writer.EncodedLength];
    }

    private MarketEvent[] Decode(ReadOnlySpan<byte> payload) => _room.Decode(FeedFormat.BinanceSbe, payload);

    private void Feed(InstrumentBook book, byte[] payload)
    {
        foreach (MarketEvent e in Decode(payload))
        {
            book.Apply(in e);
        }
    }
}
