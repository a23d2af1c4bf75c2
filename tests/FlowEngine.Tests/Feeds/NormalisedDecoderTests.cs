using FlowEngine.Feeds;
using FlowEngine.Market;
using Xunit;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Tests.Feeds;

public sealed class NormalisedDecoderTests
{
    private readonly FeedRoom _room = new();
    private readonly byte[] _run = new byte[4096];
    private int _length;

    [Fact]
    public void A_definition_becomes_a_record()
    {
        Define();
        MarketEvent[] events = Decode();
        Assert.Equal([EventKind.InstrumentDefined, EventKind.Status], events.Select(e => e.Kind));
        Instrument instrument = _room.Table[0];
        Assert.Equal("TEST", instrument.Symbol);
        Assert.Equal((1, 900UL), (instrument.Venue, instrument.VenueInstrumentId));
        Assert.Equal(new DecimalScale(5, -3), instrument.PriceQuantum);
        Assert.Equal(2, instrument.TickQuanta);
        Assert.Equal(ContractKind.Linear, instrument.Contract);
        Assert.Equal((20, 123L), (instrument.FeedDepthLevels, instrument.ExpiryTime));
        Define();
        Assert.Empty(Decode());
    }

    [Fact]
    public void Levels_orders_and_clears_come_out_as_they_went_in()
    {
        Define();
        Levels(Wire.UpdateFlags.EndOfEvent | Wire.UpdateFlags.Implied | Wire.UpdateFlags.Throttled,
            (Wire.LevelAction.Set, Wire.Side.Bid, 100, 5), (Wire.LevelAction.Delta, Wire.Side.Ask, 102, -3),
            (Wire.LevelAction.Delete, Wire.Side.Bid, 98, 77));
        var orders = new Wire.OrderUpdateWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 11,
            Sequence = 9,
            Flags = Wire.UpdateFlags.EndOfEvent,
        };
        var group = orders.BeginOrders(4);
        foreach (Wire.OrderAction action in new[]
        {
            Wire.OrderAction.Add, Wire.OrderAction.Modify, Wire.OrderAction.Delete, Wire.OrderAction.Execute,
        })
        {
            group.Next();
            group.OrderId = 4;
            group.Action = action;
            group.Side = Wire.Side.Ask;
            group.Price = 104;
            group.Lots = 6;
        }

