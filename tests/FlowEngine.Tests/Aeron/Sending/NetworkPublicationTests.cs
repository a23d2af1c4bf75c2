using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>A UDP publication on both its threads: limits, window, connection, spies, end.</summary>
public sealed class NetworkPublicationTests : IDisposable
{
    private SendingRig _rig = new();

    [Fact]
    public void Until_the_first_status_message_only_setups_go_out_and_nothing_may_be_published()
    {
        _rig.Run(1001);
        Assert.All(_rig.Transport.Sent, sent => Assert.Equal(FrameTypes.Setup, FrameTypes.Type(sent.Bytes)));
        Assert.Equal(10, _rig.Transport.Sent.Count);
        Assert.Equal(PublicationResult.NotConnected, _rig.Offer(10));
        Assert.Equal((0, 0), (_rig.SenderLimit, _rig.PublisherLimit));
    }

    [Fact]
    public void The_first_status_message_connects_it_and_opens_its_window()
    {
        _rig.Connect(window: 4096);
        Assert.True(_rig.Publication.Parts.Log.IsConnected);
        Assert.Equal((4096, SendingRig.WindowLength), (_rig.SenderLimit, _rig.PublisherLimit));
        Assert.Equal(64, _rig.Offer(10));
    }

    [Fact]
    public void A_publication_starts_where_its_channel_says()
    {
        Use(new SendingRig(start: "|init-term-id=7|term-id=9|term-offset=4096"));
        const long Start = (2L * SendingRig.TermLength) + 4096;
        _rig.Step();
        Assert.True(SetupFrame.TryRead(_rig.Transport.Sent[0].Bytes, out var setup));
        Assert.Equal((7, 9, 4096), (setup.InitialTermId, setup.ActiveTermId, setup.TermOffset));
        Assert.Equal((Start, Start, Start), (_rig.SenderPosition, _rig.SenderLimit, _rig.PublisherLimit));
        _rig.Connect();
        Assert.Equal(Start + 64, _rig.Offer(10));
    }

    [Fact]
    public void Whole_frames_share_a_datagram_up_to_the_mtu()
    {
        _rig.Connect();
        foreach (var length in new[] { 500, 500, 280, 500 })
        {
            _rig.Offer(length);
        }

        _rig.Step();
        Assert.Equal([1408, 544], _rig.Transport.Sent.Select(sent => sent.Bytes.Length));
        Assert.Equal(1952, _rig.SenderPosition);
    }

    [Fact]
    public void An_open_claim_stops_the_sender_until_it_is_committed()
    {
        _rig.Connect();
        _rig.Offer(10);
        _rig.Publisher.TryClaim(10, out var claim);
        _rig.Offer(10);
        _rig.Step();
        Assert.Equal(64, _rig.SenderPosition);
        claim.Commit();
        _rig.Step();
        Assert.Equal([64, 128], _rig.Transport.Sent.Select(sent => sent.Bytes.Length));
    }

    [Fact]
    public void Of_padding_only_the_header_is_sent_but_the_stream_moves_by_all_of_it()
    {
        _rig.Connect();
        _rig.Offer(10);
        _rig.Publisher.AppendPadding(992);
        _rig.Offer(10);
        _rig.Step();
        Assert.Equal([96, 64], _rig.Transport.Sent.Select(sent => sent.Bytes.Length));
        Assert.Equal(64 + 1024 + 64, _rig.SenderPosition);
        Assert.Equal(1024, FrameTypes.Length(_rig.Transport.Sent[0].Bytes.AsSpan(64)));
    }

    [Fact]
    public void A_duty_cycle_sends_so_many_datagrams_and_no_more()
    {
        Use(new SendingRig(configure: c => c with { NetworkPublicationMaxMessagesPerSend = 3 }));
        _rig.Connect();
        for (var i = 0; i < 7; i++)
        {
            _rig.Offer(1376);
        }

        int[] steps = [Sent(), Sent(), Sent(), Sent()];
        Assert.Equal([3, 3, 1, 0], steps);

        int Sent()
        {
            var before = _rig.Transport.Sent.Count;
            _rig.Step();
            return _rig.Transport.Sent.Count - before;
        }
    }

