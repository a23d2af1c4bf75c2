using System.Buffers.Binary;
using System.Net;
using CsCheck;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>
/// Strangers send what they like to both ends of a stream: the drivers count it, and the stream goes on as if nothing
/// had been. What is forged so well that it is a right frame of the stream itself is not here: the protocol has no
/// defence against it.
/// </summary>
public sealed class HostileFrameTests : IDisposable
{
    private const string Channel = "aeron:udp?endpoint=127.0.0.1:24180";
    private const int StreamId = 1001;

    private static readonly UdpAddress s_stranger = At(66);
    private static readonly UdpAddress s_receiverPort = At(24180);

    private readonly NetworkHouse _house = new(seed: 5);
    private readonly NetworkHouse.Node _sender;
    private readonly NetworkHouse.Node _receiver;
    private readonly Publication _publication;
    private readonly Subscription _subscription;
    private readonly NumberedStream _stream;
    private readonly NumberedReader _reader;
    private int _total;

    public HostileFrameTests()
    {
        _sender = _house.Add();
        _receiver = _house.Add(c => c with { StreamSessionLimit = 4 });
        _subscription = _receiver.Client.AddSubscription(Channel, StreamId);
        _publication = _sender.Client.AddPublication(Channel, StreamId);
        _house.Until(() => _publication.IsConnected && _subscription.IsConnected);
        _stream = new NumberedStream(_publication.Offer, maxLength: 2000);
        _reader = new NumberedReader(_subscription);
        Exchange();
    }

    private UdpAddress SenderPort => At(IPEndPoint.Parse(_publication.LocalSocketAddresses.Single()).Port);

    public void Dispose() => _house.Dispose();

    public static TheoryData<string, byte[]> MalformedToReceivers => new()
    {
        { "nothing", [] },
        { "one byte", [1] },
        { "seven bytes", new byte[7] },
        { "version 1", Frame(FrameTypes.Data, 32, 32, version: 1) },
        { "negative length", Frame(FrameTypes.Data, 32, -32) },
        { "data shorter than a header", Frame(FrameTypes.Data, 24, 24) },
        { "data that is no multiple of 32", Frame(FrameTypes.Data, 48, 48) },
        { "padding shorter than a header", Frame(FrameTypes.Padding, 8, 64) },
        { "set-up cut short", Frame(FrameTypes.Setup, 39, 40) },
        { "set-up that says it is longer than it is", Frame(FrameTypes.Setup, 40, 41) },
        { "set-up that says it is shorter than it is", Frame(FrameTypes.Setup, 40, 39) },
        { "set-up of terms that are no power of two", Setup(77, termLength: 65537) },
        { "set-up of terms that are too short", Setup(77, termLength: 32768) },
        { "set-up of terms of 2 GiB", Setup(77, termLength: int.MinValue) },
        { "set-up behind its term", Setup(77, termOffset: 65536 + 32) },
        { "set-up between frames", Setup(77, termOffset: 33) },
        { "set-up with an odd MTU", Setup(77, mtuLength: 1400) },
        { "set-up with an MTU of nothing", Setup(77, mtuLength: 0) },
        { "set-up with an MTU beyond UDP", Setup(77, mtuLength: 65536) },
        { "set-up before its first term", Setup(77, activeTermId: 6) },
        { "RTT measurement cut short", Frame(FrameTypes.RttMeasurement, 32, 32) },
        { "frame of no type, longer than it is", Frame(99, 32, 64) },
    };

    public static TheoryData<string, byte[]> MalformedToSenders => new()
    {
        { "nothing", [] },
        { "seven bytes", new byte[7] },
        { "version 1", Frame(FrameTypes.StatusMessage, 36, 36, version: 1) },
        { "status message cut short", Frame(FrameTypes.StatusMessage, 35, 36) },
        { "status message of negative length", Frame(FrameTypes.StatusMessage, 36, -36) },
        { "status message longer than it is", Frame(FrameTypes.StatusMessage, 36, 44) },
        { "NAK cut short", Frame(FrameTypes.Nak, 27, 28) },
        { "error without a header", Frame(FrameTypes.Error, 24, 24) },
        { "RTT measurement cut short", Frame(FrameTypes.RttMeasurement, 39, 40) },
        { "response set-up cut short", Frame(FrameTypes.ResponseSetup, 16, 20) },
    };