        _length += orders.EncodedLength;
        var clear = new Wire.ClearBookWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 12,
            Sequence = 10,
        };
        _length += clear.EncodedLength;

        MarketEvent[] events = Decode()[2..];
        Assert.Equal(
            [
                EventKind.LevelSet, EventKind.LevelDelta, EventKind.LevelDelete, EventKind.OrderAdd,
                EventKind.OrderModify,
                EventKind.OrderDelete, EventKind.OrderExecute, EventKind.Clear,
            ],
            events.Select(e => e.Kind));
        Assert.Equal([100, 102, 98, 104, 104, 104, 104, 0], events.Select(e => e.Price));
        Assert.Equal([5, -3, 0, 6, 6, 0, 6, 0], events.Select(e => e.Quantity));
        Assert.Equal([7UL, 7, 7, 4, 4, 4, 4, 0], events.Select(e => e.Id));
        Assert.Equal([8UL, 8, 8, 9, 9, 9, 9, 10], events.Select(e => e.VenueSequence));
        Assert.Equal([false, false, true, false, false, false, true, true], events.Select(e => e.IsEndOfEvent));
        Assert.Equal(EventFlags.ImpliedLevel | EventFlags.ThrottledSource, events[0].Flags);
        Assert.Equal(0, _room.Counters.DamagedTotal);
    }

    [Fact]
    public void Prints_forced_orders_and_tickers_come_out_as_they_went_in()
    {
        Define();
        var trades = new Wire.TradesWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 11,
            Flags = Wire.UpdateFlags.OffBook,
        };
        var prints = trades.BeginPrints(2);
        prints.Next();
        prints.TradeId = 1;
        prints.Aggressor = Wire.Side.Bid;
        prints.Liquidation = Wire.Liquidation.Maker;
        prints.Price = 101;
        prints.Lots = 3;
        prints.Next();
        prints.TradeId = 2;
        prints.Aggressor = Wire.Side.Ask;
        prints.Liquidation = Wire.Liquidation.Both;
        prints.Price = 100;
        prints.Lots = 4;
        _length += trades.EncodedLength;
        var forced = new Wire.LiquidationOrderWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 12,
            Side = Wire.Side.Ask,
            Flags = Wire.UpdateFlags.EndOfEvent,
            Price = 99,
            Lots = 8,
        };
        _length += forced.EncodedLength;
        var ticker = new Wire.DerivativeTickerWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 13,
            MarkPrice = -5,
            OpenInterest = 6,
        };
        _length += ticker.EncodedLength;
        var status = new Wire.InstrumentStatusWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 14,
            Status = Wire.TradingStatus.Halted,
        };
        _length += status.EncodedLength;

        MarketEvent[] events = Decode()[2..];
        Assert.Equal(
            [
                EventKind.Trade, EventKind.Liquidation, EventKind.Liquidation, EventKind.MarkPrice,
                EventKind.OpenInterest,
                EventKind.Status,
            ],
            events.Select(e => e.Kind));
        Assert.Equal(EventFlags.OffBook | EventFlags.MakerLiquidation, events[0].Flags);
        Assert.Equal((Side.Sell, EventFlags.OffBook | EventFlags.MakerLiquidation), (events[1].Side, events[1].Flags));
        Assert.Equal((Side.Sell, 99L, 8L, true),
            (events[2].Side, events[2].Price, events[2].Quantity, events[2].IsEndOfEvent));
        Assert.Equal((-5L, false), (events[3].Price, events[3].IsEndOfEvent));
        Assert.Equal((6L, true), (events[4].Quantity, events[4].IsEndOfEvent));
        Assert.Equal((long)TradingStatus.Halted, events[5].Quantity);
        Assert.Equal([11, 11, 12, 13, 13, 14], events.Select(e => e.VenueTime));
    }

    [Fact]
    public void Snapshots_need_their_first_piece()
    {
        Define();
        Piece(sequence: 5, isFirst: 0, isLast: 1, (Wire.Side.Bid, 100, 1));
        Piece(sequence: 5, isFirst: 1, isLast: 0, (Wire.Side.Bid, 100, 1));
        Piece(sequence: 5, isFirst: 0, isLast: 1, (Wire.Side.Ask, 102, 2));
        MarketEvent[] events = Decode()[2..];
        Assert.Equal(
            [EventKind.SnapshotBegin, EventKind.SnapshotLevel, EventKind.SnapshotLevel, EventKind.SnapshotEnd],
            events.Select(e => e.Kind));
        Assert.True(events[3].IsEndOfEvent);
        Assert.Equal(1, _room.Counters.SnapshotPiecesSkipped);
    }

    [Theory]
    [InlineData(DamageReason.OffGridPrice, 1, 1, 101, 5)]
    [InlineData(DamageReason.BadPrice, 1, 1, long.MaxValue, 5)]
    [InlineData(DamageReason.BadQuantity, 1, 1, 100, 0)]
    [InlineData(DamageReason.BadQuantity, 2, 1, 100, 0)]
    [InlineData(DamageReason.BadQuantity, 1, 1, 100, long.MaxValue)]
    [InlineData(DamageReason.BadEnum, 4, 1, 100, 5)]
    [InlineData(DamageReason.BadEnum, 1, 0, 100, 5)]
    public void Damaged_levels_are_told_and_break_the_book(DamageReason reason, byte action, byte side, long price,
        long lots)
    {
        Define();
        Levels(Wire.UpdateFlags.EndOfEvent, ((Wire.LevelAction)action, (Wire.Side)side, price, lots));
        MarketEvent[] events = Decode()[2..];
        Assert.Equal([EventKind.Damaged, EventKind.Gap], events.Select(e => e.Kind));
        Assert.Equal((ulong)reason, events[0].Id);
        Assert.Equal(8UL, events[1].VenueSequence);
        Assert.Equal(1, _room.Counters.Damaged(reason));
    }

    [Fact]
    public void Cut_and_flipped_runs_never_throw_and_never_make_malformed_events()
    {
        Define();
        Levels(Wire.UpdateFlags.EndOfEvent, (Wire.LevelAction.Set, Wire.Side.Bid, 100, 5),
            (Wire.LevelAction.Delete, Wire.Side.Ask, 102, 0));
        Piece(sequence: 5, isFirst: 1, isLast: 1, (Wire.Side.Bid, 100, 1));
        byte[] whole = _run[.._length];
        Decode();
        for (var length = 0; length < whole.Length; length++)
        {
            long seen = _room.Counters.DamagedTotal + Messages();
            Check(whole[..length]);
            Assert.True(length == 0 || _room.Counters.DamagedTotal + Messages() > seen);
        }

        var random = new Random(4001);
        for (var i = 0; i < 20_000; i++)
        {
            byte[] flipped = (byte[])whole.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            }

            Check(flipped);
        }

        long Messages() => Enumerable.Range(0, FeedMessageType.All.Count).Sum(_room.Counters.MessagesOf);

        void Check(byte[] run)
        {
            foreach (MarketEvent e in _room.Decode(FeedFormat.Normalised, run))
            {
                Assert.InRange(e.InstrumentId, 0, _room.Table.Count - 1);
                Assert.InRange(e.Price, -FeedLimits.MaxPriceQuanta, FeedLimits.MaxPriceQuanta);
                Assert.InRange(e.Quantity, -FeedLimits.MaxLots, FeedLimits.MaxLots);
                Assert.True(Enum.IsDefined(e.Kind) && e.Kind != EventKind.None);
            }
        }
    }

    [Fact]
    public void No_packet_can_make_more_events_than_the_limit()
    {
        Define();
        byte[] definition = _run[.._length];
        Decode();
        var ticker = new Wire.DerivativeTickerWriter(_run)
        {
            InstrumentId = 900,
            MarkPrice = 1,
            IndexPrice = 1,
            FundingRate = 1,
            OpenInterest = 1,
        };
        byte[] densest = _run[..ticker.EncodedLength];
        int copies = VenueEnvelope.MaxPayloadLength / densest.Length;
        byte[] payload = Enumerable.Repeat(densest, copies).SelectMany(bytes => bytes).ToArray();
        int events = _room.Decode(FeedFormat.Normalised, payload).Length;
        Assert.Equal(4 * copies, events);
        Assert.InRange(events, 4000, FeedLimits.MaxEventsPerPacket);
        Assert.NotEmpty(definition);
    }

    private MarketEvent[] Decode()
    {
        MarketEvent[] events = _room.Decode(FeedFormat.Normalised, _run.AsSpan(0, _length));
        _length = 0;
        return events;
    }

    private void Define()
    {
        var writer = new Wire.InstrumentDefinitionWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            Venue = Wire.Venue.Simulator,
            ContractKind = Wire.ContractKind.Linear,
            Status = Wire.TradingStatus.Open,
            TickQuanta = 2,
            FeedDepthLevels = 20,
            ExpiryTime = 123,
        };
        Write(writer.PriceQuantum, 5, -3);
        Write(writer.Lot, 1, -1);
        Write(writer.ContractMultiplier, 1, 0);
        writer.SetSymbol("TEST"u8);
        _length += writer.EncodedLength;
    }

    private static void Write(Wire.DecimalScaleWriter scale, long mantissa, sbyte exponent)
    {
        scale.Mantissa = mantissa;
        scale.Exponent = exponent;
    }

    private void Levels(
        Wire.UpdateFlags flags, params (Wire.LevelAction Action, Wire.Side Side, long Price, long Lots)[] levels)
    {
        var writer = new Wire.LevelUpdateWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 10,
            Sequence = 8,
            PreviousSequence = 7,
            Flags = flags,
        };
        var group = writer.BeginLevels(levels.Length);
        foreach (var level in levels)
        {
            group.Next();
            group.Action = level.Action;
            group.Side = level.Side;
            group.Price = level.Price;
            group.Lots = level.Lots;
        }

        _length += writer.EncodedLength;
    }

    private void Piece(ulong sequence, byte isFirst, byte isLast,
        params (Wire.Side Side, long Price, long Lots)[] levels)
    {
        var writer = new Wire.SnapshotPieceWriter(_run.AsSpan(_length))
        {
            InstrumentId = 900,
            VenueTime = 10,
            Sequence = sequence,
            IsFirst = isFirst,
            IsLast = isLast,
        };
        var group = writer.BeginLevels(levels.Length);
        foreach (var level in levels)
        {
            group.Next();
            group.Side = level.Side;
            group.Price = level.Price;
            group.Lots = level.Lots;
        }

        _length += writer.EncodedLength;
    }
}
