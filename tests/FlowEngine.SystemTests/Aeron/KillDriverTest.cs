using System.Diagnostics;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Drivers killed anywhere, while they start too: clients close, and the rest is refused or cleaned.</summary>
[Collection(KillCollection.Name)]
public sealed class KillDriverTest : IDisposable
{
    private readonly string _directory = Wait.NewDirectory();

    [Fact]
    public async Task A_killed_driver_closes_its_clients_and_its_directory_is_refused_until_it_can_be_cleaned()
    {
        var plan = new KillPlan();
        for (var round = 0; round < plan.RoundCount; round++)
        {
            await Round(plan, round);
        }

        plan.PrintTimes("a driver was killed");
    }

    [Fact]
    public async Task A_driver_killed_while_it_starts_leaves_nothing_that_a_client_or_the_next_driver_trusts()
    {
        var plan = new KillPlan();
        var left = new List<string>();
        for (var round = 0; round < plan.RoundCount; round++)
        {
            using (var victim = new KillProcess(KillChild.Driver, _directory, ""))
            {
                await Task.Delay(plan.NextDelay() * 2, TestContext.Current.CancellationToken);
                victim.Kill();
            }

            left.Add(Directory.Exists(_directory) ? $"{Directory.GetFiles(_directory).Length} files" : "nothing");
            await StartsAndWorks();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"left behind: {string.Join(", ", left)}");
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task Round(KillPlan plan, int round)
    {
        using var victim = new KillProcess(KillChild.Driver, _directory, "");
        await victim.UntilSaid(KillChild.Ready);
        var unavailable = 0;
        using var client = AeronClient.Connect(KillSettings.Client(_directory));
        var channel = KillSettings.Channel(round);
        using var subscription = client.AddSubscription(
            channel, KillSettings.StreamId, onUnavailableImage: _ => Interlocked.Increment(ref unavailable));
        using var publication = client.AddExclusivePublication(channel, KillSettings.StreamId);
        var publisher = new KillPublisher(publication);
        var stream = new KillStream();
        var handler = stream.CreateHandler();
        await Wait.Until(
            () =>
            {
                publisher.TryNext();
                subscription.Poll(ref handler, 10);
                return stream.First >= 0;
            },
            () => victim.Output);
        var clock = Stopwatch.StartNew();
        var delay = plan.NextDelay();
        while (clock.Elapsed < delay)
        {
            publisher.TryNext();
            subscription.Poll(ref handler, 10);
        }

        victim.Kill();
        clock.Restart();
        RefusedAtOnce();
        await Wait.Until(() =>
        {
            publisher.TryNext();
            subscription.Poll(ref handler, 10);
            return client.IsClosed;
        });
        plan.Noticed(round, clock.Elapsed);

        Assert.Equal(PublicationResult.Closed, publisher.TryNext());
        Assert.False(publication.IsConnected);
        Assert.Equal(0, subscription.Poll(ref handler, 10));
        Assert.Equal(0, subscription.ImageCount);
        Assert.Equal(1, Volatile.Read(ref unavailable));
        Assert.True(stream is { First: 0, IsGood: true }, $"seed {plan.Seed} round {round}");
        Assert.Throws<AeronException>(() => client.AddPublication(channel, KillSettings.StreamId));
        RefusedWhenStale();
        await StartsAndWorks();
    }

    // For a second nobody can know that it is dead: the directory stays its own, whatever a second driver is told.
    private void RefusedAtOnce()
    {
        var refusal = Assert.ThrowsAny<AeronException>(() => MediaDriver.Launch(
            KillSettings.Driver(_directory) with { DriverTimeoutNs = 60_000_000_000 }));
        Assert.IsType<ActiveDriverException>(refusal);
        Assert.Contains(_directory, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    // A client does not trust what a dead driver left, and says so in one line.
    private void RefusedWhenStale()
    {
        var refusal = Assert.Throws<DriverTimeoutException>(
            () => AeronClient.Connect(KillSettings.Client(_directory)));
        Assert.Contains(_directory, refusal.Message);
        Assert.Contains("last heard of", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    // The next driver waits until the dead one's time is over, clears what it left, and works.
    private async Task StartsAndWorks()
    {
        MediaDriver? driver = null;
        await Wait.Until(() =>
        {
            try
            {
                driver = MediaDriver.Launch(KillSettings.Driver(_directory));
                return true;
            }
            catch (ActiveDriverException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                return false;
            }
        });
        using (driver)
        {
            var logs = new[] { "publications", "images" }.SelectMany(
                folder => Directory.GetFiles(Path.Combine(_directory, folder)));
            Assert.Empty(logs);
            using var client = AeronClient.Connect(KillSettings.Client(_directory));
            using var subscription = client.AddSubscription("aeron:ipc", 1);
            using var publication = client.AddPublication("aeron:ipc", 1);
            await Wait.Until(() => publication.Offer("works"u8) > 0);
            var collector = new TextCollector();
            await Wait.Until(() => subscription.Poll(ref collector, 10) > 0);
            Assert.Equal(["works"], collector.Texts);
        }

        Assert.False(Directory.Exists(_directory), "the driver left its directory behind");
    }
}