    [Theory]
    [MemberData(nameof(MalformedToReceivers))]
    public void Whatever_is_no_frame_is_counted_by_receivers_and_does_nothing(string what, byte[] datagram)
    {
        Assert.NotEmpty(what);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, _house.Network.Inject(datagram, s_stranger, s_receiverPort));
        }

        Exchange();

        Assert.Equal(10, _receiver.System(SystemCounter.InvalidPackets));
        AssertUnharmed();
    }

    [Theory]
    [MemberData(nameof(MalformedToSenders))]
    public void Whatever_is_no_frame_is_counted_by_senders_and_does_nothing(string what, byte[] datagram)
    {
        Assert.NotEmpty(what);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, _house.Network.Inject(datagram, s_receiverPort, SenderPort));
        }

        Exchange();

        Assert.Equal(10, _sender.System(SystemCounter.InvalidPackets));
        AssertUnharmed();
    }

    [Fact]
    public void Control_frames_of_the_stream_with_impossible_values_are_counted()
    {
        var session = _publication.SessionId;
        byte[][] impossible =
        [
            Write(new NakFrame(session, StreamId, 0, 33, 32).Write),
            Write(new NakFrame(session, StreamId, 0, -32, 32).Write),
            Write(new NakFrame(session, StreamId, 0, 0, -1).Write),
            Write(new NakFrame(session, StreamId, 0, 65504, 64).Write),
            Write(new NakFrame(session, StreamId, 0, int.MaxValue & -32, int.MaxValue).Write),
            Write(new StatusFrame(0, session, StreamId, 0, 33, 1000, 1, null).Write),
            Write(new StatusFrame(0, session, StreamId, 0, -32, 1000, 1, null).Write),
            Write(new StatusFrame(0, session, StreamId, 0, 0, -1, 1, null).Write),
            Write(new StatusFrame(0, session, StreamId, 0, 0, 32768 + 32, 1, null).Write),
            Write(new StatusFrame(0, session, StreamId, 0, 65536, 1000, 1, 5).Write),
        ];
        foreach (var datagram in impossible)
        {
            _house.Network.Inject(datagram, s_receiverPort, SenderPort);
        }

        // Right in itself, but from nowhere near the stream.
        var far = new StatusFrame(0, session, StreamId, 1_000_000, 0, 1000, 1, null);
        _house.Network.Inject(Write(far.Write), s_receiverPort, SenderPort);
        Exchange();

        Assert.Equal(impossible.Length, _sender.System(SystemCounter.InvalidPackets));
        Assert.Equal(1, _sender.System(SystemCounter.StatusMessagesRejected));
        AssertUnharmed();
    }

    [Fact]
    public void Data_of_the_stream_from_another_term_is_counted_and_dropped()
    {
        var image = _subscription.Images[0];
        var setup = _publication.SessionId;
        foreach (var termsAway in new[] { -1000, -2, 2, 1000, int.MaxValue, int.MinValue })
        {
            var termId = unchecked(TermId() + termsAway);
            _house.Network.Inject(Data(setup, termId, 0, 96), s_stranger, s_receiverPort);
            _house.Network.Inject(Data(setup, termId, 64, 32, frameLength: 0), s_stranger, s_receiverPort);
        }

        _house.Network.Inject(Data(setup, TermId(), 33, 96), s_stranger, s_receiverPort);
        _house.Network.Inject(Data(setup, TermId(), -32, 96), s_stranger, s_receiverPort);
        _house.Network.Inject(Data(setup, TermId(), 65536, 96), s_stranger, s_receiverPort);
        _house.Network.Inject(Data(setup, TermId(), 65504, 96), s_stranger, s_receiverPort);
        _house.Network.Inject(Data(setup, TermId(), 0, 96, frameLength: 64), s_stranger, s_receiverPort);
        _house.Network.Inject(Data(setup, TermId(), 0, 96, frameLength: 128), s_stranger, s_receiverPort);
        _house.Network.Inject(Data(setup, TermId(), 0, 96, frameLength: int.MaxValue), s_stranger, s_receiverPort);
        Exchange();

        Assert.False(image.IsClosed);
        // Three of the terms are before the first, the others are ahead of or behind the window.
        Assert.Equal(7 + 6, _receiver.System(SystemCounter.InvalidPackets));
        Assert.Equal(
            6,
            _receiver.System(SystemCounter.FlowControlOverRuns) + _receiver.System(SystemCounter.FlowControlUnderRuns));
        AssertUnharmed();
    }

    [Fact]
    public void Made_up_sessions_make_no_images_and_cannot_keep_a_real_one_out()
    {
        for (var session = 1; session <= 5000; session++)
        {
            _house.Network.Inject(Data(session * 7919, 3, 0, 64), s_stranger, s_receiverPort);
            if (session % 50 == 0)
            {
                _house.Step();
            }
        }

        Exchange();
        Assert.Single(_subscription.Images);
        _house.Run(3);
        using var another = _sender.Client.AddExclusivePublication(Channel, StreamId);
        _house.Until(() => _subscription.Images.Count == 2);
        another.Dispose();
        AssertUnharmed();
    }

    [Fact]
    public void Forged_set_ups_make_as_many_images_as_are_allowed_and_these_go_again()
    {
        for (var session = 1; session <= 100; session++)
        {
            _house.Network.Inject(Setup(session), s_stranger, s_receiverPort);
            _house.Step();
        }

        Exchange();
        Assert.InRange(_subscription.Images.Count, 2, 4);
        Assert.Contains(_receiver.Errors(), error => error.Contains('4'));
        _house.Run(40);
        Exchange();

        Assert.Single(_subscription.Images);
        Assert.Single(Directory.GetFiles(Path.Combine(_receiver.Driver.Directory, "images")));
    }

    [Fact]
    public void Random_frames_and_bytes_to_both_ends_never_hold_the_stream_up()
    {
        var ours = _publication.SessionId;
        var bytes = Gen.Byte.Array[0, 128];
        var frames = Gen.Select(
            Gen.Int[0, 12], Gen.Byte, Gen.OneOf(Gen.Int[-64, 2000], Gen.Int), bytes, (type, flags, length, body) =>
            {
                var frame = Frame((ushort)type, Math.Max(8, body.Length), length);
                frame[5] = flags;
                body.AsSpan(Math.Min(8, body.Length)).CopyTo(frame.AsSpan(8));
                return frame;
            });
        var ofTheStream = Gen.Select(frames, Gen.Bool, (frame, isStream) =>
        {
            var at = frame[6] == FrameTypes.Setup ? 16 : 12;
            at += frame[6] <= FrameTypes.Data ? 4 : 0;
            if (isStream && frame.Length >= at + sizeof(int))
            {
                BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(at), StreamId);
            }

            return frame;
        });

        // One thread: the house is stepped in between.
        Gen.Select(Gen.OneOf(bytes, frames, ofTheStream), Gen.Bool).Sample(
            (datagram, toSender) =>
            {
                if (Mentions(datagram, ours))
                {
                    return;
                }

                _house.Network.Inject(
                    datagram, toSender ? s_receiverPort : s_stranger, toSender ? SenderPort : s_receiverPort);
                _house.Step();
            },
            iter: 4000,
            threads: 1);
        Exchange();

        Assert.True(_receiver.System(SystemCounter.InvalidPackets) > 500);
        Assert.True(_sender.System(SystemCounter.InvalidPackets) > 500);
        Assert.Contains(_subscription.Images, image => image.SessionId == ours);
        Assert.True(_publication.IsConnected);
    }

    [Fact]
    public void Random_NAKs_and_measurements_of_the_stream_itself_cost_retransmissions_and_nothing_else()
    {
        var session = _publication.SessionId;
        var first = TermId() - 8;
        Gen.Select(Gen.Int[0, 16], Gen.Int[0, 2047], Gen.Int[0, 2047], Gen.Long).Sample(
            (term, frame, length, number) =>
            {
                var nak = new NakFrame(session, StreamId, unchecked(first + term), frame * 32, length * 32);
                _house.Network.Inject(Write(nak.Write), s_receiverPort, SenderPort);
                var rtt = new RttFrame((byte)number, session, StreamId, number, ~number, number);
                _house.Network.Inject(Write(rtt.Write), s_receiverPort, SenderPort);
                _house.Network.Inject(Write(rtt.Write), s_stranger, s_receiverPort);
                _house.Step();
            },
            iter: 2000,
            threads: 1);
        Exchange();
        _house.Run(0.1);

        // A right one is still answered.
        var (termId, position) = (TermId(), _publication.Position);
        Exchange(count: 1);
        var resent = _sender.System(SystemCounter.RetransmitsSent);
        var offset = (int)(position & 65535);
        var right = new NakFrame(session, StreamId, termId, offset, Math.Min(4096, 65536 - offset));
        _house.Network.Inject(Write(right.Write), s_receiverPort, SenderPort);
        _house.Run(0.1);

        Assert.True(_sender.System(SystemCounter.NaksReceived) > 100);
        Assert.Equal(resent + 1, _sender.System(SystemCounter.RetransmitsSent));
        AssertUnharmed();
    }

    private static UdpAddress At(int port) => UdpAddress.From(new IPEndPoint(IPAddress.Loopback, port));

    private static bool Mentions(byte[] datagram, int session)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, session);
        return datagram.AsSpan().IndexOf(bytes) >= 0;
    }

    private static byte[] Frame(ushort type, int length, int frameLength, byte version = 0)
    {
        var frame = new byte[Math.Max(length, 8)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frameLength);
        frame[4] = version;
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), type);
        return frame[..length];
    }

    private static byte[] Setup(
        int session, int termOffset = 0, int activeTermId = 7, int termLength = 65536, int mtuLength = 1408) =>
        Write(new SetupFrame(0, termOffset, session, StreamId, 7, activeTermId, termLength, mtuLength, 0).Write);

    private static byte[] Data(int session, int termId, int termOffset, int length, int? frameLength = null)
    {
        var frame = Frame(FrameTypes.Data, length, frameLength ?? length);
        frame[DataFrame.FlagsOffset] = DataFrame.Unfragmented;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(DataFrame.TermOffsetOffset), termOffset);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(DataFrame.SessionIdOffset), session);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(DataFrame.StreamIdOffset), StreamId);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(DataFrame.TermIdOffset), termId);
        return frame;
    }

    private static byte[] Write(Writing write)
    {
        var frame = new byte[64];
        return frame[..write(frame)];
    }

    private int TermId()
    {
        using var log = LogBuffers.Open(
            Directory.GetFiles(Path.Combine(_sender.Driver.Directory, "publications")).Single(), readOnly: true);
        return log.InitialTermId + (int)(_publication.Position >> log.PositionBitsToShift);
    }

    // Some more messages: nobody hangs.
    private void Exchange(int count = 200)
    {
        _total += count;
        _house.Until(() => _stream.Advance(_total) & _reader.Poll() == _total);
    }

    private void AssertUnharmed()
    {
        Assert.Contains(_subscription.Images, image => image.SessionId == _publication.SessionId);
        Assert.True(_publication.IsConnected);
        Assert.Empty(_sender.Errors().Concat(_receiver.Errors()));
        Assert.Empty(_sender.ClientErrors.Concat(_receiver.ClientErrors));
    }

    private delegate int Writing(Span<byte> frame);
}
