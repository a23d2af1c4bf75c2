using System.Buffers.Binary;
using System.Net;
using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>An image from its SETUP to its end.</summary>
public sealed class ImageLifeTests
{
    private const byte EndOfStream = DataFrame.Unfragmented | DataFrame.EndOfStreamFlag;

    [Fact]
    public void A_stream_that_ends_is_drained_says_goodbye_and_is_taken_away()
    {
        using var house = Connected();
        house.Deliver(Packets.Data(0, 100));
        house.Run(5);
        house.Deliver(Packets.Heartbeat(160, flags: EndOfStream));
        house.Run(5);
        var seat = house.Images[0];
        Assert.Equal(160, seat.Log.EndOfStreamPosition);
        house.Tick();
        Assert.Equal(ImageState.Draining, seat.Image.State);
        house.Run(990, 10);
        house.Tick();
        Assert.Equal(ImageState.Draining, seat.Image.State);
        Assert.True(StatusFrame.TryRead(house.Transport.Sent[^1].Bytes, out var goodbye));
        Assert.Equal(StatusFrame.EndOfStreamFlag, goodbye.Flags);
        house.Run(30, 10);
        house.Tick();
        Assert.Equal(ImageState.Linger, seat.Image.State);
        Assert.Equal(["unavailable 100"], house.Events);
        house.Run(20, 10);
        Assert.True(seat.Image.IsReleasedByReceiver);

        var subscription = seat.Subscriber.Subscription;
        Assert.Same(seat.Subscriber, seat.Image.Unlink(subscription));
        house.Tick();
        Assert.Equal(ImageState.Done, seat.Image.State);
    }

    [Fact]
    public void A_silent_stream_ends_after_the_liveness_timeout_and_lingers_as_long()
    {
        using var house = Connected();
        house.Run(9_900, 100);
        house.Tick();
        Assert.Equal(ImageState.Active, house.Images[0].Image.State);
        house.Run(200, 100);
        house.Tick();
        Assert.Equal(ImageState.Draining, house.Images[0].Image.State);
        house.Run(1100, 100);
        house.Tick();
        Assert.Equal(ImageState.Linger, house.Images[0].Image.State);
        house.Run(10_100, 100);
        house.Tick();
        Assert.Equal(ImageState.Done, house.Images[0].Image.State);
        var path = house.Images[0].Image.LogPath;
        Assert.True(File.Exists(path));
        house.Images[0].Image.Free(house.Counters);
        Assert.False(File.Exists(path));
        Assert.NotEqual(1, house.Counters.Reader.State(house.Images[0].HighWaterMark.Id));
    }

    [Fact]
    public void A_slow_subscriber_keeps_a_drained_image_until_it_has_read()
    {
        using var house = Connected();
        house.Deliver(Packets.Data(0, 100));
        house.Deliver(Packets.Heartbeat(160, flags: EndOfStream));
        for (var i = 0; i < 30; i++)
        {
            house.NowNs += 100_000_000;
            house.Step(reads: false);
            house.Tick();
        }

        Assert.Equal(ImageState.Draining, house.Images[0].Image.State);
        Assert.True(house.Images[0].Image.IsAcceptingSubscriptions);
        house.Step();
        house.Tick();
        Assert.Equal(ImageState.Linger, house.Images[0].Image.State);
    }

    [Fact]
    public void A_revoked_stream_is_taken_away_at_once_and_its_sender_told()
    {
        using var house = Connected();
        house.Deliver(Packets.Data(0, 100));
        house.Deliver(Packets.Heartbeat(160, flags: EndOfStream | DataFrame.RevokedFlag));
        house.Run(5);
        house.Tick();
        house.Tick();
        Assert.True(house.Images[0].Log.IsRevoked);
        Assert.Equal(ImageState.Linger, house.Images[0].Image.State);
        Assert.Equal(1, house[SystemCounter.ImagesRevoked]);
        house.Run(5);
        Assert.True(StatusFrame.TryRead(house.Transport.Sent[^1].Bytes, out var status));
        Assert.Equal(StatusFrame.EndOfStreamFlag, status.Flags);
    }

