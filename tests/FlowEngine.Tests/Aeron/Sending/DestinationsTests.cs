using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>Multi-destination publications: where their datagrams go.</summary>
public sealed class DestinationsTests : IDisposable
{
    private const string Dynamic = "aeron:udp?control=127.0.0.1:24300|control-mode=dynamic";
    private const string Manual = "aeron:udp?control=127.0.0.1:24300|control-mode=manual";

    private readonly UdpAddress _first = SendingRig.Address("127.0.0.1", 30001);
    private readonly UdpAddress _second = SendingRig.Address("127.0.0.1", 30002);
    private readonly UdpAddress _third = SendingRig.Address("127.0.0.1", 30003);
    private SendingRig _rig = new(Dynamic);

    [Fact]
    public void Dynamic_destinations_are_those_status_messages_come_from()
    {
        _rig.Run(150);
        Assert.Empty(_rig.Transport.Sent);
        Status(_first, 1);
        Status(_second, 2);
        Steps(2);
        Assert.Equal(2, _rig.Endpoint.DestinationCount);
        Assert.Equal(2, _rig.Endpoint.DestinationCounter.Get());
        _rig.Transport.Sent.Clear();
        _rig.Offer(10);
        _rig.Step();
        Assert.Equal([_first, _second], Remotes());
        Assert.All(_rig.Transport.Sent, sent => Assert.Equal(64, sent.Bytes.Length));
    }

    [Fact]
    public void Each_datagram_begins_with_another_destination()
    {
        foreach (var (address, receiver) in new[] { (_first, 1), (_second, 2), (_third, 3) })
        {
            Status(address, receiver);
        }

        Steps(3);
        _rig.Transport.Sent.Clear();
        for (var i = 0; i < 4; i++)
        {
            _rig.Offer(10);
            _rig.Step();
        }

        var heads = _rig.Transport.Sent.Chunk(3).Select(chunk => chunk[0].Remote).ToArray();
        Assert.Equal(3, heads.Take(3).Distinct().Count());
        Assert.Equal(heads[0], heads[3]);
    }

    [Fact]
    public void A_dynamic_destination_that_is_silent_is_dropped_after_five_seconds()
    {
        Status(_first, 1);
        Status(_second, 2);
        for (var i = 0; i < 6; i++)
        {
            Status(_second, 2);
            _rig.Run(1000);
        }

        Assert.Equal(1, _rig.Endpoint.DestinationCount);
        Assert.Equal(_second, _rig.Transport.Sent[^1].Remote);
    }

    [Fact]
    public void A_known_receiver_may_answer_from_another_interface()
    {
        Status(_first, 1);
        Status(SendingRig.Address("127.0.0.9", 30001), 1);
        Steps(2);
        Assert.Equal(1, _rig.Endpoint.DestinationCount);
        Status(_second, 1);
        Steps(2);
        Assert.Equal(2, _rig.Endpoint.DestinationCount);
    }

    [Fact]
    public void Manual_destinations_are_added_and_removed_by_channel_or_by_id()
    {
        Use(new SendingRig(Manual));
        Command(() => _rig.Endpoint.AddDestination(Channel(_first), 71));
        Command(() => _rig.Endpoint.AddDestination(Channel(_second), 72));
        _rig.Run(101);
        Assert.Equal([_first, _second], Remotes().Distinct());

        // Status messages add none.
        Status(_third, 3);
        Steps(2);
        Assert.Equal(2, _rig.Endpoint.DestinationCount);

        Command(() => Assert.True(_rig.Endpoint.RemoveDestination(72)));
        Command(() => Assert.False(_rig.Endpoint.RemoveDestination(72)));
        _rig.Transport.Sent.Clear();
        _rig.Run(101);
        Assert.Equal([_first], Remotes());
        Command(() => Assert.True(_rig.Endpoint.RemoveDestination(Channel(_first))));
        Assert.Equal(0, _rig.Endpoint.DestinationCounter.Get());
    }

