using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver;
using FlowEngine.Core.Time;
using FlowEngine.Testing;
using FlowEngine.Tests.Aeron.Media;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>What the driver does around its streams: names, threads, memory, its end.</summary>
public sealed class NetworkDriverTests : IDisposable
{
    private readonly NetworkHouse _house = new();

    [Fact]
    public void A_name_that_has_moved_is_followed()
    {
        var resolver = new TableResolver { Names = { ["gateway.test"] = ["127.0.0.1"] } };
        var sender = _house.Add(context => context with { NameResolver = resolver });
        var (before, after) = (_house.Add(), _house.Add());
        var first = before.Client.AddSubscription("aeron:udp?endpoint=127.0.0.1:24300", 1);
        var second = after.Client.AddSubscription("aeron:udp?endpoint=127.0.0.2:24300", 1);
        var publication = sender.Client.AddPublication("aeron:udp?endpoint=gateway.test:24300", 1);
        _house.Until(() => publication.IsConnected && first.IsConnected);
        resolver.Names["gateway.test"] = ["127.0.0.2"];
        _house.Run(7);
        Assert.False(second.IsConnected);
        _house.Remove(before);
        UntilLookedUp(() => second.IsConnected && publication.IsConnected);
        Assert.Equal(1, sender.System(SystemCounter.ResolutionChanges));
    }

    [Fact]
    public void A_control_name_that_has_moved_is_followed()
    {
        var resolver = new TableResolver { Names = { ["publisher.test"] = ["127.0.0.1"] } };
        var receiver = _house.Add(context => context with { NameResolver = resolver });
        var sender = _house.Add();
        var subscription = receiver.Client.AddSubscription(
            "aeron:udp?endpoint=127.0.0.1:24311|control=publisher.test:24310", 1);
        resolver.Names["publisher.test"] = ["127.0.0.2"];
        var publication = sender.Client.AddPublication(
            "aeron:udp?control=127.0.0.2:24310|control-mode=dynamic", 1);
        UntilLookedUp(() => subscription.IsConnected && publication.IsConnected);
        Assert.Equal(1, receiver.System(SystemCounter.ResolutionChanges));
    }

    [Fact]
    public void A_running_stream_allocates_nothing_in_driver_or_client()
    {
        using var house = new EmbeddedDriver(context => context with { TermBufferLength = 64 * 1024 });
        var client = house.Connect();
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24320";
        var subscription = client.AddSubscription(Channel, 1);
        var publication = client.AddExclusivePublication(Channel, 1);
        for (var i = 0; i < 1000 && !(publication.IsConnected && subscription.IsConnected); i++)
        {
            house.Clock.AdvanceMs(1);
            house.Step();
        }

        Assert.True(publication.IsConnected && subscription.IsConnected);
        var payload = new byte[256];
        var counter = default(Counted);
        for (var round = 0; round < 2; round++)
        {
            counter = default;
            var sent = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20_000; i++)
            {
                if (publication.Offer(payload) > 0)
                {
                    sent++;
                }

                house.Clock.AdvanceNs(10_000);
                house.Driver.ConductorAgent.DoWork(house.Clock.NanoTime);
                subscription.Poll(ref counter, 10);
            }

            // The first round warms up.
            if (round == 1)
            {
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
                Assert.True(counter.Count > 15_000, $"{counter.Count} of {sent}");
            }
        }
    }

    [Fact]
    public void A_client_ends_the_driver_only_if_the_driver_lets_it()
    {
        var tokens = new List<string>();
        var ended = 0;
        var closed = _house.Add();
        var open = _house.Add(context => context with
        {
            TerminationValidator = token =>
            {
                tokens.Add(Encoding.ASCII.GetString(token));
                return tokens.Count > 1;
            },
            TerminationHook = () => ended++,
        });
        Terminate(closed, "please");
        Assert.Contains(closed.Errors(), text => text.Contains("may not end this driver", StringComparison.Ordinal));
        Terminate(open, "wrong");
        Assert.Equal(0, ended);
        Terminate(open, "right");
        Assert.Equal(1, ended);
        Assert.Equal(["wrong", "right"], tokens);
    }

    [Theory]
    [InlineData("spin")]
    [InlineData("yield")]
    [InlineData("sleep")]
    [InlineData("noop")]
    [InlineData("org.agrona.concurrent.BackoffIdleStrategy")]
    public void Idle_strategies_are_chosen_by_name(string name)
    {
        var context = new MediaDriverContext { SharedIdleStrategy = name };
        context.Validate();
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(
            () => (context with { SenderIdleStrategy = "hurry" }).Validate());
        Assert.Contains("SenderIdleStrategy", refusal.Message);
        var idle = ConfiguredIdle.Parse(name, "");
        idle.Idle(1);
        idle.Idle(0);
    }

    [Fact]
    public void An_untethered_spy_is_left_behind_and_told_so()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24330";
        var subscription = receiver.Client.AddSubscription(Channel, 1);
        var spy = sender.Client.AddSubscription(
            $"aeron-spy:{Channel}|tether=false|untethered-window-limit-timeout=1s|untethered-linger-timeout=1s", 1);
        var publication = sender.Client.AddPublication(Channel, 1);
        _house.Until(() => publication.IsConnected && subscription.IsConnected && spy.IsConnected);
        var stream = new NumberedStream(publication.Offer, maxLength: 1000);
        var reader = new NumberedReader(subscription);
        _house.Until(() => stream.Advance(500) & reader.Poll() == 500);
        Assert.False(spy.IsConnected);
        _house.Until(() => spy.IsConnected);
        Assert.Equal(publication.Position, spy.Images[0].JoinPosition);
    }

    public void Dispose() => _house.Dispose();

    /// <summary>Names are looked up on a thread of the pool: virtual time goes on until it had its turn.</summary>
    private void UntilLookedUp(Func<bool> condition)
    {
        const int LimitSeconds = 30;
        _house.StepNs = 1_000_000;
        var deadline = SystemClock.Nanos() + (LimitSeconds * 1_000_000_000L);
        while (!condition())
        {
            Assert.True(SystemClock.Nanos() < deadline, _house.Report());
            _house.Step();
            Thread.Yield();
        }
    }

    private void Terminate(NetworkHouse.Node node, string token)
    {
        using var cnc = CncFile.Open(node.Driver.Directory);
        var body = new byte[64];
        var command = new TerminateDriverCommand
        {
            ClientId = 1,
            CorrelationId = 99,
            Token = Encoding.ASCII.GetBytes(token),
        };
        var length = command.Write(body);
        Assert.True(cnc.ToDriver.TryWrite(CommandType.TerminateDriver, body.AsSpan(0, length)));
        _house.Step();
    }

    private struct Counted : IFragmentHandler
    {
        public int Count { get; private set; }

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => Count++;
    }
}
