using FlowEngine.Feeds;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds;

public sealed class DamageTests
{
    private const byte Bid = 1;

    private readonly FeedRoom _room = new(capacity: 2);
    private uint _sequence = 1;

    [Theory]
    [InlineData(DamageReason.NaNPrice, double.NaN, 10)]
    [InlineData(DamageReason.NaNPrice, double.PositiveInfinity, 10)]
    [InlineData(DamageReason.OffGridPrice, 25_000.25, 10)]
    [InlineData(DamageReason.BadPrice, -25_000, 10)]
    [InlineData(DamageReason.BadPrice, 1e300, 10)]
    [InlineData(DamageReason.BadQuantity, 25_000, 0)]
    [InlineData(DamageReason.BadQuantity, 25_000, -10)]
    [InlineData(DamageReason.BadQuantity, 25_000, 15)]
    [InlineData(DamageReason.BadQuantity, 25_000, double.NaN)]
    public void A_damaged_book_change_is_told_and_breaks_the_book(DamageReason reason, double price, double amount)
    {
        Define();
        MarketEvent[] events = Decode(packet => packet.Book([(Bid, 0, 24_000, 10), (Bid, 0, price, amount)], next: 55));
        Assert.Equal([EventKind.LevelSet, EventKind.Damaged, EventKind.Gap], events.Select(e => e.Kind));
        Assert.Equal((ulong)reason, events[1].Id);
        Assert.Equal(55UL, events[2].VenueSequence);
        Assert.True(events[2].IsEndOfEvent);
        AssertOnly(reason);
    }

    [Theory]
    [InlineData(DamageReason.BadEnum, 3, 0)]
    [InlineData(DamageReason.BadEnum, 0, 4)]
    public void A_print_with_an_unknown_enum_is_left_out_and_the_others_stay(DamageReason reason, byte direction,
        byte liquidation)
    {
        Define();
        MarketEvent[] events = Decode(
            packet => packet.Trades([(direction, 25_000, 10, liquidation, 0), (0, 25_000, 20, 0, 0)]));
        Assert.Equal([EventKind.Damaged, EventKind.Trade], events.Select(e => e.Kind));
        Assert.True(events[1].IsEndOfEvent);
        AssertOnly(reason);
    }

    [Fact]
    public void A_damaged_ticker_or_snapshot_is_left_out_whole_and_breaks_no_book()
    {
        Define();
        MarketEvent ticker = Assert.Single(Decode(packet => packet.Ticker(mark: double.PositiveInfinity)));
        Assert.Equal((EventKind.Damaged, (ulong)DamageReason.NaNPrice), (ticker.Kind, ticker.Id));
        MarketEvent best = Assert.Single(Decode(packet => packet.Ticker(bid: 24_999.7)));
        Assert.Equal((EventKind.Damaged, (ulong)DamageReason.OffGridPrice), (best.Kind, best.Id));
        MarketEvent state = Assert.Single(Decode(packet => packet.Ticker(state: 9)));
        Assert.Equal((EventKind.Damaged, (ulong)DamageReason.BadEnum), (state.Kind, state.Id));
        MarketEvent snapshot = Assert.Single(Decode(packet => packet.Snapshot([(Bid, 24_000, 10), (2, 24_000, 10)])));
        Assert.Equal((EventKind.Damaged, (ulong)DamageReason.BadEnum), (snapshot.Kind, snapshot.Id));
        Assert.Equal(4, _room.Counters.DamagedTotal);
    }

