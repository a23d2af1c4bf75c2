using FlowEngine.Feeds;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds;

public sealed class DeribitDecoderTests
{
    private const byte Ask = 0;
    private const byte Bid = 1;

    private readonly FeedRoom _room = new();
    private uint _sequence = 1;

    [Fact]
    public void A_definition_becomes_a_record_and_says_so_once()
    {
        MarketEvent[] events = Decode(packet => packet.Instrument().Instrument());
        Assert.Equal([EventKind.InstrumentDefined, EventKind.Status], events.Select(e => e.Kind));
        Assert.Equal(7UL, events[0].Id);
        Assert.Equal((long)TradingStatus.Open, events[1].Quantity);
        Assert.True(events[1].IsEndOfEvent);
        Instrument instrument = _room.Table[0];
        Assert.Equal("BTC-PERPETUAL", instrument.Symbol);
        Assert.Equal(new DecimalScale(5, -1), instrument.PriceQuantum);
        Assert.Equal(10m, instrument.Lot.ToDecimal());
        Assert.Equal(10m, instrument.ContractMultiplier.ToDecimal());
        Assert.Equal(ContractKind.Inverse, instrument.Contract);
        Assert.Equal(0, instrument.ExpiryTime);

        MarketEvent closed = Assert.Single(Decode(packet => packet.Instrument(state: 2)));
        Assert.Equal((EventKind.Status, (long)TradingStatus.Closed), (closed.Kind, closed.Quantity));
    }

    [Fact]
    public void Kinds_and_types_decide_how_a_contract_pays_and_when_it_ends()
    {
        Decode(packet => packet
            .Instrument(id: 1, type: 2, period: 4, name: "A").Instrument(id: 2, kind: 4, type: 2, name: "B")
            .Instrument(id: 3, type: 0, name: "C"));
        Assert.Equal(
            [ContractKind.Linear, ContractKind.Spot, ContractKind.Unknown],
            Enumerable.Range(0, 3).Select(id => _room.Table[id].Contract));
        Assert.Equal(1_686_902_400_000_000_000, _room.Table[0].ExpiryTime);
    }

    [Fact]
    public void A_book_message_becomes_level_events_of_one_venue_event()
    {
        Decode(packet => packet.Instrument());
        MarketEvent[] events = Decode(packet => packet.Book(
            [(Bid, 0, 24_999.5, 500), (Bid, 1, 24_999, 20), (Ask, 2, 25_000, 0)], prev: 41, next: 42));
        Assert.Equal([EventKind.LevelSet, EventKind.LevelSet, EventKind.LevelDelete], events.Select(e => e.Kind));
        Assert.Equal([49_999, 49_998, 50_000], events.Select(e => e.Price));
        Assert.Equal([50, 2, 0], events.Select(e => e.Quantity));
        Assert.Equal([Side.Bid, Side.Bid, Side.Ask], events.Select(e => e.Side));
        Assert.Equal([false, false, true], events.Select(e => e.IsEndOfEvent));
        Assert.All(events, e => Assert.Equal((42UL, 41UL), (e.VenueSequence, e.Id)));
        Assert.All(events, e => Assert.Equal(1_686_858_149_957_000_000, e.VenueTime));
        Assert.False(Decode(packet => packet.Book([(Bid, 0, 24_000, 10)], isLast: 0))[0].IsEndOfEvent);
    }

    [Fact]
    public void Trades_carry_the_aggressor_and_forced_ones_are_liquidations()
    {
        Decode(packet => packet.Instrument());
        MarketEvent[] events = Decode(packet => packet.Trades(
            [(0, 25_000, 10, 0, 0), (1, 24_999.5, 20, 2, 0), (1, 24_999.5, 30, 3, 0), (0, 25_000, 40, 1, 0),
                (2, 25_000, 50, 0, 9)]));
        Assert.Equal(
            [EventKind.Trade, EventKind.Liquidation, EventKind.Liquidation, EventKind.Trade, EventKind.Trade],
            events.Select(e => e.Kind));
        Assert.Equal([Side.Buy, Side.Sell, Side.Sell, Side.Buy, Side.Unknown], events.Select(e => e.Side));
        Assert.Equal([1, 2, 3, 4, 5], events.Select(e => e.Quantity));
        Assert.Equal([500UL, 501, 502, 503, 504], events.Select(e => e.Id));
        Assert.Equal(
            [
                EventFlags.None, EventFlags.None, EventFlags.MakerLiquidation, EventFlags.MakerLiquidation,
                EventFlags.OffBook | EventFlags.EndOfEvent,
            ],
            events.Select(e => e.Flags));
        Assert.Equal(5, _room.Counters.Trades);
    }

    [Fact]
    public void Pieces_of_one_change_id_are_one_snapshot()
    {
        Decode(packet => packet.Instrument());
        MarketEvent[] first = Decode(packet => packet.Snapshot([(Bid, 24_999.5, 10)], change: 9, isLast: 0));
        MarketEvent[] second = Decode(packet => packet.Snapshot([(Ask, 25_000, 20)], change: 9));
        MarketEvent[] empty = Decode(packet => packet.Snapshot([], change: 10));
        Assert.Equal([EventKind.SnapshotBegin, EventKind.SnapshotLevel], first.Select(e => e.Kind));
        Assert.Equal([EventKind.SnapshotLevel, EventKind.SnapshotEnd], second.Select(e => e.Kind));
        Assert.Equal([EventKind.SnapshotBegin, EventKind.SnapshotEnd], empty.Select(e => e.Kind));
        Assert.All(first.Concat(second), e => Assert.Equal(9UL, e.VenueSequence));
        Assert.All(first.Concat(second), e => Assert.True((e.Flags & EventFlags.Snapshot) != 0));
        Assert.True(second[1].IsEndOfEvent);
    }

