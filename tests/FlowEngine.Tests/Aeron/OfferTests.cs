using CsCheck;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Logs;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Whatever the way a message is offered in, the log holds the same bytes.</summary>
public sealed class OfferTests
{
    [Fact]
    public void A_message_in_parts_is_the_message()
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        var subscription = client.AddSubscription("aeron:ipc", 1);
        var shared = client.AddPublication("aeron:ipc?mtu=1024", 1);
        var exclusive = client.AddExclusivePublication("aeron:ipc?mtu=1024", 1);
        house.Step();
        var assembler = new FragmentAssembler<Collector>(new Collector());
        Gen.Select(Gen.Byte.Array[0, 1500].Array[0, 5], Gen.Long, Gen.Bool).Sample(
            (parts, reserved, isExclusive) =>
            {
                var whole = parts.SelectMany(p => p).ToArray();
                var memories = parts.Select(p => new ReadOnlyMemory<byte>(p)).ToArray();
                var cut = parts.Length == 0 ? 0 : parts[0].Length;
                Func<long>[] offers = isExclusive
                    ?
                    [
                        () => exclusive.Offer(whole, reserved),
                        () => exclusive.Offer(memories, reserved),
                        () => exclusive.Offer(whole.AsSpan(0, cut), whole.AsSpan(cut), reserved),
                    ]
                    :
                    [
                        () => shared.Offer(whole, reserved),
                        () => shared.Offer(memories, reserved),
                        () => shared.Offer(whole.AsSpan(0, cut), whole.AsSpan(cut), reserved),
                    ];
                foreach (var offer in offers)
                {
                    var result = offer();
                    while (result < 0)
                    {
                        house.Step();
                        result = offer();
                    }

                    // A poll ends at the end of a term, filler or not.
                    for (var i = 0; i < 100 && assembler.Handler.Fragments.Count == 0; i++)
                    {
                        subscription.Poll(ref assembler, 3);
                    }

                    var message = Assert.Single(assembler.Handler.Fragments);
                    assembler.Handler.Fragments.Clear();
                    Assert.Equal(whole, message.Payload);
                    Assert.Equal((reserved, result), (message.ReservedValue, message.Position));
                    house.Step();
                }
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void The_supplier_sees_each_frame_as_it_is_published()
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        var subscription = client.AddSubscription("aeron:ipc", 1);
        var shared = client.AddPublication("aeron:ipc?mtu=1024", 1);
        var exclusive = client.AddExclusivePublication("aeron:ipc?mtu=1024", 1);
        house.Step();
        var payload = Golden.Payload(2500, 3);
        var supplier = new Sum();
        Assert.True(shared.Offer(payload, ref supplier) > 0);
        Assert.True(exclusive.Offer(payload, ref supplier) > 0);
        Assert.True(shared.Offer([payload.AsMemory(0, 700), payload.AsMemory(700)], ref supplier) > 0);
        Assert.True(exclusive.Offer([payload.AsMemory(0, 700), payload.AsMemory(700)], ref supplier) > 0);
        var collector = new Collector();
        Assert.Equal(12, subscription.Poll(ref collector, 100));
        Assert.Equal(12, supplier.Calls);
        Assert.All(collector.Fragments, f => Assert.Equal(Sum.Of(f.Payload), f.ReservedValue));
    }

    [Fact]
    public void A_claim_carries_flags_type_and_reserved_value()
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        var subscription = client.AddSubscription("aeron:ipc", 1);
        var publication = client.AddPublication("aeron:ipc", 1);
        house.Step();
        Assert.True(publication.TryClaim(4, out var claim) > 0);
        Assert.Equal((0xC0, (int)DataFrame.TypeData, 4, 0L), (
            claim.Flags, claim.HeaderType, claim.Length, claim.ReservedValue));
        claim.Flags = 0xC3;
        claim.ReservedValue = long.MinValue;
        claim.HeaderType = 0x77;
        claim.Commit();
        ushort type = 0;
        var collector = new Collector();
        subscription.Images[0].ControlledPeek(
            0,
            (payload, in header) =>
            {
                type = header.Type;
                return ControlledPollAction.Continue;
            },
            long.MaxValue);
        Assert.Equal(1, subscription.Poll(ref collector, 1));
        Assert.Equal((0xC3, long.MinValue, 0x77), (
            collector.Fragments[0].Flags, collector.Fragments[0].ReservedValue, (int)type));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Windows_positions_and_results_are_as_the_driver_sets_them(bool isExclusive)
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        const string Channel = "aeron:ipc?term-length=64k|init-term-id=-3|term-id=-1|term-offset=96";
        var shared = isExclusive ? null : client.AddPublication(Channel, 1);
        var exclusive = isExclusive ? client.AddExclusivePublication(Channel, 1) : null;
        Func<byte[], long> offer = bytes => shared?.Offer(bytes) ?? exclusive!.Offer(bytes);
        Assert.Equal(PublicationResult.NotConnected, offer([1]));
        Assert.Equal((-3, 131072 + 96L), (shared?.InitialTermId ?? exclusive!.InitialTermId, Position()));
        Assert.Equal(0, Window());
        using var subscription = client.AddSubscription("aeron:ipc", 1);
        house.Step();
        Assert.Equal(32768, Window());
        Assert.Equal(131072 + 96 + 64, offer([1]));
        Assert.Equal(32768 - 64, Window());
        Assert.Equal(0x7FFFFFFFL * 65536 + 65536, shared?.MaxPossiblePosition ?? exclusive!.MaxPossiblePosition);
        while (Window() > 0)
        {
            Assert.True(offer(new byte[1000]) > 0);
        }

        Assert.Equal(PublicationResult.BackPressured, offer([1]));
        Assert.Equal(ChannelStatus.Active, shared?.ChannelStatus ?? exclusive!.ChannelStatus);
        Assert.Empty(shared?.LocalSocketAddresses ?? exclusive!.LocalSocketAddresses);
        Assert.Equal((true, -1), (
            shared?.IsOriginal ?? exclusive!.OriginalRegistrationId == exclusive.RegistrationId,
            shared?.ChannelStatusId ?? exclusive!.ChannelStatusId));
        shared?.Dispose();
        exclusive?.Dispose();
        Assert.Equal((PublicationResult.Closed, PublicationResult.Closed), (offer([1]), Window()));

        long Window() => shared?.AvailableWindow ?? exclusive!.AvailableWindow;
        long Position() => shared?.Position ?? exclusive!.Position;
    }