    [Fact]
    public void Times_and_flags_of_a_book_message_are_checked()
    {
        Define();
        Assert.Equal(EventKind.Gap,
            Decode(packet => packet.Book([(Bid, 0, 25_000, 10)], timeMs: ulong.MaxValue))[^1].Kind);
        AssertOnly(DamageReason.BadTime);
        Assert.Equal(EventKind.Gap, Decode(packet => packet.Book([(Bid, 0, 25_000, 10)], isLast: 2))[^1].Kind);
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.BadEnum));
    }

    [Fact]
    public void Frames_that_contradict_themselves_are_refused_whole()
    {
        byte[] packet = new DeribitPackets().Ticker().Done();
        Assert.Empty(_room.Decode(FeedFormat.DeribitMulticast, packet.AsSpan(0, packet.Length - 1)));
        AssertOnly(DamageReason.TruncatedPacket);
        Assert.Empty(_room.Decode(FeedFormat.DeribitMulticast, [.. packet, 0]));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.BadFrameLength));
        Assert.Equal(0, _room.Counters.UnknownInstrument);
    }

    [Fact]
    public void Messages_that_cannot_be_walked_take_the_rest_of_the_packet_along()
    {
        Define();
        Assert.Empty(Decode(packet => packet.Header(0, 1001, groups: 1).Raw(18, 0, 1, 0, 1, 0, 0, 0).Ticker()));
        AssertOnly(DamageReason.BadGroup);
        Assert.Empty(Decode(packet => packet.Header(0, 1006, schema: 2).Ticker()));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.WrongSchema));
        Assert.Empty(Decode(packet => packet.Header(400, 1003).Ticker()));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.TruncatedPacket));
        Assert.Equal(6, Decode(packet => packet.Header(4, 1003).Raw(7, 0, 0, 0).Ticker()).Length);
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.ShortBlock));
    }

    [Fact]
    public void Definitions_are_checked_before_they_are_believed()
    {
        Assert.Empty(Decode(packet => packet.Instrument(tick: double.NaN)));
        Assert.Empty(Decode(packet => packet.Instrument(lot: 0)));
        Assert.Empty(Decode(packet => packet.Instrument(name: "")));
        Assert.Empty(Decode(packet => packet.Instrument(name: "A\nB")));
        Assert.Equal(4, _room.Counters.Damaged(DamageReason.BadDefinition));
        Assert.Empty(Decode(packet => packet.Instrument(kind: 5)));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.BadEnum));
        Decode(packet => packet.Instrument(id: 1).Instrument(id: 2));
        Assert.Empty(Decode(packet => packet.Instrument(id: 3)));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.TableFull));
        MarketEvent conflict = Assert.Single(Decode(packet => packet.Instrument(id: 1, tick: 1)));
        Assert.Equal((EventKind.Damaged, (ulong)DamageReason.ConflictingDefinition), (conflict.Kind, conflict.Id));
        Assert.Equal(2, _room.Table.Count);
    }

    [Fact]
    public void Envelopes_are_checked_and_the_newest_refusal_is_kept()
    {
        byte[] message = FeedRoom.Wrap((FeedFormat)9, [1, 2, 3]);
        Assert.Empty(_room.Decode(message));
        AssertOnly(DamageReason.UnknownFormat);
        Assert.Equal(DamageReason.UnknownFormat, _room.Counters.NewestDamage.Reason);
        Assert.Equal(message, _room.Counters.NewestDamage.Bytes.ToArray());
        message[4] ^= 1;
        Assert.Empty(_room.Decode(message));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.WrongSchema));
        message[4] ^= 1;
        message[2] = 99;
        Assert.Empty(_room.Decode(message));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.UnknownTemplate));
        Assert.False(FeedDecoder.TryReadCaptureTime(message, out _));
        message[2] = 1;
        Assert.Empty(_room.Decode(message.AsSpan(0, message.Length - 1)));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.TruncatedPacket));
        Assert.True(FeedDecoder.TryReadCaptureTime(message, out long captureTimeNs));
        Assert.Equal(5, captureTimeNs);
    }

    private void Define() => Decode(packet => packet.Instrument());

    private void AssertOnly(DamageReason reason)
    {
        Assert.Equal(1, _room.Counters.Damaged(reason));
        Assert.Equal(1, _room.Counters.DamagedTotal);
    }

    private MarketEvent[] Decode(Func<DeribitPackets, DeribitPackets> build) =>
        _room.Decode(FeedFormat.DeribitMulticast, build(new DeribitPackets(sequence: _sequence++)).Done());
}
