using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>Spies: those who read the log of a UDP publication on its own machine.</summary>
public sealed class SpyTests : IDisposable
{
    private SendingRig _rig = new();

    [Fact]
    public void A_slow_spy_holds_the_publisher_back_as_a_receiver_does()
    {
        _rig.Connect();
        var spy = _rig.Spy();
        while (_rig.Offer(1376) > 0)
        {
            _rig.SendStatus(_rig.SenderPosition);
            _rig.Step();
            _rig.Step();
        }

        Assert.Equal(PublicationResult.BackPressured, _rig.Offer(1376));
        Assert.Equal(SendingRig.WindowLength, _rig.PublisherLimit);
        spy.Position.Set(14080);
        _rig.Step();
        Assert.Equal(SendingRig.WindowLength + 14080, _rig.PublisherLimit);
    }

    [Fact]
    public void A_spy_joins_at_the_sender_and_connects_nothing_by_itself()
    {
        _rig.Connect();
        _rig.Offer(100);
        _rig.Step();
        var spy = _rig.Spy();
        Assert.Equal(160, spy.Position.Get());

        using var alone = new SendingRig();
        alone.Spy();
        alone.Run(10);
        Assert.False(alone.Publication.Parts.Log.IsConnected);
        Assert.Equal(PublicationResult.NotConnected, alone.Offer(10));
    }

    [Fact]
    public void With_ssc_a_spy_alone_connects_the_stream_and_moves_it_on()
    {
        Use(new SendingRig(change: parts => parts with { SpiesSimulateConnection = true }));
        var spy = _rig.Spy();
        _rig.Run(2);
        Assert.True(_rig.Publication.Parts.Log.IsConnected);
        Assert.Equal(64, _rig.Offer(10));
        _rig.Run(2);
        Assert.Equal(0, _rig.SenderPosition);
        spy.Position.Set(64);
        _rig.Run(2);
        Assert.Equal(
            (64, 64, 64 + SendingRig.WindowLength), (_rig.SenderPosition, _rig.SenderLimit, _rig.PublisherLimit));
        Assert.DoesNotContain(_rig.Transport.Sent, sent => FrameTypes.Type(sent.Bytes) == FrameTypes.Data);

        // A receiver that comes gets the stream from there.
        _rig.SendStatus(64);
        _rig.Run(2);
        _rig.Offer(10);
        _rig.Run(2);
        Assert.Equal(128, _rig.SenderPosition);

        _rig.Publication.UnlinkSpy(spy.Subscription);
        _rig.SendStatus(128, flags: StatusFrame.EndOfStreamFlag);
        _rig.Run(2);
        Assert.False(_rig.Publication.Parts.Log.IsConnected);
    }

    [Fact]
    public void The_end_waits_for_spies_and_takes_their_images_away()
    {
        _rig.Connect();
        var spy = _rig.Spy();
        _rig.Offer(10);
        _rig.Run(2);
        _rig.Publication.References = 0;
        _rig.Publication.EnterDraining();
        _rig.RunTimers(3);
        Assert.Equal(PublicationState.Draining, _rig.Publication.State);
        Assert.Empty(_rig.Images);
        spy.Position.Set(64);
        _rig.RunTimers(1);
        Assert.Equal(PublicationState.Linger, _rig.Publication.State);
        Assert.Equal(["unavailable"], _rig.Images);
    }

    [Fact]
    public void An_untethered_spy_that_is_too_slow_is_left_behind()
    {
        _rig.Connect();
        _rig.Spy("|tether=false");
        while (_rig.Offer(1376) > 0)
        {
            _rig.SendStatus(_rig.SenderPosition);
            _rig.Step();
            _rig.Step();
        }

        // Window limit 5 s, then as long again to let go of the image.
        for (var i = 0; i < 11; i++)
        {
            _rig.SendStatus(_rig.SenderPosition);
            _rig.Run(1000);
        }

        Assert.Equal(["unavailable"], _rig.Images);
        Assert.True(_rig.Offer(1376) > 0);
    }

    public void Dispose() => _rig.Dispose();

    private void Use(SendingRig rig)
    {
        _rig.Dispose();
        _rig = rig;
    }
}