    [Fact]
    public void The_next_image_of_a_session_silences_the_one_that_ends()
    {
        using var house = Connected();
        house.Run(10_200, 100);
        house.Tick();
        var image = house.Images[0].Image;
        Assert.Equal(ImageState.Draining, image.State);
        house.Receiver.Commands.Post(() => house.Endpoint.Dispatcher.RemoveImage(image));
        house.Receiver.Commands.Post(() => house.Endpoint.RemoveCoolDown(Packets.SessionId, Packets.StreamId));
        house.Deliver(Packets.Setup());
        house.Run(5);
        house.Transport.Sent.Clear();
        house.Run(1_000, 10);
        Assert.Equal(2, house.Images.Count);
        Assert.All(house.Transport.Sent, sent => Assert.Equal(0, FrameTypes.Flags(sent.Bytes)));
    }

    [Fact]
    public void Positions_out_of_the_window_are_counted_and_dropped()
    {
        using var house = Connected(termOffset: 1024);
        house.Deliver(Packets.Data(960, 8));
        house.Deliver(Packets.Data(1024 + (Packets.TermLength / 2), 8));
        house.Deliver(Packets.Heartbeat(1024 + (Packets.TermLength / 2) + 32));
        house.Deliver(Packets.Data(0, 8, termId: Packets.TermId - 1));
        house.Deliver(Packets.Data(0, 8, termId: Packets.TermId + 0x7000_0000));
        house.Run(5);
        Assert.Equal(1024, house.Images[0].HighWaterMark.Get());
        Assert.Equal(1, house[SystemCounter.FlowControlUnderRuns]);
        Assert.Equal(3, house[SystemCounter.FlowControlOverRuns]);

        // The one of a term before the stream's first.
        Assert.Equal(1, house[SystemCounter.InvalidPackets]);
    }

    [Fact]
    public void A_heartbeat_shows_that_the_last_datagram_was_lost()
    {
        using var house = Connected();
        house.Deliver(Packets.Heartbeat(1408));
        house.Run(1, 0.01);
        Assert.Equal(1408, house.Images[0].HighWaterMark.Get());
        Assert.Equal(1, house[SystemCounter.HeartbeatsReceived]);
        var nak = house.Transport.Sent.Select(s => NakFrame.TryRead(s.Bytes, out var frame) ? frame : default)
            .First(frame => frame != default);
        Assert.Equal(new NakFrame(Packets.SessionId, Packets.StreamId, Packets.TermId, 0, 1408), nak);

        // 1 us, then every 100 us: ten in the first millisecond.
        Assert.InRange(house[SystemCounter.NaksSent], 9, 10);
        Assert.Equal(house[SystemCounter.NaksSent], house.Images[0].NaksSent.Get());
        Assert.Equal(1408, LossBytes(house));
    }

    [Fact]
    public void An_unreliable_image_pads_what_is_missing()
    {
        using var house = Connected(isReliable: false);
        house.Deliver(Packets.Data(0, 32));
        house.Deliver(Packets.Data(512, 32));
        house.Run(1, 0.1);
        Assert.Equal(576, house.Images[0].Image.RebuildPosition);
        Assert.Equal(1, house[SystemCounter.LossGapFills]);
        Assert.Equal(0, house[SystemCounter.NaksSent]);
        var header = Packets.Padding(64, 448);
        Assert.Equal(header, TermBytes(house, 64, header.Length));
    }

    [Fact]
    public void A_status_message_goes_out_when_a_quarter_of_the_window_is_read()
    {
        using var house = Connected();
        house.Run(1, 0.1);
        var count = house.Transport.SentCount;
        var offset = 0;
        for (; offset <= 32768 / 4; offset += 1408)
        {
            Assert.Equal(count, house.Transport.SentCount);
            house.Deliver(Packets.Data(offset, 1376));
            house.Run(0.3, 0.1);
        }

        Assert.True(StatusFrame.TryRead(house.Transport.Sent[^1].Bytes, out var status));
        Assert.Equal(offset, status.TermOffset);
        Assert.Equal(count + 1, house.Transport.SentCount);
    }

    [Fact]
    public void The_log_says_how_many_transports_are_alive()
    {
        using var house = Connected();
        Assert.Equal(0, house.Images[0].Log.Int32(LogBufferDescriptor.ActiveTransportCountOffset));
        house.Deliver(Packets.Heartbeat(0));
        house.Run(250, 10);
        Assert.Equal(1, house.Images[0].Log.Int32(LogBufferDescriptor.ActiveTransportCountOffset));
        var sent = house.Transport.SentCount;
        house.Run(5_000, 10);

        // Five seconds after the last sign of life nothing more is said.
        Assert.InRange(house.Transport.SentCount, sent + 22, sent + 24);
        sent = house.Transport.SentCount;
        house.Run(1_000, 10);
        Assert.Equal(sent, house.Transport.SentCount);
    }

