using FlowEngine.Feeds;
using FlowEngine.Feeds.Captures;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds;

public sealed class DeribitCaptureTests
{
    [Fact]
    public void The_sample_capture_gives_the_figures_of_independent_readers()
    {
        using CaptureFile file = CaptureFile.Open(FeedRoom.Data("deribit_sbe", "pcaps", "sample_capture_v1_6.pcapng"));
        var room = new FeedRoom();
        byte[] buffer = new byte[VenueEnvelope.MaxLength];
        double bought = 0;
        double sold = 0;
        var kinds = new Dictionary<EventKind, int>();
        var whole = new HashSet<int>();
        while (file.TryRead(out VenueDatagram datagram))
        {
            foreach (MarketEvent e in room.Decode(buffer.AsSpan(0, datagram.WriteTo(buffer))))
            {
                kinds[e.Kind] = kinds.GetValueOrDefault(e.Kind) + 1;
                AssertWellFormed(in e, room.Table);
                if (e.Kind == EventKind.SnapshotEnd)
                {
                    whole.Add(e.InstrumentId);
                }
                else if (e.Kind is EventKind.Trade or EventKind.Liquidation)
                {
                    double amount = e.Quantity * room.Table[e.InstrumentId].Lot.ToDouble();
                    // The published totals are of amounts in base currency.
                    (bought, sold) = e.Side == Side.Buy ? (bought + amount, sold) : (bought, sold + amount);
                }
            }
        }

        FeedCounters counters = room.Counters;
        Assert.Equal(5066, file.VenuePackets);
        Assert.Equal(5066, counters.Packets);
        Assert.Equal(0, file.OtherDatagrams);
        Assert.Equal(5066, file.Statistics.Datagrams);
        Assert.Equal(0, file.Statistics.Truncated + file.Statistics.Malformed + file.Statistics.Fragments);
        (string Name, long Count)[] expected =
        [
            ("ticker", 4211), ("priceIndex", 468), ("snapshotStart", 60), ("snapshotEnd", 60), ("instrument", 194),
            ("instrumentV2", 194), ("snapshot", 197), ("book", 1064), ("trades", 332), ("comboLegs", 0), ("rfq", 0),
        ];
        Assert.Equal(expected,
            expected.Select(row => (row.Name, counters.MessagesOf(FeedFormat.DeribitMulticast, row.Name))));
        Assert.Equal(0, counters.ChannelGaps);
        Assert.Equal(0, counters.DuplicatePackets);
        Assert.Equal(0, counters.SnapshotPiecesSkipped);
        Assert.Equal(0, counters.DamagedTotal);
        Assert.Equal(755, counters.UnknownInstrument);
        Assert.Equal(84, counters.Instruments);
        Assert.Equal(84, room.Table.Count);
        Assert.Equal(84, whole.Count);
        Assert.Equal(84, kinds[EventKind.InstrumentDefined]);
        Assert.Equal(194, kinds[EventKind.SnapshotBegin]);
        Assert.Equal(194, kinds[EventKind.SnapshotEnd]);
        Assert.Equal(421, counters.Trades);
        Assert.Equal(734.8943, bought, 6);
        Assert.Equal(609.8753, sold, 6);
    }

    [Theory]
    [InlineData("price_index.pcapng", "priceIndex", 1277)]
    [InlineData("rfq.pcapng", "rfq", 2)]
    public void The_small_captures_decode_to_their_last_byte(string name, string message, int count)
    {
        using CaptureFile file = CaptureFile.Open(FeedRoom.Data("deribit_sbe", "pcaps", name));
        var room = new FeedRoom();
        byte[] buffer = new byte[VenueEnvelope.MaxLength];
        while (file.TryRead(out VenueDatagram datagram))
        {
            Assert.Empty(room.Decode(buffer.AsSpan(0, datagram.WriteTo(buffer))));
        }

        Assert.Equal(count, file.VenuePackets);
        Assert.Equal(count,
            room.Counters.MessagesOf(FeedFormat.DeribitMulticast, message) + room.Counters.DuplicatePackets);
        Assert.Equal(0, room.Counters.DamagedTotal);
    }