    [Fact]
    public void A_full_window_stops_the_sender_and_counts_once()
    {
        _rig.Connect(window: 1024);
        for (var i = 0; i < 5; i++)
        {
            _rig.Offer(480);
        }

        _rig.Run(20);
        Assert.Equal(1024, _rig.SenderPosition);
        Assert.Equal(1, _rig.Publication.Parts.BackPressureEvents.Get());
        Assert.Equal(1, _rig.Value(SystemCounter.SenderFlowControlLimits));

        _rig.SendStatus(1024, 1300);
        _rig.Run(20);
        Assert.Equal(2048, _rig.SenderPosition);
        Assert.Equal(2, _rig.Publication.Parts.BackPressureEvents.Get());
    }

    [Fact]
    public void What_the_socket_does_not_take_is_sent_later_and_nothing_twice()
    {
        _rig.Connect();
        for (var i = 0; i < 4; i++)
        {
            _rig.Offer(1376, seed: i);
        }

        _rig.Transport.Room = 3;
        _rig.Step();
        Assert.Equal((3 * 1408, 1), (_rig.SenderPosition, _rig.Value(SystemCounter.ShortSends)));
        _rig.Transport.Room = int.MaxValue;
        _rig.Step();
        Assert.Equal([0, 1, 2, 3], _rig.Transport.Sent.Select(sent => (int)sent.Bytes[32]));
    }

    [Fact]
    public void Bytes_and_heartbeats_are_counted()
    {
        _rig.Connect();
        var before = _rig.Value(SystemCounter.BytesSent);
        var heartbeats = _rig.Value(SystemCounter.HeartbeatsSent);
        _rig.Offer(100);
        _rig.Run(251);
        Assert.Equal(160 + (2 * 32), _rig.Value(SystemCounter.BytesSent) - before);
        Assert.Equal(2, _rig.Value(SystemCounter.HeartbeatsSent) - heartbeats);
    }

    [Fact]
    public void Without_status_messages_it_is_disconnected_after_the_timeout_and_the_publisher_stopped()
    {
        _rig.Connect();
        _rig.Offer(100);
        _rig.Run(4990);
        Assert.True(_rig.Publication.Parts.Log.IsConnected);
        _rig.Run(20);
        Assert.False(_rig.Publication.Parts.Log.IsConnected);
        Assert.Equal(_rig.SenderPosition, _rig.PublisherLimit);
        Assert.Equal(PublicationResult.NotConnected, _rig.Offer(10));
    }

    [Fact]
    public void A_receiver_that_goes_disconnects_it_at_once()
    {
        _rig.Connect();
        _rig.SendStatus(0, flags: StatusFrame.EndOfStreamFlag);
        _rig.Step();
        _rig.Step();
        Assert.False(_rig.Publication.Parts.Log.IsConnected);
    }

    [Fact]
    public void A_stream_that_ends_is_drained_tells_so_and_lingers()
    {
        _rig.Connect(window: 4096);
        for (var i = 0; i < 4; i++)
        {
            _rig.Offer(1376);
        }

        End();
        _rig.RunTimers(1);
        Assert.Equal(PublicationState.Draining, _rig.Publication.State);
        Assert.Equal(0xC0, FrameTypes.Flags(_rig.Transport.Sent[^1].Bytes));
        Assert.Equal(4 * 1408, _rig.Publication.Parts.Log.EndOfStreamPosition);

        _rig.SendStatus(4096, 4096);
        _rig.RunTimers(1);
        Assert.Equal(PublicationState.Linger, _rig.Publication.State);
        _rig.Run(200);
        Assert.Equal(0xE0, FrameTypes.Flags(_rig.Transport.Sent[^1].Bytes));

        _rig.SendNak(0, 1408);
        _rig.Run(1);
        Assert.Equal(1, _rig.Value(SystemCounter.RetransmitsSent));
        _rig.RunTimers(4);
        Assert.Equal(PublicationState.Linger, _rig.Publication.State);
        _rig.RunTimers(2);
        Assert.Equal(PublicationState.Done, _rig.Publication.State);
    }

