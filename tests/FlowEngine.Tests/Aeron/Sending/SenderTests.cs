using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Sending;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>The sender's duty cycle over several publications and sockets.</summary>
public sealed class SenderTests : IDisposable
{
    private readonly SendingRig _rig = new();

    [Fact]
    public void Publications_take_turns_in_being_first()
    {
        var others = Enumerable.Range(1, 2).Select(i => Add(SendingRig.SessionId + i)).ToArray();
        _rig.Step();
        foreach (var i in Enumerable.Range(0, 3))
        {
            _rig.SendStatus(0, sessionId: SendingRig.SessionId + i);
        }

        _rig.Step();
        _rig.Step();
        _rig.Transport.Sent.Clear();
        var publishers = others.Select(SendingRig.NewPublisher).Prepend(_rig.Publisher).ToArray();
        var firsts = new List<int>();
        for (var round = 0; round < 4; round++)
        {
            foreach (var publication in others)
            {
                publication.Update(_rig.Clock.NanoTime, _rig);
            }

            Assert.All(publishers, publisher => Assert.True(publisher.Offer(new byte[10]) > 0));
            _rig.Step();
            firsts.Add(BitConverter.ToInt32(_rig.Transport.Sent[round * 3].Bytes, 12));
        }

        Assert.Equal(3, firsts.Take(3).Distinct().Count());
        Assert.Equal(firsts[0], firsts[3]);
    }

    [Fact]
    public void Sockets_are_polled_when_there_is_nothing_to_send_else_every_so_many_cycles()
    {
        _rig.Connect();
        var polls = _rig.Transport.Polls;
        _rig.Step();
        Assert.Equal(polls + 1, _rig.Transport.Polls);

        for (var i = 0; i < 18; i++)
        {
            _rig.Offer(10);
            _rig.Step();
        }

        Assert.Equal(polls + 1 + 3, _rig.Transport.Polls);
    }

    [Fact]
    public void Sockets_are_polled_at_least_every_half_status_message_timeout()
    {
        _rig.Connect();
        _rig.Step();
        var polls = _rig.Transport.Polls;
        _rig.Offer(10);
        _rig.Step(99_000_000);
        Assert.Equal(polls, _rig.Transport.Polls);
        _rig.Offer(10);
        _rig.Step(2_000_000);
        Assert.Equal(polls + 1, _rig.Transport.Polls);
    }

    [Fact]
    public void A_socket_that_is_full_is_polled_at_once()
    {
        _rig.Connect();
        _rig.Step();
        _rig.Offer(1376);
        _rig.Offer(1376);
        _rig.Transport.Room = 1;
        var polls = _rig.Transport.Polls;
        _rig.Step();
        Assert.Equal(polls + 1, _rig.Transport.Polls);
    }

    [Fact]
    public void What_is_removed_is_released_to_the_conductor_and_left_alone()
    {
        _rig.Connect();
        var released = new List<string>();
        _rig.Sender.Commands.Post(() => _rig.Sender.Remove(_rig.Publication, () => released.Add("publication")));
        _rig.Sender.Commands.Post(() => _rig.Sender.Remove(_rig.Endpoint, () => released.Add("endpoint")));
        _rig.Step();
        var polls = _rig.Transport.Polls;
        Assert.Empty(released);
        _rig.SendStatus(0);
        _rig.Run(300);
        Assert.Equal(["publication", "endpoint"], released);
        Assert.Empty(_rig.Transport.Sent);
        Assert.Equal(polls, _rig.Transport.Polls);

        _rig.Endpoint.Dispose();
        _rig.Publication.Release();
        Assert.True(_rig.Transport.IsDisposed);
        Assert.False(File.Exists(_rig.Publication.LogPath));
    }

    [Fact]
    public void The_longest_cycle_and_those_over_the_threshold_are_counted()
    {
        _rig.Step();
        _rig.Step(5_000_000);
        _rig.Step(101_000_000);
        _rig.Step(100_000_000);
        Assert.Equal(101_000_000, _rig.Value(SystemCounter.SenderMaxCycle));
        Assert.Equal(1, _rig.Value(SystemCounter.SenderExceeded));
    }

    [Fact]
    public void Sending_and_hearing_receivers_allocates_nothing()
    {
        _rig.Connect();
        _rig.Transport.IsRecording = false;
        var payload = new byte[700];
        var status = new byte[StatusFrame.MinLength];
        var nak = new byte[NakFrame.Length];
        Cycle(2000);
        var sent = _rig.Transport.SentCount;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(5000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(_rig.Transport.SentCount - sent > 5000);
        Assert.True(_rig.Value(SystemCounter.RetransmitsSent) > 100);

        void Cycle(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var offered = _rig.Publisher.Offer(payload);
                if (offered == FlowEngine.Aeron.PublicationResult.AdminAction)
                {
                    _rig.Publisher.Offer(payload);
                }

                var position = _rig.SenderPosition;
                var termId = SendingRig.InitialTermId + (int)(position / SendingRig.TermLength);
                var offset = (int)(position % SendingRig.TermLength);
                new StatusFrame(0, SendingRig.SessionId, SendingRig.StreamId, termId, offset, 32768, 1, null)
                    .Write(status);
                _rig.Endpoint.OnDatagram(status, _rig.Receiver, _rig.Clock.NanoTime);
                if (offset >= 736 && i % 20 == 0)
                {
                    new NakFrame(SendingRig.SessionId, SendingRig.StreamId, termId, offset - 736, 736).Write(nak);
                    _rig.Endpoint.OnDatagram(nak, _rig.Receiver, _rig.Clock.NanoTime);
                }

                _rig.Step(1_000_000);
            }
        }
    }

    public void Dispose() => _rig.Dispose();

    private NetworkPublication Add(int sessionId)
    {
        var publication = _rig.NewPublication(sessionId, new MaxFlowControl(131072, 16));
        _rig.Sender.Commands.Post(() => _rig.Sender.Add(publication));
        return publication;
    }
}
