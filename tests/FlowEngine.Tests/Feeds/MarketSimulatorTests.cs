using System.Security.Cryptography;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds;

public sealed class MarketSimulatorTests
{
    private readonly byte[] _buffer = new byte[MarketSimulator.MaxMessageLength];

    [Fact]
    public void Equal_seeds_give_equal_bytes_and_others_do_not()
    {
        Assert.Equal(Digest(7), Digest(7));
        Assert.NotEqual(Digest(7), Digest(8));
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(42, 8)]
    [InlineData(99, 1)]
    public void Its_packets_rebuild_its_books_which_never_cross(ulong seed, int instruments)
    {
        var simulator = new MarketSimulator(new SimulatorOptions
        {
            Seed = seed,
            Instruments = instruments,
            EventsPerSecond = 20_000,
            Duration = TimeSpan.FromSeconds(6),
            LiquidationInterval = TimeSpan.FromSeconds(1),
        });
        var room = new FeedRoom();
        var books = Enumerable.Range(0, instruments).Select(_ => new ModelBook()).ToArray();
        var kinds = new Dictionary<EventKind, int>();
        long previousDue = 0;
        var packets = 0;
        for (int length; (length = simulator.NextPacket(_buffer, out long due)) > 0; packets++)
        {
            Assert.True(due >= previousDue);
            previousDue = due;
            foreach (MarketEvent e in room.Decode(_buffer.AsSpan(0, length)))
            {
                kinds[e.Kind] = kinds.GetValueOrDefault(e.Kind) + 1;
                books[e.InstrumentId].Apply(in e);
            }

            if (packets % 50 == 0 && packets > 20)
            {
                for (var i = 0; i < instruments; i++)
                {
                    books[i].AssertEquals(simulator.BookOf(i));
                }
            }
        }

        Assert.Equal(0, room.Counters.DamagedTotal);
        Assert.Equal(0, room.Counters.UnknownInstrument);
        Assert.Equal(instruments, room.Table.Count);
        Assert.InRange(packets, 6 * 20_000 * 0.8, 6 * 20_000 * 1.25);
        Assert.True(kinds[EventKind.Trade] > packets / 50);
        Assert.True(kinds[EventKind.SnapshotEnd] >= instruments * 3);
        if (instruments > 3)
        {
            Assert.True(kinds[EventKind.Liquidation] > 10, $"{kinds[EventKind.Liquidation]} liquidations");
            Assert.True(kinds[EventKind.Funding] > 0 && kinds[EventKind.OpenInterest] > 0
                && kinds[EventKind.IndexPrice] > 0);
        }
    }

    [Fact]
    public void Events_come_in_bursts()
    {
        var simulator = new MarketSimulator(
            new SimulatorOptions { EventsPerSecond = 2_000, Duration = TimeSpan.FromSeconds(30) });
        var perWindow = new long[30 * 100];
        while (simulator.NextPacket(_buffer, out long due) > 0)
        {
            perWindow[due / 10_000_000]++;
        }

        double mean = perWindow.Average();
        double variance = perWindow.Average(count => (count - mean) * (count - mean));
        // A Poisson stream has a variance equal to its mean.
        Assert.True(variance > 2 * mean, $"mean {mean:F1}, variance {variance:F1}");
    }

    [Fact]
    public void A_long_run_keeps_prices_near_their_anchors_and_packets_within_a_frame()
    {
        var simulator = new MarketSimulator(
            new SimulatorOptions { Seed = 3, Instruments = 8, EventsPerSecond = 50_000 });
        double[] anchors = new double[8];
        for (var i = 0; i < 8; i++)
        {
            anchors[i] = simulator.BookOf(i).Bids[0].Price;
        }

        for (var packets = 0; packets < 500_000; packets++)
        {
            int length = simulator.NextPacket(_buffer, out _);
            Assert.InRange(length, VenueEnvelope.Overhead + 1, MarketSimulator.MaxMessageLength);
        }

        for (var i = 0; i < 8; i++)
        {
            SimulatedBook book = simulator.BookOf(i);
            Assert.InRange(book.Bids[0].Price / anchors[i], 0.5, 2.0);
            Assert.True(book.Bids.Count >= 3 && book.Asks.Count >= 3);
        }
    }