    [Fact]
    public void The_linger_is_cut_short_when_the_only_receiver_has_all()
    {
        _rig.Connect();
        End();
        _rig.RunTimers(1);
        Assert.Equal(PublicationState.Linger, _rig.Publication.State);
        _rig.SendStatus(0, flags: StatusFrame.EndOfStreamFlag);
        _rig.RunTimers(1);
        Assert.Equal(PublicationState.Done, _rig.Publication.State);
    }

    [Fact]
    public void The_linger_is_not_cut_short_because_an_earlier_receiver_has_gone()
    {
        _rig.Connect();
        _rig.SendStatus(0, flags: StatusFrame.EndOfStreamFlag);
        _rig.Step();
        _rig.SendStatus(0, receiverId: 2);
        _rig.Step();
        End();
        _rig.RunTimers(3);
        Assert.Equal(PublicationState.Linger, _rig.Publication.State);
    }

    [Fact]
    public void Without_eos_the_end_is_not_told()
    {
        Use(new SendingRig(change: parts => parts with { SignalsEos = false }));
        _rig.Connect();
        End();
        _rig.RunTimers(2);
        Assert.All(_rig.Transport.Sent, sent => Assert.Equal(0xC0, FrameTypes.Flags(sent.Bytes)));
    }

    [Fact]
    public void A_stream_without_receivers_is_not_drained()
    {
        _rig.Connect();
        _rig.Offer(10);
        _rig.Transport.Room = 0;
        _rig.SendStatus(0, flags: StatusFrame.EndOfStreamFlag);
        _rig.Run(2);
        End();
        Assert.False(_rig.Publication.OnTimer(_rig.Clock.NanoTime, _rig));
        Assert.Equal(PublicationState.Linger, _rig.Publication.State);
    }

    [Fact]
    public void A_revoked_stream_does_not_wait_for_anybody()
    {
        _rig.Connect(window: 1408);
        _rig.Spy();
        _rig.Offer(1376);
        _rig.Offer(1376);
        _rig.Step();
        _rig.Publication.References = 0;
        _rig.Publication.Revoke(_rig.Clock.NanoTime, _rig);
        Assert.Equal(PublicationState.Linger, _rig.Publication.State);
        Assert.Equal(["unavailable"], _rig.Images);
        Assert.True(_rig.Publication.Parts.Log.IsRevoked);
        Assert.Equal(2816, _rig.Publication.Parts.Log.EndOfStreamPosition);
        _rig.Run(200);
        Assert.Equal(0xF0, FrameTypes.Flags(_rig.Transport.Sent[^1].Bytes));
    }

    [Fact]
    public void A_dead_publisher_is_unblocked_after_the_timeout()
    {
        Use(new SendingRig(isExclusive: false));
        var publisher = new Publication(SendingRig.PublisherParts(_rig.Publication));
        _rig.Connect();
        Assert.Equal(64, publisher.TryClaim(10, out _));
        Assert.Equal(128, publisher.Offer(new byte[10]));
        var wasUnblocked = false;
        for (var i = 0; i < 17; i++)
        {
            _rig.SendStatus(0);
            _rig.Run(1000);
            Assert.False(wasUnblocked && i < 15);
            wasUnblocked |= _rig.Publication.OnTimer(_rig.Clock.NanoTime, _rig);
        }

        Assert.True(wasUnblocked);
        _rig.Run(1);
        Assert.Equal(128, _rig.SenderPosition);
        Assert.Contains(_rig.Transport.Sent, sent => FrameTypes.Type(sent.Bytes) == FrameTypes.Padding);
    }

    [Fact]
    public void An_exclusive_publisher_is_left_alone()
    {
        _rig.Connect();
        _rig.Publisher.TryClaim(10, out _);
        for (var i = 0; i < 20; i++)
        {
            _rig.Run(1000);
            Assert.False(_rig.Publication.OnTimer(_rig.Clock.NanoTime, _rig));
        }
    }

    public void Dispose() => _rig.Dispose();

    private void Use(SendingRig rig)
    {
        _rig.Dispose();
        _rig = rig;
    }

    private void End()
    {
        _rig.Publication.References = 0;
        _rig.Publication.EnterDraining();
    }
}