    [Fact]
    public void A_rejected_image_tells_its_sender_why_and_writes_no_more()
    {
        using var house = Connected();
        house.Images[0].Image.Reject("no thanks");
        house.Run(450, 10);
        house.Deliver(Packets.Data(0, 8));
        house.Run(10);
        Assert.Equal(0, house.Images[0].HighWaterMark.Get());
        Assert.Equal(2, house[SystemCounter.ErrorFramesSent]);
        Assert.True(ErrorFrame.TryRead(house.Transport.Sent[^1].Bytes, out var frame));
        Assert.Equal((int)ErrorCode.ImageRejected, frame.Code);
        Assert.Equal("no thanks", Encoding.ASCII.GetString(frame.Text));
        Assert.Null(frame.GroupTag);
    }

    [Fact]
    public void A_response_session_is_told_at_once_and_with_each_timed_status_message()
    {
        using var house = Connected(flags: SetupFrame.SendResponseFlag);
        Assert.True(house.Images[0].Image.WantsResponse);
        house.Run(50, 10);
        house.Transport.Sent.Clear();
        house.Images[0].Image.ResponseSessionId = -77;
        house.Run(10, 10);
        Assert.True(ResponseSetupFrame.TryRead(house.Transport.Sent[0].Bytes, out var frame));
        Assert.Equal(new ResponseSetupFrame(Packets.SessionId, Packets.StreamId, -77), frame);
        Assert.True(StatusFrame.TryRead(house.Transport.Sent[1].Bytes, out _));
        house.Run(210, 10);
        Assert.Equal(4, house.Transport.Sent.Count);
        house.Images[0].Image.ResponseSessionId = null;
        house.Run(210, 10);
        Assert.Equal(5, house.Transport.Sent.Count);
    }

    [Fact]
    public void A_round_trip_question_is_answered_and_an_answer_is_taken()
    {
        using var house = Connected(
            "aeron:udp?endpoint=127.0.0.1:24200|cc=cubic", context => context with { CubicMeasureRtt = true });
        house.Run(2, 0.1);
        var question = house.Transport.Sent.Select(s => s.Bytes)
            .Last(b => FrameTypes.Type(b) == FrameTypes.RttMeasurement);
        Assert.True(RttFrame.TryRead(question, out var asked));
        Assert.Equal(
            (RttFrame.ReplyFlag, Packets.SessionId, Packets.StreamId, ReceiverHouse.ReceiverId),
            (asked.Flags, asked.SessionId, asked.StreamId, asked.ReceiverId));
        var answer = new byte[RttFrame.Length];
        (asked with { Flags = 0, ReceptionDeltaNs = 20_000 }).Write(answer);
        house.NowNs = asked.EchoNs + 350_000;
        house.Deliver(answer);
        (asked with { Flags = 0, ReceiverId = 99 }).Write(answer = new byte[RttFrame.Length]);
        house.Deliver(answer);
        house.Step();
        Assert.Equal(330_000, CounterValue(house, "rcv-cc-cubic-rtt"));

        house.Transport.Sent.Clear();
        (asked with { Flags = RttFrame.ReplyFlag, EchoNs = 4711 }).Write(answer = new byte[RttFrame.Length]);
        house.Deliver(answer);
        house.Step();
        Assert.True(RttFrame.TryRead(house.Transport.Sent[0].Bytes, out var echoed));
        Assert.Equal((0, 4711L), (echoed.Flags, echoed.EchoNs));
    }