    [Fact]
    public void The_name_of_a_silent_manual_destination_is_looked_up_again()
    {
        Use(new SendingRig(Manual));
        Command(() => _rig.Endpoint.AddDestination(Channel(_first), 71));
        Command(() => _rig.Endpoint.AddDestination(Channel(_second), 72));
        for (var i = 0; i < 7; i++)
        {
            Status(_second, 2);
            _rig.Run(1000);
        }

        Assert.Equal(_first, Assert.Single(_rig.ReResolutions).Address);
        Command(() => _rig.Endpoint.ReplaceAddress(_first, _third));
        _rig.Transport.Sent.Clear();
        _rig.Run(110);
        Assert.Equal([_second, _third], Remotes());
    }

    [Fact]
    public void An_error_names_the_destination_it_came_from()
    {
        Use(new SendingRig(Manual));
        Command(() => _rig.Endpoint.AddDestination(Channel(_first), 71));
        Command(() => _rig.Endpoint.AddDestination(Channel(_second), 72));
        Status(_second, 2);
        Steps(2);
        var bytes = new byte[100];
        var error = new ErrorFrame
        {
            SessionId = SendingRig.SessionId,
            StreamId = SendingRig.StreamId,
            ReceiverId = 2,
            GroupTag = 9,
            Code = 13,
            Text = Encoding.ASCII.GetBytes("no"),
        };
        _rig.Transport.Arrive(bytes[..error.Write(bytes)], _second);
        Steps(2);
        var reported = Assert.Single(_rig.PublicationErrors);
        Assert.Equal((72L, 9L), (reported.DestinationRegistrationId, reported.GroupTag!.Value));
    }

    [Fact]
    public void The_end_of_one_receiver_is_not_the_end_of_the_others()
    {
        Status(_first, 1);
        Status(_second, 2);
        Steps(2);
        _rig.SendStatus(0, receiverId: 1, flags: StatusFrame.EndOfStreamFlag, source: _first);
        Steps(3);
        Assert.True(_rig.Publication.Parts.Log.IsConnected);
        Assert.False(_rig.Publication.Sender.HasUnicastEnded);
        _rig.SendStatus(0, receiverId: 2, flags: StatusFrame.EndOfStreamFlag, source: _second);
        Steps(3);
        Assert.False(_rig.Publication.Parts.Log.IsConnected);
    }

    [Fact]
    public void Min_flow_control_waits_for_the_group_it_was_told_of()
    {
        Use(new SendingRig(Dynamic + "|fc=min,g:/2"));
        Status(_first, 1);
        Steps(3);
        Assert.False(_rig.Publication.Parts.Log.IsConnected);
        Assert.Equal(0, _rig.SenderLimit);
        Status(_second, 2);
        Steps(3);
        Assert.True(_rig.Publication.Parts.Log.IsConnected);
        Assert.Equal(32768, _rig.SenderLimit);
        Assert.Equal(2, _rig.Publication.Parts.FlowControl.Receivers.Get());
    }

    public void Dispose() => _rig.Dispose();

    private static UdpChannel Channel(UdpAddress address) =>
        UdpChannel.Parse(ChannelUri.Parse($"aeron:udp?endpoint={address}"), DnsResolver.Instance, isDestination: true);

    private void Use(SendingRig rig)
    {
        _rig.Dispose();
        _rig = rig;
    }

    private void Command(Action command)
    {
        _rig.Sender.Commands.Post(command);
        _rig.Step();
    }

    private void Status(UdpAddress source, long receiverId) =>
        _rig.SendStatus(0, receiverId: receiverId, source: source);

    private void Steps(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _rig.Step();
        }
    }

    private IEnumerable<UdpAddress> Remotes() =>
        _rig.Transport.Sent.Select(sent => sent.Remote).OrderBy(remote => remote.Port);
}
