using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed class UntetheredTests
{
    [Fact]
    public void A_stalled_untethered_subscriber_lets_the_publisher_go_and_is_joined_again_later()
    {
        using var house = new EmbeddedDriver(context => context with { UntetheredRestingTimeoutNs = 4_000_000_000 });
        var client = house.Connect();
        var tethered = client.AddSubscription("aeron:ipc", 1);
        var events = new List<string>();
        var stalled = client.AddSubscription(
            "aeron:ipc?tether=false|untethered-window-limit-timeout=1s|untethered-linger-timeout=500ms",
            1,
            image => events.Add($"available at {image.JoinPosition}"),
            image => events.Add($"unavailable at {image.Position}"));
        var publication = client.AddPublication("aeron:ipc", 1);
        house.Step();
        Assert.Equal(["available at 0"], events);

        // It is stuck: first everybody waits for it.
        var collector = new Collector();
        var payload = new byte[1000];
        Assert.Equal(PublicationResult.BackPressured, Fill(house, publication, tethered, payload));
        var blockedAt = publication.Position;
        house.Run(TimeSpan.FromMilliseconds(1200));
        Assert.Equal(["available at 0", "unavailable at 0"], events);
        Assert.True(publication.Position == blockedAt && publication.Offer(payload) == PublicationResult.BackPressured);

        // After the linger it no longer counts: many terms go by.
        house.Run(TimeSpan.FromMilliseconds(600));
        for (var i = 0; i < 400; i++)
        {
            while (publication.Offer(payload) <= 0)
            {
                tethered.Poll(ref collector, 100);
                house.Step();
            }
        }

        Assert.Equal(0, stalled.ImageCount);
        Assert.True(publication.Position > 5 * 65536);
        Assert.True(publication.IsConnected);

        // Rested, it is joined where the others are.
        while (tethered.Poll(ref collector, 100) > 0)
        {
        }

        house.Run(TimeSpan.FromMilliseconds(4200));
        Assert.Equal(["available at 0", "unavailable at 0", $"available at {publication.Position}"], events);
        Assert.True(publication.Offer("again"u8) > 0);
        var again = new Collector();
        Assert.Equal(1, stalled.Poll(ref again, 10));
        Assert.Equal("again"u8.ToArray(), again.Fragments[0].Payload);
    }

    [Fact]
    public void An_untethered_subscriber_that_keeps_up_is_left_alone()
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        var subscription = client.AddSubscription("aeron:ipc?tether=false|untethered-window-limit-timeout=100ms", 1);
        var publication = client.AddPublication("aeron:ipc", 1);
        house.Step();
        var collector = new Collector();
        for (var i = 0; i < 300; i++)
        {
            Assert.True(publication.Offer(new byte[300]) is > 0 or PublicationResult.AdminAction);
            subscription.Poll(ref collector, 10);
            house.Run(TimeSpan.FromMilliseconds(20), stepMs: 20);
        }

        Assert.Equal(1, subscription.ImageCount);
        Assert.Equal(0, subscription.Images[0].JoinPosition);
    }

    [Fact]
    public void An_untethered_subscriber_that_is_alone_is_behind_nobody_and_holds_its_publisher_back()
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        var subscription = client.AddSubscription("aeron:ipc?tether=false|untethered-window-limit-timeout=1s", 1);
        var publication = client.AddPublication("aeron:ipc", 1);
        house.Step();
        var max = 0L;
        for (var i = 0; i < 100; i++)
        {
            max = Math.Max(max, publication.Offer(new byte[1000]));
        }

        house.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(1, subscription.ImageCount);
        Assert.Equal(PublicationResult.BackPressured, publication.Offer(new byte[1000]));
        Assert.True(max > 0);
    }

    private static long Fill(EmbeddedDriver house, Publication publication, Subscription subscription, byte[] payload)
    {
        var collector = new Collector();
        long result;
        while ((result = publication.Offer(payload)) > 0 || result == PublicationResult.AdminAction)
        {
            subscription.Poll(ref collector, 100);
            house.Step();
        }

        subscription.Poll(ref collector, 100);
        house.Step();
        return result;
    }
}