    [Fact]
    public void A_multi_destination_subscription_feeds_one_image_and_answers_each_way()
    {
        using var house = new ReceiverHouse("aeron:udp?control-mode=manual", isMultiDestination: true);
        house.Subscribe(Packets.StreamId);
        var first = AddDestination(house, 24401);
        var second = AddDestination(house, 24402);
        var otherSource = ReceiverHouse.Source.WithPort(40999);
        first.Deliver(Packets.Setup(), ReceiverHouse.Source);
        house.Run(5);
        first.Deliver(Packets.Data(0, 8), ReceiverHouse.Source);
        second.Deliver(Packets.Data(64, 8), otherSource);
        house.Run(500, 10);
        var seat = Assert.Single(house.Images);
        Assert.Equal(128, seat.Image.RebuildPosition);
        Assert.Equal(2, seat.Log.Int32(LogBufferDescriptor.ActiveTransportCountOffset));
        Assert.All(first.Sent, sent => Assert.Equal(ReceiverHouse.Source, sent.Remote));
        Assert.All(second.Sent, sent => Assert.Equal(otherSource, sent.Remote));
        Assert.InRange(second.Sent.Count, 2, 3);

        first.Deliver(Packets.Heartbeat(64, flags: EndOfStream), ReceiverHouse.Source);
        house.Run(5);
        Assert.False(seat.Image.IsEndOfStream);
        second.Deliver(Packets.Heartbeat(128, flags: EndOfStream), otherSource);
        house.Run(5);
        Assert.True(seat.Image.IsEndOfStream);
        Assert.Equal(128, seat.Log.EndOfStreamPosition);

        var isReleased = false;
        house.Receiver.Commands.Post(
            () => house.Endpoint.RemoveDestination(house.Endpoint.Destinations[1], () => isReleased = true));
        house.Run(5);
        Assert.True(isReleased);
        Assert.True(second.IsDisposed);
        Assert.Equal(1, seat.Log.Int32(LogBufferDescriptor.ActiveTransportCountOffset));
    }

    [Fact]
    public void An_untethered_subscriber_that_stops_does_not_hold_the_stream()
    {
        using var house = Connected("aeron:udp?endpoint=127.0.0.1:24200|tether=false");
        var seat = house.Images[0];
        var reader = house.Counters.Counter(house.Counters.Allocate(99, default, "sub-pos 2"));
        var tethered = new SubscriberPosition(
            new DriverSubscription(
                9, 1, Packets.StreamId, house.Parameters with { IsTether = true }),
            reader);
        seat.Image.Link(tethered, house.NowNs);
        for (var offset = 0; offset < 27 * 1024; offset += 1408)
        {
            house.Deliver(Packets.Data(offset, 1376));
        }

        for (var i = 0; i < 60; i++)
        {
            house.NowNs += 100_000_000;
            house.Step(reads: false);
            reader.Set(seat.Image.RebuildPosition);
            house.Deliver(Packets.Heartbeat(0));
        }

        Assert.Equal(["unavailable 100"], house.Events);
        for (var i = 0; i < 60; i++)
        {
            house.NowNs += 100_000_000;
            house.Step(reads: false);
        }

        Assert.Equal(reader.Get(), seat.Image.JoinPosition);
    }

    private static ReceiverHouse Connected(
        string channel = "aeron:udp?endpoint=127.0.0.1:24200",
        Func<MediaDriverContext, MediaDriverContext>? configure = null,
        bool isReliable = true,
        int termOffset = 0,
        byte flags = 0)
    {
        var house = new ReceiverHouse(channel, configure, isReliable);
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup(termOffset: termOffset, flags: flags));
        house.Run(0.5, 0.1);
        Assert.Single(house.Images);
        return house;
    }

    private static ScriptedTransport AddDestination(ReceiverHouse house, int port)
    {
        var uri = ChannelUri.Parse($"aeron:udp?endpoint={IPAddress.Loopback}:{port}");
        var channel = UdpChannel.Parse(uri, house, isDestination: true);
        var transport = new ScriptedTransport(channel.RemoteData);
        house.Receiver.Commands.Post(
            () => house.Endpoint.AddDestination(new ReceiveDestination(channel, transport, house.NowNs)));
        return transport;
    }

    private static long LossBytes(ReceiverHouse house) =>
        BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(house.LossReportPath).AsSpan(8));

    private static unsafe byte[] TermBytes(ReceiverHouse house, int offset, int length) =>
        new ReadOnlySpan<byte>(house.Images[0].Log.Term(0) + offset, length).ToArray();

    private static long CounterValue(ReceiverHouse house, string name)
    {
        for (var id = 0; id <= house.Counters.Reader.MaxCounterId; id++)
        {
            if (house.Counters.Reader.Label(id).StartsWith(name, StringComparison.Ordinal))
            {
                return house.Counters.Counter(id).Get();
            }
        }

        throw new InvalidOperationException($"no counter {name}");
    }
}