    [Fact]
    public void Cut_and_flipped_packets_never_throw_and_never_make_malformed_events()
    {
        using CaptureFile file = CaptureFile.Open(FeedRoom.Data("deribit_sbe", "pcaps", "sample_capture_v1_6.pcapng"));
        var packets = new List<byte[]>();
        while (file.TryRead(out VenueDatagram datagram))
        {
            byte[] bytes = new byte[datagram.MessageLength];
            datagram.WriteTo(bytes);
            packets.Add(bytes);
        }

        var room = new FeedRoom();
        packets.ForEach(packet => room.Decode(packet));
        var random = new Random(20260105);
        for (var i = 0; i < packets.Count; i += 7)
        {
            byte[] packet = (byte[])packets[i].Clone();
            for (var flips = 0; flips < 8; flips++)
            {
                packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
                // A new channel each time: the flipped packet must not be dropped as one that came before.
                packet[VenueEnvelope.Overhead + 2] = (byte)random.Next(256);
                packet[VenueEnvelope.Overhead + 3] = (byte)random.Next(1, 256);
                Check(room, packet);
            }
        }

        byte[] longest = packets.MaxBy(packet => packet.Length)!;
        for (var length = 0; length < longest.Length; length++)
        {
            Check(room, longest.AsSpan(0, length));
            byte[] cut = FeedRoom.Wrap(FeedFormat.DeribitMulticast,
                longest.AsSpan(VenueEnvelope.Overhead)[..Math.Max(0, length - VenueEnvelope.Overhead)]);
            long damaged = room.Counters.DamagedTotal;
            Check(room, cut);
            Assert.Equal(damaged + 1, room.Counters.DamagedTotal);
        }
    }

    private static void Check(FeedRoom room, ReadOnlySpan<byte> packet)
    {
        foreach (MarketEvent e in room.Decode(packet))
        {
            AssertWellFormed(in e, room.Table);
        }
    }

    internal static void AssertWellFormed(in MarketEvent e, InstrumentTable table)
    {
        Assert.InRange(e.InstrumentId, 0, table.Count - 1);
        Assert.Equal(77, e.ReceiveTime);
        Assert.InRange(e.Price, -FeedLimits.MaxFixed9, FeedLimits.MaxFixed9);
        switch (e.Kind)
        {
            case EventKind.LevelSet or EventKind.SnapshotLevel:
                Assert.True(e.Side is Side.Bid or Side.Ask);
                Assert.InRange(e.Quantity, 1, FeedLimits.MaxLots);
                break;
            case EventKind.LevelDelete:
                Assert.True(e.Side is Side.Bid or Side.Ask);
                Assert.Equal(0, e.Quantity);
                break;
            case EventKind.Trade or EventKind.Liquidation:
                Assert.True(e.Side is Side.Buy or Side.Sell or Side.Unknown);
                Assert.InRange(e.Quantity, 1, FeedLimits.MaxLots);
                break;
            case EventKind.BestLevel:
                Assert.InRange(e.Quantity, 0, FeedLimits.MaxLots);
                break;
            case EventKind.Status:
                Assert.InRange(e.Quantity, 1, 3);
                break;
            case EventKind.Damaged:
                Assert.InRange(e.Id, 1UL, (ulong)DamageReason.TableFull);
                break;
            default:
                Assert.True(e.Kind is EventKind.SnapshotBegin or EventKind.SnapshotEnd or EventKind.InstrumentDefined
                    or EventKind.MarkPrice or EventKind.IndexPrice or EventKind.OpenInterest or EventKind.Funding
                    or EventKind.Gap);
                break;
        }
    }
}