    [Fact]
    public void Simulating_and_decoding_allocate_nothing()
    {
        var simulator = new MarketSimulator(new SimulatorOptions { Seed = 5, EventsPerSecond = 200_000 });
        var room = new FeedRoom();
        Run(20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(50_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int packets)
        {
            for (var i = 0; i < packets; i++)
            {
                room.Count(_buffer.AsSpan(0, simulator.NextPacket(_buffer, out _)));
            }
        }
    }

    [Fact]
    public void Its_logarithm_and_decay_are_those_of_the_library_to_their_stated_precision()
    {
        var random = new Random(11);
        for (var i = 0; i < 100_000; i++)
        {
            double x = Math.Exp((random.NextDouble() * 100) - 50);
            Assert.Equal(Math.Log(x), SimulatorRandom.Log(x), 1e-12);
            double y = random.NextDouble() * 3;
            Assert.Equal(1, SimulatorRandom.Decay(y) / Math.Exp(-y), 0.002);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(1, 0)]
    [InlineData(1, double.NaN)]
    public void Options_out_of_range_are_refused(int instruments, double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new MarketSimulator(new SimulatorOptions { Instruments = instruments, EventsPerSecond = rate }));

    private string Digest(ulong seed)
    {
        var simulator = new MarketSimulator(new SimulatorOptions { Seed = seed });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < 20_000; i++)
        {
            int length = simulator.NextPacket(_buffer, out long due);
            hash.AppendData(_buffer, 0, length);
            hash.AppendData(BitConverter.GetBytes(due));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>A slow book: two sorted dictionaries and the chain of sequences.</summary>
    private sealed class ModelBook
    {
        private readonly SortedDictionary<long, long> _bids = [];
        private readonly SortedDictionary<long, long> _asks = [];
        private readonly SortedDictionary<long, long> _newBids = [];
        private readonly SortedDictionary<long, long> _newAsks = [];
        private ulong _sequence;

        public void Apply(in MarketEvent e)
        {
            SortedDictionary<long, long> side = e.Side == Side.Bid ? _bids : _asks;
            switch (e.Kind)
            {
                case EventKind.LevelSet:
                    Follow(in e);
                    side[e.Price] = e.Quantity;
                    break;
                case EventKind.LevelDelete:
                    Follow(in e);
                    Assert.True(side.Remove(e.Price));
                    break;
                case EventKind.SnapshotBegin:
                    _newBids.Clear();
                    _newAsks.Clear();
                    break;
                case EventKind.SnapshotLevel:
                    (e.Side == Side.Bid ? _newBids : _newAsks).Add(e.Price, e.Quantity);
                    break;
                case EventKind.SnapshotEnd when _sequence == 0:
                    _sequence = e.VenueSequence;
                    Copy(_newBids, _bids);
                    Copy(_newAsks, _asks);
                    break;
                case EventKind.SnapshotEnd:
                    Assert.Equal(_sequence, e.VenueSequence);
                    Assert.Equal(_bids, _newBids);
                    Assert.Equal(_asks, _newAsks);
                    break;
                case EventKind.Trade or EventKind.Liquidation:
                    // Prints come before the changes they make: what they take is there.
                    SortedDictionary<long, long> taken = e.Side == Side.Buy ? _asks : _bids;
                    long resting = taken.GetValueOrDefault(e.Price);
                    Assert.InRange(e.Quantity, 1, resting);
                    break;
            }

            if (e.IsEndOfEvent && _sequence != 0)
            {
                Assert.True(_bids.Count > 0 && _asks.Count > 0 && _bids.Keys.Last() < _asks.Keys.First());
            }
        }

        public void AssertEquals(SimulatedBook truth)
        {
            Assert.Equal(truth.Sequence, _sequence);
            AssertSide(truth.Bids, _bids.Reverse().ToArray());
            AssertSide(truth.Asks, _asks.ToArray());
        }

        private static void AssertSide(BookSide truth, KeyValuePair<long, long>[] levels)
        {
            Assert.Equal(truth.Count, levels.Length);
            for (var rank = 0; rank < levels.Length; rank++)
            {
                Assert.Equal((truth[rank].Price, truth[rank].Lots), (levels[rank].Key, levels[rank].Value));
            }
        }

        private void Follow(in MarketEvent e)
        {
            if (e.VenueSequence != _sequence)
            {
                Assert.Equal(_sequence, e.Id);
                _sequence = e.VenueSequence;
            }
        }

        private static void Copy(SortedDictionary<long, long> from, SortedDictionary<long, long> to)
        {
            to.Clear();
            foreach ((long price, long lots) in from)
            {
                to.Add(price, lots);
            }
        }
    }
}
