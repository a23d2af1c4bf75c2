using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed class PollTests : IDisposable
{
    private readonly EmbeddedDriver _house = new();
    private readonly Subscription _subscription;
    private readonly Publication _publication;

    public PollTests()
    {
        var client = _house.Connect();
        _subscription = client.AddSubscription("aeron:ipc", 1);
        _publication = client.AddPublication("aeron:ipc?mtu=1024", 1);
        _house.Step();
    }

    [Fact]
    public void Padding_and_aborted_claims_are_skipped_and_not_counted()
    {
        Offer("a");
        Assert.True(_publication.TryClaim(100, out var claim) > 0);
        claim.Abort();
        Offer("b");
        var collector = new Collector();
        Assert.Equal(2, _subscription.Poll(ref collector, 10));
        Assert.Equal(["a", "b"], Texts(collector));
        Assert.Equal(_publication.Position, _subscription.Images[0].Position);
    }

    [Fact]
    public void An_open_claim_holds_back_what_comes_after_it()
    {
        Assert.True(_publication.TryClaim(1, out var claim) > 0);
        Offer("b");
        var collector = new Collector();
        Assert.Equal(0, _subscription.Poll(ref collector, 10));
        claim.Span[0] = (byte)'a';
        claim.ReservedValue = 42;
        claim.Commit();
        Assert.Equal(2, _subscription.Poll(ref collector, 10));
        Assert.Equal(["a", "b"], Texts(collector));
        Assert.Equal(42, collector.Fragments[0].ReservedValue);
    }

    [Fact]
    public void The_fragment_limit_is_kept()
    {
        for (var i = 0; i < 5; i++)
        {
            Offer($"{i}");
        }

        var collector = new Collector();
        Assert.Equal((2, 2, 1, 0), (
            _subscription.Poll(ref collector, 2),
            _subscription.Poll(ref collector, 2),
            _subscription.Poll(ref collector, 2),
            _subscription.Poll(ref collector, 2)));
        Assert.Equal(["0", "1", "2", "3", "4"], Texts(collector));
    }

    [Fact]
    public void A_handler_that_throws_does_not_see_the_fragment_again()
    {
        Offer("bad");
        Offer("good");
        var thrower = new Thrower();
        Assert.Throws<InvalidOperationException>(() => _subscription.Poll(ref thrower, 10));
        var collector = new Collector();
        Assert.Equal(1, _subscription.Poll(ref collector, 10));
        Assert.Equal(["good"], Texts(collector));
    }

    [Fact]
    public void Controlled_polls_abort_break_commit_and_continue()
    {
        foreach (var text in (string[])["a", "b", "c", "d"])
        {
            Offer(text);
        }

        var image = _subscription.Images[0];
        var handler = new Controlled();
        handler.Actions.Enqueue(ControlledPollAction.Continue);
        handler.Actions.Enqueue(ControlledPollAction.Abort);
        Assert.Equal(1, _subscription.ControlledPoll(ref handler, 10));
        Assert.Equal(64, image.Position);

        handler.Actions.Enqueue(ControlledPollAction.Commit);
        handler.Actions.Enqueue(ControlledPollAction.Break);
        Assert.Equal(2, _subscription.ControlledPoll(ref handler, 10));
        Assert.Equal(192, image.Position);
        Assert.Equal([("a", 64), ("b", 128), ("b", 128), ("c", 192)], handler.Seen);

        handler.Actions.Enqueue(ControlledPollAction.Continue);
        Assert.Equal(1, _subscription.ControlledPoll(ref handler, 10));
        Assert.Equal(256, image.Position);
    }

    [Fact]
    public void Messages_of_two_sessions_are_assembled_side_by_side()
    {
        var other = _house.Connect().AddExclusivePublication("aeron:ipc?mtu=2048", 1);
        _house.Step();
        Assert.Equal(2, _subscription.ImageCount);
        var first = Golden.Payload(5000, 1);
        var second = Golden.Payload(6000, 2);
        Assert.True(_publication.Offer(first, reservedValue: 5) > 0);
        Assert.True(other.Offer(second) > 0);
        var assembler = new FragmentAssembler<Collector>(new Collector());
        while (_subscription.Poll(ref assembler, 1) > 0)
        {
        }

        var messages = assembler.Handler.Fragments.ToDictionary(f => f.SessionId);
        Assert.Equal(first, messages[_publication.SessionId].Payload);
        Assert.Equal(second, messages[other.SessionId].Payload);
        Assert.Equal((5L, (byte)0xC0, _publication.Position), (
            messages[_publication.SessionId].ReservedValue,
            messages[_publication.SessionId].Flags,
            messages[_publication.SessionId].Position));
    }

    [Fact]
    public void A_subscriber_that_joins_in_the_middle_of_a_message_gets_the_next_one()
    {
        Assert.True(_publication.Offer(new byte[5000]) > 0);
        var fragments = new Collector();
        Assert.Equal(2, _subscription.Poll(ref fragments, 2));
        Offer("next");
        var assembler = new FragmentAssembler<Collector>(new Collector());
        while (_subscription.Poll(ref assembler, 10) > 0)
        {
        }

        Assert.Equal(["next"], Texts(assembler.Handler));
    }

    [Fact]
    public void A_message_with_a_missing_fragment_is_dropped()
    {
        Assert.True(_publication.Offer(new byte[5000]) > 0);
        Offer("next");
        var assembler = new FragmentAssembler<Collector>(new Collector());
        var thief = new Collector();
        Assert.Equal((1, 1), (_subscription.Poll(ref assembler, 1), _subscription.Poll(ref thief, 1)));
        while (_subscription.Poll(ref assembler, 10) > 0)
        {
        }

        Assert.Equal(["next"], Texts(assembler.Handler));
    }

    [Fact]
    public void An_aborted_message_is_assembled_again()
    {
        var payload = Golden.Payload(3000, 9);
        Assert.True(_publication.Offer(payload) > 0);
        var assembler = new ControlledFragmentAssembler<Controlled>(new Controlled());
        assembler.Handler.Actions.Enqueue(ControlledPollAction.Abort);
        assembler.Handler.Actions.Enqueue(ControlledPollAction.Continue);
        _subscription.ControlledPoll(ref assembler, 10);
        _subscription.ControlledPoll(ref assembler, 10);
        Assert.Equal([3000, 3000], assembler.Handler.Payloads.Select(p => p.Length));
        Assert.All(assembler.Handler.Payloads, p => Assert.Equal(payload, p));
        Assert.Equal(_publication.Position, _subscription.Images[0].Position);
    }

    [Fact]
    public void A_message_that_is_too_long_is_the_callers_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _publication.Offer(new byte[8193]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _publication.TryClaim(1024 - 32 + 1, out _));
        Assert.True(_publication.TryClaim(1024 - 32, out var claim) > 0);
        claim.Commit();
        Assert.True(_publication.Offer(default) > 0);
        var collector = new Collector();
        Assert.Equal(2, _subscription.Poll(ref collector, 10));
        Assert.Equal([992, 0], collector.Fragments.Select(f => f.Payload.Length));
    }

    [Fact]
    public void Publishing_and_polling_allocate_nothing()
    {
        var counter = new ByteCounter();
        var assembler = new FragmentAssembler<ByteCounter>(new ByteCounter());
        var exclusive = _house.Connect().AddExclusivePublication("aeron:ipc?mtu=1024", 1);
        _house.Step();
        var payload = new byte[2500];
        for (var i = 0; i < 2000; i++)
        {
            Publish(exclusive, payload, ref counter, ref assembler);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
        {
            Publish(exclusive, payload, ref counter, ref assembler);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(counter.Bytes > 0 && assembler.Handler.Bytes > 0);
    }

    public void Dispose() => _house.Dispose();

    private static List<string> Texts(Collector collector) =>
        [.. collector.Fragments.Select(f => System.Text.Encoding.ASCII.GetString(f.Payload))];

    private void Publish(
        ExclusivePublication exclusive,
        byte[] payload,
        ref ByteCounter counter,
        ref FragmentAssembler<ByteCounter> assembler)
    {
        _publication.Offer(payload.AsSpan(0, 64));
        exclusive.Offer(payload);
        if (_publication.TryClaim(32, out var claim) > 0)
        {
            claim.Commit();
        }

        if (exclusive.TryClaim(32, out claim) > 0)
        {
            claim.Abort();
        }

        _subscription.Poll(ref counter, 2);
        _subscription.Poll(ref assembler, 10);
        _house.Driver.ConductorAgent.DoWork(_house.Clock.NanoTime);
    }

    private void Offer(string text) => Assert.True(_publication.Offer(System.Text.Encoding.ASCII.GetBytes(text)) > 0);

    private struct ByteCounter : IFragmentHandler
    {
        public long Bytes;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => Bytes += payload.Length;
    }

    private sealed class Thrower : IFragmentHandler
    {
        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
            throw new InvalidOperationException("handler");
    }

    private struct Controlled() : IControlledFragmentHandler
    {
        public Queue<ControlledPollAction> Actions { get; } = [];

        public List<byte[]> Payloads { get; } = [];

        public List<(string Text, long Position)> Seen { get; } = [];

        public readonly ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            Payloads.Add(payload.ToArray());
            Seen.Add((System.Text.Encoding.ASCII.GetString(payload), header.Position));
            return Actions.Dequeue();
        }
    }
}