    [Fact]
    public void A_stream_ends_at_its_last_position()
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        const string Channel = "aeron:ipc?term-length=64k|init-term-id=0|term-id=2147483647|term-offset=65472";
        foreach (var isExclusive in (bool[])[false, true])
        {
            var stream = isExclusive ? 2 : 1;
            using var subscription = client.AddSubscription("aeron:ipc", stream);
            using var shared = isExclusive ? null : client.AddPublication(Channel, stream);
            using var exclusive = isExclusive ? client.AddExclusivePublication(Channel, stream) : null;
            house.Step();
            Func<int, long> offer = n => shared?.Offer(new byte[n]) ?? exclusive!.Offer(new byte[n]);
            Assert.Equal(PublicationResult.MaxPositionExceeded, offer(100));
            Assert.Equal(PublicationResult.MaxPositionExceeded, offer(1));
        }
    }

    [Fact]
    public void Messages_survive_fragmenting_loss_of_turns_and_aborts()
    {
        Gen.Select(Gen.Int[0, 6000].Array[1, 20], Gen.Int[1, 4], Gen.Int[1, 20], Gen.Int[0, int.MaxValue]).Sample(
            (lengths, mtuBlocks, limit, seed) =>
            {
                using var house = new EmbeddedDriver();
                var client = house.Connect();
                var subscription = client.AddSubscription("aeron:ipc", 1);
                var publication = client.AddPublication($"aeron:ipc?mtu={32 + (mtuBlocks * 352)}", 1);
                house.Step();
                var plain = new ImageFragmentAssembler<Collector>(new Collector());
                var controlled = new ImageControlledFragmentAssembler<Aborter>(new Aborter(seed));
                var second = client.AddSubscription("aeron:ipc", 1);
                house.Step();
                for (var i = 0; i < lengths.Length;)
                {
                    i += publication.Offer(Golden.Payload(lengths[i], i)) > 0 ? 1 : 0;
                    subscription.Images[0].Poll(ref plain, limit);
                    second.Images[0].ControlledPoll(ref controlled, limit);
                    house.Step();
                }

                for (var i = 0; i < 1000; i++)
                {
                    subscription.Images[0].Poll(ref plain, limit);
                    second.Images[0].ControlledPoll(ref controlled, limit);
                }

                var expected = lengths.Select(Golden.Payload).ToArray();
                Assert.Equal(expected, plain.Handler.Fragments.Select(f => f.Payload));
                Assert.Equal(expected, controlled.Handler.Taken);
                plain.Dispose();
                controlled.Dispose();
            },
            iter: 40,
            threads: 1);
    }

    private struct Sum : IReservedValueSupplier
    {
        public int Calls;

        public long ReservedValue(ReadOnlySpan<byte> frame)
        {
            Calls++;
            return Of(frame[DataFrame.HeaderLength..]);
        }

        public static long Of(ReadOnlySpan<byte> payload)
        {
            long sum = payload.Length;
            foreach (var b in payload)
            {
                sum = (sum * 31) + b;
            }

            return sum;
        }
    }

    /// <summary>Refuses every third message or so.</summary>
    private readonly struct Aborter(int seed) : IControlledFragmentHandler
    {
        private readonly Random _random = new(seed);

        public List<byte[]> Taken { get; } = [];

        public ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            switch (_random.Next(6))
            {
                case 0 or 1:
                    return ControlledPollAction.Abort;
                case 2:
                    Taken.Add(payload.ToArray());
                    return ControlledPollAction.Break;
                case 3:
                    Taken.Add(payload.ToArray());
                    return ControlledPollAction.Commit;
                default:
                    Taken.Add(payload.ToArray());
                    return ControlledPollAction.Continue;
            }
        }
    }
}
