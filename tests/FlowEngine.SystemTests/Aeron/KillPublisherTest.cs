using System.Diagnostics;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Publishers killed anywhere: subscribers keep whole messages in order, and are told.</summary>
[Collection(KillCollection.Name)]
public sealed class KillPublisherTest : IDisposable
{
    private const int UnblockedPublications = 19;

    private readonly MediaDriver _driver = MediaDriver.Launch(KillSettings.Driver(Wait.NewDirectory()));
    private readonly AeronClient _client;

    public KillPublisherTest() => _client = AeronClient.Connect(KillSettings.Client(_driver.Directory));

    [Fact]
    public async Task A_killed_publisher_leaves_whole_messages_and_an_unavailable_image()
    {
        var plan = new KillPlan();
        var messages = 0L;
        for (var round = 0; round < plan.RoundCount; round++)
        {
            messages += await Round(plan, round);
        }

        Assert.Null(_driver.Failure);
        plan.PrintTimes($"a publisher was killed, {messages} messages came whole and in order before");
    }

    [Fact]
    public async Task What_a_killed_publisher_has_claimed_is_passed_over_and_others_go_on()
    {
        const string Channel = "aeron:ipc";
        using var subscription = _client.AddSubscription(Channel, KillSettings.StreamId);
        using var publication = _client.AddPublication(Channel, KillSettings.StreamId);
        using var claimer = new KillProcess(KillChild.Claimer, _driver.Directory, Channel);
        await claimer.UntilSaid(KillChild.Ready);
        claimer.Kill();

        // Same driver, channel and stream: the other process wrote to this very log.
        Assert.Equal(1, subscription.ImageCount);
        var clock = Stopwatch.StartNew();
        await Wait.Until(() => publication.Offer("behind"u8) > 0);
        var collector = new TextCollector();
        Assert.Equal(0, subscription.Poll(ref collector, 10));
        await Wait.Until(() => subscription.Poll(ref collector, 10) > 0);

        Assert.Equal(["behind"], collector.Texts);
        Assert.Equal(1, _driver.CountersReader.Value(UnblockedPublications));
        Assert.True(publication.Offer("and on"u8) > 0);
        await Wait.Until(() => subscription.Poll(ref collector, 10) > 0);
        Assert.Equal("and on", collector.Texts[^1]);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"an abandoned claim was passed over after {clock.Elapsed.TotalSeconds:F2} s");
    }

    public void Dispose()
    {
        _client.Dispose();
        _driver.Dispose();
        Assert.False(Directory.Exists(_driver.Directory), "the driver left its directory behind");
    }

    private async Task<long> Round(KillPlan plan, int round)
    {
        var channel = KillSettings.Channel(round);
        var unavailable = 0;
        using var subscription = _client.AddSubscription(
            channel, KillSettings.StreamId, onUnavailableImage: _ => Interlocked.Increment(ref unavailable));
        var stream = new KillStream();
        var handler = stream.CreateHandler();
        var part = plan.Next(2) == 0 ? KillChild.Publisher : KillChild.ExclusivePublisher;
        using var victim = new KillProcess(part, _driver.Directory, channel);
        await Wait.Until(
            () =>
            {
                subscription.Poll(ref handler, 10);
                return stream.First >= 0;
            },
            () => victim.Output);

        var clock = Stopwatch.StartNew();
        var delay = plan.NextDelay();
        while (clock.Elapsed < delay)
        {
            subscription.Poll(ref handler, 10);
        }

        victim.Kill();
        clock.Restart();
        await Wait.Until(() => subscription.Poll(ref handler, 100) == 0 && subscription.ImageCount == 0);
        plan.Noticed(round, clock.Elapsed);

        Assert.Equal(1, Volatile.Read(ref unavailable));
        Assert.True(
            stream is { First: 0, IsGood: true },
            $"seed {plan.Seed} round {round}: first {stream.First}, {stream.OutOfOrder} out of order, "
            + $"{stream.Damaged} damaged of {stream.Next}");

        // Its log goes when nobody uses it any more: nothing is left for a later process to take for alive.
        var logs = Path.Combine(_driver.Directory, "publications");
        await Wait.Until(() => Directory.GetFiles(logs).Length == 0, () => string.Join(' ', Directory.GetFiles(logs)));
        return stream.Next;
    }
}
