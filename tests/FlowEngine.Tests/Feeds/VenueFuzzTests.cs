using FlowEngine.Feeds;
using FlowEngine.Feeds.Captures;
using FlowEngine.Market;
using FlowEngine.Tests.Feeds.BinanceSbe;
using FlowEngine.Tests.Feeds.Cme;
using FlowEngine.Tests.Sbe;
using Xunit;

namespace FlowEngine.Tests.Feeds;

/// <summary>
/// Each venue decoder over seeded mutants of good packets: no exception, no malformed event, never more events than a
/// packet may make. FLOWENGINE_FULL=1 runs a million of each.
/// </summary>
public sealed class VenueFuzzTests
{
    private const int FullMutants = 1_000_000;
    private const int RoomLife = 20_000;

    private readonly ITestOutputHelper _output;

    public VenueFuzzTests(ITestOutputHelper output) => _output = output;

    [Theory]
    [InlineData(BookKind.PriceLevels)]
    [InlineData(BookKind.Orders)]
    public void Mutants_of_CME_packets_never_throw_and_never_make_malformed_events(BookKind book)
    {
        var packets = new List<byte[]>(Synthetic());
        packets.AddRange(Captured(20, "cme_mdp3", "Cme.Mdp3.Sbe.v8.1.Example.pcap"));
        packets.AddRange(Captured(1, "cme_mdp3", "Cme.Mdp3.Sbe.v9.1.Example.pcap"));
        packets.AddRange(Captured(1, "cme_mdp3", "Cme", "Mdp3.Sbe.v1.5", "MdInstrumentDefinitionSpread.pcap"));
        Run(packets, book, FullMutants / 2);
    }

    [Fact]
    public void Mutants_of_Binance_messages_never_throw_and_never_make_malformed_events() => Run(
        [
            Wrap(BinanceSbeTests.Trades(-2, -5, (1, 6_000_001, 150_000, false), (2, 6_000_002, 1, true))),
            Wrap(BinanceSbeTests.Best(77, 6_000_000, 5, 6_000_100, 3)),
            Wrap(BinanceSbeTests.Diff(5, 7, [(100, 9), (99, 0)], [(105, 1)])),
            Wrap(BinanceSbeTests.Snapshot(8, [(101, 2), (100, 1)], [(104, 1)])),
        ],
        BookKind.PriceLevels, FullMutants);

    [Fact]
    public void Mutants_of_Deribit_packets_never_throw_and_never_make_malformed_events()
    {
        var packets = new List<byte[]>(Captured(9, "deribit_sbe", "pcaps", "sample_capture_v1_6.pcapng"));
        packets.AddRange(Captured(400, "deribit_sbe", "pcaps", "price_index.pcapng"));
        packets.AddRange(Captured(1, "deribit_sbe", "pcaps", "rfq.pcapng"));
        Run(packets, BookKind.PriceLevels, FullMutants);
    }

    private static byte[] Wrap(byte[] payload) => FeedRoom.Wrap(FeedFormat.BinanceSbe, payload);

    private static IEnumerable<byte[]> Synthetic()
    {
        CmePackets[] packets =
        [
            new CmePackets(1).Future(implied: 2).Status(17).Status(21, security: CmePackets.Es),
            new CmePackets(2).Book(isEnd: true, new CmePackets.Level(1, '0', 1, 100, 1),
                new CmePackets.Level(2, 'E', 1, 99, 1)),
            new CmePackets(3).Snapshot(2, 2, ('0', 1, 100, 1), ('E', 1, 99, 1), ('C', 0, 0, 9)),
            new CmePackets(4).OrderSnapshot(2, 1, 1, (7, '0', 100, 3), (8, '1', 101, 3)),
            new CmePackets(5).Orders(new CmePackets.Order(7, '0', 100, 2, Messages.Cme.UpdateAction.Change)),
            new CmePackets(6).BookWithOrders(
                new CmePackets.Level(3, '1', 1, 101, 4), (9, Messages.Cme.OrderAction.New, 1)),
            new CmePackets(7).Trade(4, 100, 1, 1).LongTrade(5, 100, 2).LongBook(6, 100, 9),
            new CmePackets(8).OpenInterest(7, 5).Volume(8).ChannelReset(),
        ];
        return packets.Select(packet => FeedRoom.Wrap(FeedFormat.CmeMdp3, packet.Done()));
    }

    private static List<byte[]> Captured(int every, params string[] parts)
    {
        using CaptureFile file = CaptureFile.Open(FeedRoom.Data(parts));
        var packets = new List<byte[]>();
        for (var i = 0; file.TryRead(out VenueDatagram datagram); i++)
        {
            if (i % every == 0)
            {
                byte[] bytes = new byte[datagram.MessageLength];
                datagram.WriteTo(bytes);
                packets.Add(bytes);
            }
        }

        return packets;
    }

    private void Run(List<byte[]> packets, BookKind book, int full)
    {
        int seed = FuzzScale.Seed;
        int mutants = FuzzScale.Of(full);
        _output.WriteLine($"seed {seed}, {mutants} mutants of {packets.Count} packets");
        var random = new Random(seed);
        var decoder = default(FeedDecoder);
        var table = default(InstrumentTable);
        var sink = new EventList();
        for (var i = 0; i < mutants; i++)
        {
            if (i % RoomLife == 0)
            {
                table = new InstrumentTable(512);
                decoder = new FeedDecoder(table, book);
                packets.ForEach(packet => Decode(packet));
            }

            byte[] mutant = Mutate(packets[random.Next(packets.Count)], random);
            Decode(mutant);
            foreach (ref readonly MarketEvent e in sink.Events)
            {
                Assert.InRange(e.InstrumentId, 0, table!.Count - 1);
                Assert.InRange(e.Price, -FeedLimits.MaxFixed9, FeedLimits.MaxFixed9);
                Assert.InRange(e.Quantity, 0, FeedLimits.MaxLots);
                Assert.InRange(e.Kind, EventKind.LevelSet, EventKind.ChecksumMismatch);
            }
        }

        Assert.True(decoder!.Counters.DamagedTotal > 0);

        void Decode(byte[] packet)
        {
            sink.Clear();
            decoder!.Decode(packet, 77, ref sink);
        }
    }

    // Mostly payload bytes; sizes and counts near their limits; sometimes a shorter packet.
    private static byte[] Mutate(byte[] packet, Random random)
    {
        byte[] mutant = (byte[])packet.Clone();
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(10) == 0 ? random.Next(mutant.Length)
                : random.Next(Math.Min(VenueEnvelope.Overhead, mutant.Length - 1), mutant.Length);
            mutant[at] = random.Next(4) switch
            {
                0 => (byte)random.Next(256),
                1 => byte.MaxValue,
                2 => (byte)(mutant[at] + random.Next(-2, 3)),
                _ => (byte)(mutant[at] ^ (1 << random.Next(8))),
            };
        }

        return random.Next(20) == 0 ? mutant[..random.Next(1, mutant.Length)] : mutant;
    }
}
