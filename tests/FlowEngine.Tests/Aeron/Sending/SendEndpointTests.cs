using System.Text;
using CsCheck;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>What receivers send to an endpoint, and what else may arrive there.</summary>
public sealed class SendEndpointTests : IDisposable
{
    private SendingRig _rig = new();

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(32768, 0, 0, 1)]
    [InlineData(32768 + 32, 0, 1, 1)]
    [InlineData(65536L * 5, 0, 1, 1)]
    [InlineData(65536L * 5, StatusFrame.SendSetupFlag, 0, 1)]
    public void A_status_message_from_where_no_receiver_can_be_is_rejected(
        long position, byte flags, int rejected, int received)
    {
        _rig.Step();
        _rig.SendStatus(position, flags: flags);
        _rig.Step();
        Assert.Equal((rejected, received), Counts());
        Assert.Equal(rejected == 0 && flags == 0, _rig.SenderLimit > 0);

        (int, int) Counts() => (
            (int)_rig.Value(SystemCounter.StatusMessagesRejected),
            (int)_rig.Value(SystemCounter.StatusMessagesReceived));
    }

    [Theory]
    [InlineData(16, 1024)]
    [InlineData(-32, 1024)]
    [InlineData(65536, 1024)]
    [InlineData(0, -1)]
    [InlineData(0, 32768 + 1)]
    public void A_malformed_status_message_is_invalid(int termOffset, int window)
    {
        var bytes = new byte[StatusFrame.MinLength];
        new StatusFrame(0, SendingRig.SessionId, SendingRig.StreamId, 7, termOffset, window, 1, null).Write(bytes);
        AssertInvalid(bytes);
    }

    [Theory]
    [InlineData(16, 1024)]
    [InlineData(-32, 1024)]
    [InlineData(65536, 0)]
    [InlineData(0, -1)]
    [InlineData(1024, 65536)]
    [InlineData(65504, int.MaxValue)]
    public void A_malformed_nak_is_invalid(int termOffset, int length)
    {
        var bytes = new byte[NakFrame.Length];
        new NakFrame(SendingRig.SessionId, SendingRig.StreamId, 7, termOffset, length).Write(bytes);
        AssertInvalid(bytes);
    }

    [Fact]
    public void Short_frames_and_those_of_another_version_are_invalid()
    {
        AssertInvalid([1, 2, 3]);
        AssertInvalid([8, 0, 0, 0, 1, 0, 3, 0]);
        AssertInvalid([8, 0, 0, 0, 0, 0, 3, 0]);
        AssertInvalid([200, 0, 0, 0, 0, 0, 2, 0, .. new byte[40]]);
        AssertInvalid([40, 0, 0, 0, 0, 0, 4, 0, .. new byte[28], 255, 255, 255, 127]);
        AssertInvalid([20, 0, 0, 0, 0, 0, 6, 0, .. new byte[12]]);
        AssertInvalid([12, 0, 0, 0, 0, 0, 11, 0, .. new byte[4]]);
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_send_data()
    {
        _rig.Connect(window: 64);
        for (var i = 0; i < 4; i++)
        {
            _rig.Offer(32);
        }

        _rig.Step();
        Gen.Select(Gen.Int[0, 11], Gen.Bool, Gen.Byte.Array[0, 80]).Sample(
            (type, isStream, bytes) =>
            {
                if (bytes.Length >= 8)
                {
                    bytes[4] = 0;
                    bytes[6] = (byte)type;
                    bytes[7] = 0;
                    BitConverter.TryWriteBytes(bytes, bytes.Length);
                }

                if (isStream && bytes.Length >= 16)
                {
                    BitConverter.TryWriteBytes(bytes.AsSpan(8), SendingRig.SessionId);
                    BitConverter.TryWriteBytes(bytes.AsSpan(12), SendingRig.StreamId);
                }

                _rig.Transport.Arrive(bytes, _rig.Receiver);
                _rig.Step();
                return _rig.SenderPosition <= _rig.Publisher.Position && _rig.SenderLimit <= 64 + 65536;
            },
            iter: 20_000,
            threads: 1);
        Assert.Empty(_rig.Errors);
        Assert.True(_rig.Value(SystemCounter.InvalidPackets) > 0);
    }

    [Fact]
    public void Frames_of_other_streams_are_ignored()
    {
        _rig.Step();
        _rig.SendStatus(0, sessionId: SendingRig.SessionId + 1);
        _rig.Step();
        Assert.Equal(1, _rig.Value(SystemCounter.StatusMessagesReceived));
        Assert.False(_rig.Publication.Sender.HasReceivers);
    }

    [Fact]
    public void A_nak_is_answered_with_whole_frames_of_what_was_sent()
    {
        _rig.Connect();
        for (var i = 0; i < 5; i++)
        {
            _rig.Offer(1000, seed: i);
        }

        Steps(3);
        _rig.Transport.Sent.Clear();
        _rig.SendNak(1056, 2112);
        _rig.Step();
        Assert.Equal([1056, 1056], _rig.Transport.Sent.Select(sent => sent.Bytes.Length));
        Assert.Equal([1, 2], _rig.Transport.Sent.Select(sent => (int)sent.Bytes[32]));
        Assert.Equal(
            (1, 1, 2112),
            (_rig.Value(SystemCounter.NaksReceived),
                _rig.Value(SystemCounter.RetransmitsSent),
                _rig.Value(SystemCounter.RetransmittedBytes)));
        Assert.Equal(1, _rig.Publication.Parts.NaksReceived.Get());
    }

    [Fact]
    public void A_nak_for_what_was_not_sent_yet_or_is_too_old_is_not_answered()
    {
        _rig.Connect();
        while (_rig.Publisher.Position < 2L * SendingRig.TermLength)
        {
            if (_rig.Offer(1376) < 0)
            {
                _rig.SendStatus(_rig.SenderPosition);
                _rig.Step();
            }
        }

        // Until all is sent and the publisher's limit is raised no more.
        for (var i = 0; i < 50; i++)
        {
            _rig.SendStatus(_rig.SenderPosition);
            _rig.Step();
        }

        _rig.Transport.Sent.Clear();

        // The last frame that is too old, and the first that is not.
        var bottom = _rig.SenderPosition - (SendingRig.TermLength / 2) - (SendingRig.TermLength / 8);
        var termBegin = bottom - (bottom % SendingRig.TermLength);
        var tooOld = termBegin + ((bottom - termBegin - 1) / 1408 * 1408);
        foreach (var position in new[] { 0, tooOld, _rig.SenderPosition, _rig.SenderPosition + 1408 })
        {
            _rig.SendNak(position, 1408);
            _rig.Step();
        }

        Assert.Empty(_rig.Transport.Sent);
        Assert.Equal(4, _rig.Value(SystemCounter.NaksReceived));
        _rig.SendNak(tooOld + 1408, 1408);
        _rig.Step();
        Assert.Single(_rig.Transport.Sent);
    }

    [Fact]
    public void Padding_is_sent_again_as_its_header()
    {
        _rig.Connect();
        _rig.Publisher.AppendPadding(3000);
        _rig.Offer(10);
        _rig.Step();
        _rig.Transport.Sent.Clear();
        _rig.SendNak(0, 3040);
        _rig.Step();
        Assert.Equal(32, Assert.Single(_rig.Transport.Sent).Bytes.Length);
    }

    [Fact]
    public void A_setup_that_was_asked_for_is_sent_once_a_receiver_is_there_but_not_after_the_end()
    {
        _rig.Connect();
        _rig.Run(150);
        _rig.SendStatus(0, window: 0, receiverId: 2, flags: StatusFrame.SendSetupFlag);
        _rig.Run(300);
        Assert.Single(_rig.Transport.Sent, IsSetup);
        _rig.Publication.References = 0;
        _rig.Publication.EnterDraining();
        _rig.SendStatus(0, window: 0, receiverId: 2, flags: StatusFrame.SendSetupFlag);
        _rig.Run(300);
        Assert.Single(_rig.Transport.Sent, IsSetup);

        static bool IsSetup((byte[] Bytes, UdpAddress) sent) => FrameTypes.Type(sent.Bytes) == FrameTypes.Setup;
    }

    [Fact]
    public void An_error_reaches_the_conductor_once_for_each_receiver()
    {
        _rig.Connect();
        SendError(receiverId: 1);
        SendError(receiverId: 1);
        SendError(receiverId: 2);
        Steps(2);
        var error = Assert.Single(_rig.PublicationErrors);
        Assert.Equal(
            (SendingRig.SessionId, SendingRig.StreamId, 1L, 13, "no", _rig.Receiver),
            (error.SessionId, error.StreamId, error.ReceiverId, error.Code, error.Text, error.Source));
        Assert.Equal(_rig.Publication.RegistrationId, error.RegistrationId);
        Assert.Null(error.GroupTag);
        Assert.Equal(3, _rig.Value(SystemCounter.ErrorFramesReceived));
        Assert.False(_rig.Publication.Parts.Log.IsConnected);
    }

    [Fact]
    public void A_response_publication_sends_only_where_it_was_asked_from()
    {
        Use(new SendingRig("aeron:udp?control=127.0.0.1:24401|control-mode=response"));
        _rig.Run(300);
        Assert.Empty(_rig.Transport.Sent);
        var asking = SendingRig.Address("127.0.0.1", 5555);
        _rig.SendStatus(0, window: 0, flags: StatusFrame.SendSetupFlag, source: asking);
        _rig.Run(150);
        _rig.SendStatus(0, source: asking);
        _rig.Run(150);
        Assert.Equal([asking], _rig.Transport.Sent.Select(sent => sent.Remote).Distinct());
        Assert.Equal(FrameTypes.Setup, FrameTypes.Type(_rig.Transport.Sent[0].Bytes));
        Assert.Equal(FrameTypes.Data, FrameTypes.Type(_rig.Transport.Sent[^1].Bytes));
    }

    [Fact]
    public void A_silent_endpoint_has_its_name_looked_up_again_and_sends_to_the_new_address()
    {
        Use(new SendingRig("aeron:udp?endpoint=localhost:24200"));
        _rig.Connect();
        var old = _rig.Endpoint.RemoteAddress;
        _rig.Run(4900);
        Assert.Empty(_rig.ReResolutions);
        _rig.Run(1200);
        Assert.Equal((_rig.Channel, old), _rig.ReResolutions[0]);

        var now = SendingRig.Address("127.0.0.2", 24200);
        _rig.Sender.Commands.Post(() => _rig.Endpoint.ReplaceAddress(old, now));
        _rig.Run(200);
        Assert.Equal(now, _rig.Transport.Sent[^1].Remote);
        Assert.Equal(1, _rig.Value(SystemCounter.ResolutionChanges));
    }

    public void Dispose() => _rig.Dispose();

    private void Use(SendingRig rig)
    {
        _rig.Dispose();
        _rig = rig;
    }

    private void Steps(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _rig.Step();
        }
    }

    private void SendError(long receiverId)
    {
        var bytes = new byte[100];
        var error = new ErrorFrame
        {
            SessionId = SendingRig.SessionId,
            StreamId = SendingRig.StreamId,
            ReceiverId = receiverId,
            Code = 13,
            Text = Encoding.ASCII.GetBytes("no"),
        };
        _rig.Transport.Arrive(bytes[..error.Write(bytes)], _rig.Receiver);
        _rig.Step();
    }

    private void AssertInvalid(byte[] bytes)
    {
        _rig.Step();
        var before = _rig.Value(SystemCounter.InvalidPackets);
        _rig.Transport.Arrive(bytes, _rig.Receiver);
        _rig.Step();
        Assert.Equal(before + 1, _rig.Value(SystemCounter.InvalidPackets));
        Assert.Equal(0, _rig.Value(SystemCounter.StatusMessagesReceived) + _rig.Value(SystemCounter.NaksReceived));
    }
}
