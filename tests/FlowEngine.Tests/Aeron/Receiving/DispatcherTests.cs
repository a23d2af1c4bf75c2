using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>Which datagrams become images, and what is done with those that do not.</summary>
public sealed class DispatcherTests
{
    [Fact]
    public void A_SETUP_that_nobody_wants_makes_no_image()
    {
        using var house = new ReceiverHouse();
        house.Deliver(Packets.Setup());
        house.Deliver(Packets.Data(0, 8));
        house.Run(5);
        house.Subscribe(Packets.StreamId + 1);
        house.Deliver(Packets.Setup());
        house.Run(5);
        Assert.Empty(house.Requests);
        Assert.Equal(0, house.Transport.SentCount);
    }

    [Fact]
    public void A_SETUP_is_made_an_image_once_and_answered_at_once()
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup(termOffset: 4096, activeTermId: Packets.TermId + 2));
        house.Deliver(Packets.Setup(termOffset: 4096, activeTermId: Packets.TermId + 2));
        house.Run(3);
        var seat = Assert.Single(house.Images);
        Assert.Equal((2 * Packets.TermLength) + 4096, seat.Image.JoinPosition);
        Assert.Equal("127.0.0.1:40123", seat.Image.SourceIdentity);
        var (bytes, remote) = Assert.Single(house.Transport.Sent);
        Assert.True(StatusFrame.TryRead(bytes, out var status));
        Assert.Equal(
            new StatusFrame(
                0,
                Packets.SessionId,
                Packets.StreamId,
                Packets.TermId + 2,
                4096,
                32768,
                ReceiverHouse.ReceiverId,
                null),
            status);
        Assert.Equal(ReceiverHouse.Source, remote);
    }

    [Fact]
    public void Data_of_an_unknown_session_asks_for_its_SETUP_once_a_second()
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId);
        house.MakesImages = false;
        for (var i = 0; i < 25; i++)
        {
            house.Deliver(Packets.Data(i * 64, 8));
            house.Run(100, 10);
        }

        Assert.Equal(3, house.Transport.Sent.Count);
        var expected = new StatusFrame(
            StatusFrame.SendSetupFlag, Packets.SessionId, Packets.StreamId, 0, 0, 0, ReceiverHouse.ReceiverId, null);
        Assert.All(house.Transport.Sent, sent => Assert.Equal(
            expected,
            StatusFrame.TryRead(sent.Bytes, out var status) ? status : default));

        house.Deliver(Packets.Setup());
        house.Run(5);
        Assert.Single(house.Requests);
    }

    [Fact]
    public void A_stream_that_has_ended_is_not_asked_for_a_SETUP()
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Heartbeat(64, flags: DataFrame.Unfragmented | DataFrame.EndOfStreamFlag));
        house.Run(5);
        Assert.Equal(0, house.Transport.SentCount);
    }

    [Fact]
    public void One_session_can_be_wanted_and_others_come_when_all_are()
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId, sessionId: 7);
        house.Deliver(Packets.Setup(sessionId: 7));
        house.Deliver(Packets.Setup(sessionId: 8));
        house.Deliver(Packets.Data(0, 8, sessionId: 9));
        house.Run(5);
        Assert.Equal([7], house.Images.Select(s => s.Image.SessionId));

        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup(sessionId: 8));
        house.Run(5);
        Assert.Equal([7, 8], house.Images.Select(s => s.Image.SessionId));
    }

    [Fact]
    public void What_is_wanted_no_more_is_not_written_any_more()
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId, sessionId: 7);
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup(sessionId: 7));
        house.Deliver(Packets.Setup(sessionId: 8));
        house.Run(5);
        house.Receiver.Commands.Post(() => house.Endpoint.RemoveInterest(Packets.StreamId, null));
        house.Run(1);
        house.Deliver(Packets.Data(0, 8, sessionId: 7));
        house.Deliver(Packets.Data(0, 8, sessionId: 8));
        house.Run(5);
        Assert.Equal([64L, 0L], house.Images.Select(s => s.HighWaterMark.Get()));
        house.Receiver.Commands.Post(() => house.Endpoint.RemoveInterest(Packets.StreamId, 7));
        house.Run(1);
        house.Deliver(Packets.Data(64, 8, sessionId: 7));
        house.Run(5);
        Assert.Equal(64, house.Images[0].HighWaterMark.Get());
    }

    [Fact]
    public void A_session_whose_image_could_not_be_made_may_try_again()
    {
        using var house = new ReceiverHouse { MakesImages = false };
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup());
        house.Run(5);
        house.Deliver(Packets.Setup());
        house.Run(5);
        Assert.Single(house.Requests);
        house.Receiver.Commands.Post(() => house.Endpoint.AbandonSetup(Packets.SessionId, Packets.StreamId));
        house.Run(5);
        house.Deliver(Packets.Setup());
        house.Run(5);
        Assert.Equal(2, house.Requests.Count);
    }

    [Fact]
    public void A_session_cools_down_after_its_image_until_told_otherwise()
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup());
        house.Run(5);
        var image = house.Images[0].Image;
        var isReleased = false;
        house.Receiver.Commands.Post(() => house.Receiver.Remove(image, () => isReleased = true));
        house.Run(5);
        Assert.True(isReleased);

        house.Deliver(Packets.Setup());
        house.Deliver(Packets.Data(0, 8));
        house.Run(5);
        Assert.Single(house.Requests);
        house.Receiver.Commands.Post(() => house.Endpoint.RemoveCoolDown(Packets.SessionId, Packets.StreamId));
        house.Run(1);
        house.Deliver(Packets.Setup());
        house.Run(5);
        Assert.Equal(2, house.Requests.Count);
    }

    [Fact]
    public void Sessions_beyond_the_limit_are_refused_and_reported()
    {
        using var house = new ReceiverHouse(configure: context => context with { StreamSessionLimit = 2 });
        house.Subscribe(Packets.StreamId);
        for (var session = 1; session <= 4; session++)
        {
            house.Deliver(Packets.Setup(sessionId: session));
        }

        house.Run(5);

        Assert.Equal([1, 2], house.Images.Select(s => s.Image.SessionId));
        Assert.Equal(ErrorCode.ResourceTemporarilyUnavailable, house.Errors[0].Code);
    }

    [Fact]
    public void Made_up_sessions_cannot_make_it_remember_without_end()
    {
        using var house = new ReceiverHouse { MakesImages = false };
        house.Subscribe(Packets.StreamId);
        for (var session = 0; session < 20_000; session++)
        {
            house.Deliver(Packets.Data(0, 8, sessionId: session));
            house.Step();
        }

        Assert.Equal(PendingSetups.MaxCount, house.Transport.SentCount);

        // The honest one has its turn a second later.
        house.Run(1100, 100);
        house.Deliver(Packets.Data(0, 8, sessionId: -5));
        house.Run(1);
        Assert.Equal(PendingSetups.MaxCount + 1, house.Transport.SentCount);
    }

    [Fact]
    public void Feedback_of_a_channel_with_control_goes_there_and_a_session_is_asked_for_at_once()
    {
        using var house = new ReceiverHouse("aeron:udp?endpoint=127.0.0.1:24301|control=127.0.0.1:24300");
        house.Subscribe(Packets.StreamId, sessionId: 55);
        house.Run(5);
        Assert.Equal(2, house.Transport.Sent.Count);
        Assert.All(house.Transport.Sent, sent => Assert.Equal(house.Channel.RemoteControl, sent.Remote));
        Assert.True(StatusFrame.TryRead(house.Transport.Sent[1].Bytes, out var status));
        Assert.Equal(
            (StatusFrame.SendSetupFlag, 55, Packets.StreamId), (status.Flags, status.SessionId, status.StreamId));

        var other = ReceiverHouse.Source.WithPort(9);
        house.Receiver.Commands.Post(
            () => house.Endpoint.ReplaceControlAddress(house.Endpoint.Destinations[0], other));
        house.Run(1100, 100);
        Assert.Equal(other, house.Transport.Sent[^1].Remote);
        Assert.Equal(1, house[SystemCounter.ResolutionChanges]);
    }

    [Fact]
    public void A_group_whose_sender_reaches_further_than_the_answers_is_counted()
    {
        using var house = new ReceiverHouse("aeron:udp?endpoint=224.20.30.39:24326|ttl=2");
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Data(0, 8));
        house.Run(2);
        house.Deliver(Packets.Setup(ttl: 8));
        house.Run(2);
        Assert.Equal(1, house[SystemCounter.PossibleTtlAsymmetry]);
        Assert.All(house.Transport.Sent, sent => Assert.Equal(house.Channel.RemoteControl, sent.Remote));
    }

    [Fact]
    public void A_removed_endpoint_closes_its_socket_and_its_images_fall_silent()
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup());
        house.Run(5);
        var isReleased = false;
        house.Receiver.Commands.Post(() => house.Receiver.Remove(house.Endpoint, () => isReleased = true));
        house.Run(1);
        var count = house.Transport.SentCount;
        house.Run(1000, 10);
        Assert.True(isReleased);
        Assert.True(house.Transport.IsDisposed);
        Assert.Equal(count, house.Transport.SentCount);
    }
}