    [Fact]
    public void A_piece_after_a_lost_packet_is_left_out_until_a_last_piece_has_passed()
    {
        Decode(packet => packet.Instrument());
        Decode(packet => packet.Snapshot([(Bid, 24_999.5, 10)], change: 9, isLast: 0));
        _sequence++;
        Assert.Empty(Decode(packet => packet.Snapshot([(Ask, 25_000, 20)], change: 9)));
        Assert.Equal((1, 1, 1),
            (_room.Counters.ChannelGaps, _room.Counters.PacketsLost, _room.Counters.SnapshotPiecesSkipped));
        Assert.Equal(3, Decode(packet => packet.Snapshot([(Ask, 25_000, 20)], change: 11)).Length);
    }

    [Fact]
    public void A_ticker_becomes_references_and_best_levels()
    {
        Decode(packet => packet.Instrument());
        MarketEvent[] events = Decode(packet => packet.Ticker(ask: 0, askAmount: 0));
        Assert.Equal(
            [
                EventKind.MarkPrice, EventKind.IndexPrice, EventKind.OpenInterest, EventKind.Funding,
                EventKind.BestLevel, EventKind.BestLevel,
            ],
            events.Select(e => e.Kind));
        Assert.Equal([25_000_123_400_000, 25_001_250_000_000, 0, 100_000, 49_999, 0], events.Select(e => e.Price));
        Assert.Equal([0, 0, 123_456, 0, 50, 0], events.Select(e => e.Quantity));
        Assert.True(events[^1].IsEndOfEvent);
        Assert.DoesNotContain(events[..^1], e => e.IsEndOfEvent);

        double nan = double.NaN;
        MarketEvent[] sparse = Decode(
            packet => packet.Ticker(state: 5, funding: nan, openInterest: nan, mark: nan, index: nan));
        Assert.Equal([EventKind.Status, EventKind.BestLevel, EventKind.BestLevel], sparse.Select(e => e.Kind));
        Assert.Equal((long)TradingStatus.Halted, sparse[0].Quantity);
    }

    [Fact]
    public void The_other_lines_copies_are_dropped_and_a_long_step_back_is_a_restart()
    {
        Decode(packet => packet.Instrument());
        byte[] packet = new DeribitPackets(sequence: _sequence).Book([(Bid, 0, 24_999.5, 10)]).Done();
        Assert.Single(_room.Decode(FeedFormat.DeribitMulticast, packet));
        Assert.Empty(_room.Decode(FeedFormat.DeribitMulticast, packet));
        Assert.Equal((1, 0), (_room.Counters.DuplicatePackets, _room.Counters.ChannelResets));
        Assert.Single(_room.Decode(FeedRoom.Wrap(FeedFormat.DeribitMulticast, packet, captureTimeNs: 2_000_000_000)));
        Assert.Equal((1, 1), (_room.Counters.DuplicatePackets, _room.Counters.ChannelResets));
    }

    [Fact]
    public void Messages_that_change_no_book_and_newer_ones_are_passed_over()
    {
        Decode(packet => packet.Instrument());
        MarketEvent[] events = Decode(packet => packet
            .Header(4, 1005).Raw(1, 0, 0, 0).Header(0, 1006).Header(2, 1077, data: 1).Raw(1, 2, 3, 9, 9, 9)
            .Book([(Bid, 0, 24_999.5, 10)]));
        Assert.Single(events);
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.UnknownTemplate));
        Assert.Equal(1, _room.Counters.DamagedTotal);
        Assert.Equal(1, _room.Counters.MessagesOf(FeedFormat.DeribitMulticast, "snapshotStart"));
    }

    [Fact]
    public void Unknown_instruments_are_counted_by_message()
    {
        Assert.Empty(
            Decode(packet => packet.Ticker(id: 9).Book([(Bid, 0, 1, 1), (Bid, 0, 2, 1)], id: 9).Snapshot([], id: 9)));
        Assert.Equal(3, _room.Counters.UnknownInstrument);
        Assert.Equal(0, _room.Counters.DamagedTotal);
    }

    [Fact]
    public void Combos_may_cost_nothing_or_less()
    {
        Decode(packet => packet.Instrument(kind: 2));
        MarketEvent[] events = Decode(packet => packet.Book([(Bid, 0, -12.5, 10), (Ask, 0, 0, 10)]));
        Assert.Equal([-25, 0], events.Select(e => e.Price));
    }

    [Fact]
    public void Decoding_allocates_nothing()
    {
        Decode(packet => packet.Instrument());
        byte[] good = FeedRoom.Wrap(FeedFormat.DeribitMulticast, new DeribitPackets()
            .Book([(Bid, 0, 24_999.5, 500), (Ask, 2, 25_000, 0)]).Trades([(0, 25_000, 10, 0, 0)]).Ticker()
            .Snapshot([(Bid, 24_999.5, 10)]).Instrument().Book([(Bid, 0, double.NaN, 1)]).Header(1,
                1099).Raw(1).Done());
        for (var i = 0; i < 2_000; i++)
        {
            Send(good, (uint)i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2_000; i < 12_000; i++)
        {
            Send(good, (uint)i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Send(byte[] message, uint sequence)
        {
            BitConverter.TryWriteBytes(message.AsSpan(VenueEnvelope.Overhead + 4), _sequence + sequence);
            Assert.True(_room.Count(message) > 10);
        }
    }

    private MarketEvent[] Decode(Func<DeribitPackets, DeribitPackets> build) =>
        _room.Decode(FeedFormat.DeribitMulticast, build(new DeribitPackets(sequence: _sequence++)).Done());
}
