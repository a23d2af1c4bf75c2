using System.Diagnostics;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Subscribers that are killed, slow or stuck: what publishers and other subscribers see of it.</summary>
[Collection(KillCollection.Name)]
public sealed class KillSubscriberTest : IDisposable
{
    private readonly MediaDriver _driver = MediaDriver.Launch(KillSettings.Driver(Wait.NewDirectory()));
    private readonly AeronClient _client;

    public KillSubscriberTest() => _client = AeronClient.Connect(KillSettings.Client(_driver.Directory));

    [Fact]
    public async Task A_killed_subscriber_leaves_its_publisher_not_connected_or_free_to_go_on()
    {
        var plan = new KillPlan();
        for (var round = 0; round < plan.RoundCount; round++)
        {
            if (plan.Next(2) == 0)
            {
                await Alone(plan, round);
            }
            else
            {
                await BesideAnother(plan, round);
            }
        }

        Assert.Null(_driver.Failure);
        plan.PrintTimes("a subscriber was killed");
    }

    [Fact]
    public async Task A_slow_subscriber_holds_the_publisher_back_and_loses_nothing()
    {
        const int Messages = 1000;
        const string Channel = "aeron:ipc";
        using var publication = _client.AddExclusivePublication(Channel, KillSettings.StreamId);
        var publisher = new KillPublisher(publication);
        using var slow = new KillProcess(
            KillChild.SlowSubscriber, _driver.Directory, Channel, Messages.ToString());
        await Wait.Until(() => publication.IsConnected, () => slow.Output);
        var backPressured = 0L;
        while (publisher.Next < Messages)
        {
            var result = publisher.TryNext();
            Assert.True(
                result is > 0 or PublicationResult.BackPressured or PublicationResult.AdminAction,
                $"{PublicationResult.Describe(result)} {slow.Output}");
            if (result == PublicationResult.BackPressured)
            {
                backPressured++;
                Thread.Sleep(0);
            }
        }

        Assert.Equal(0, await slow.UntilExit());
        Assert.True(slow.HasSaid($"{KillChild.Complete} 0 {Messages}"), slow.Output);
        Assert.True(backPressured > 0);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Messages} messages, {publication.Position} bytes, held back {backPressured} times, none lost");
    }

    [Fact]
    public async Task A_stuck_untethered_subscriber_is_left_behind_and_told_so()
    {
        const string Channel = "aeron:ipc";
        using var subscription = _client.AddSubscription(Channel, KillSettings.StreamId);
        using var publication = _client.AddExclusivePublication(Channel, KillSettings.StreamId);
        var publisher = new KillPublisher(publication);
        var stream = new KillStream();
        var handler = stream.CreateHandler();
        using var stuck = new KillProcess(
            KillChild.StalledSubscriber,
            _driver.Directory,
            $"{Channel}?tether=false|untethered-window-limit-timeout=300ms|untethered-linger-timeout=300ms");
        await Flow(() => stuck.HasSaid(KillChild.Ready));
        var position = publication.Position;
        await Flow(() => stuck.HasSaid(KillChild.LeftBehind) && publication.Position > position + (4 * 65536));

        Assert.True(stream is { First: 0, IsGood: true } && stream.Next > 0);
        Assert.True(publication.IsConnected);

        Task Flow(Func<bool> isDone) => Wait.Until(
            () =>
            {
                for (var i = 0; i < 50 && publisher.TryNext() > 0; i++)
                {
                    subscription.Poll(ref handler, 10);
                }

                subscription.Poll(ref handler, 100);
                return isDone();
            },
            () => stuck.Output);
    }

    public void Dispose()
    {
        _client.Dispose();
        _driver.Dispose();
        Assert.False(Directory.Exists(_driver.Directory), "the driver left its directory behind");
    }

    // The publisher is held back by the dead subscriber, then sees that nobody is there.
    private async Task Alone(KillPlan plan, int round)
    {
        var channel = KillSettings.Channel(round);
        using var publication = _client.AddExclusivePublication(channel, KillSettings.StreamId);
        var publisher = new KillPublisher(publication);
        using var victim = await KilledAmidTraffic(plan, channel, publisher, () => { });
        var clock = Stopwatch.StartNew();
        await Wait.Until(() => publisher.TryNext() == PublicationResult.NotConnected);
        plan.Noticed(round, clock.Elapsed);
        Assert.False(publication.IsConnected);
    }

    // The publisher is held back by the dead subscriber, then goes on with the living one, which lost nothing.
    private async Task BesideAnother(KillPlan plan, int round)
    {
        var channel = KillSettings.Channel(round);
        using var subscription = _client.AddSubscription(channel, KillSettings.StreamId);
        using var publication = _client.AddExclusivePublication(channel, KillSettings.StreamId);
        var publisher = new KillPublisher(publication);
        var stream = new KillStream();
        var handler = stream.CreateHandler();
        void Survive() => subscription.Poll(ref handler, 100);
        using var victim = await KilledAmidTraffic(plan, channel, publisher, Survive);
        var target = publication.Position + (4L * publication.TermLength);
        var clock = Stopwatch.StartNew();
        await Wait.Until(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                publisher.TryNext();
                Survive();
            }

            return publication.Position > target;
        });
        plan.Noticed(round, clock.Elapsed);
        await Wait.Until(() =>
        {
            Survive();
            return stream.Next == publisher.Next;
        });
        Assert.True(
            stream is { First: 0, IsGood: true },
            $"seed {plan.Seed} round {round}: first {stream.First}, {stream.OutOfOrder} out of order, "
            + $"{stream.Damaged} damaged of {stream.Next}");
    }

    private async Task<KillProcess> KilledAmidTraffic(
        KillPlan plan, string channel, KillPublisher publisher, Action between)
    {
        var victim = new KillProcess(KillChild.Subscriber, _driver.Directory, channel);
        await Wait.Until(
            () =>
            {
                Assert.False(victim.HasExited, victim.Output);
                publisher.TryNext();
                between();
                return victim.HasSaid(KillChild.Ready);
            },
            () => victim.Output);
        var clock = Stopwatch.StartNew();
        var delay = plan.NextDelay();
        while (clock.Elapsed < delay)
        {
            publisher.TryNext();
            between();
        }

        Assert.False(victim.HasExited, victim.Output);
        victim.Kill();
        return victim;
    }
}
