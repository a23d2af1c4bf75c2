using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Memory;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>
/// The commands that Aeron's own client sent, sent again by ours: the same bytes. Three places differ on purpose: the
/// unused field of ADD_SUBSCRIPTION (-1 as in Java, 0 in C), and the two ids that the C client forgets in
/// REJECT_IMAGE.
/// </summary>
public sealed class GoldenCommandTests : IDisposable
{
    private readonly string _directory = EmbeddedDriver.NewDirectory();

    [Fact]
    public unsafe void Our_client_writes_the_golden_commands_byte_for_byte()
    {
        Golden.Copy("cnc-commands-pending.dat.gz", _directory, CncFile.FileName);
        using var cnc = CncFile.Open(_directory);
        var golden = Read(cnc.ToDriver);

        using var block = new NativeBlock(64 * 1024 + ManyToOneRing.TrailerLength);
        var ring = new ManyToOneRing(block.Pointer, (int)block.Length, block);
        var sender = new CommandSender(ring, clientId: 1, exception => throw exception);
        while (ring.PeekCorrelationId < 9)
        {
            ring.NextCorrelationId();
        }

        const string Udp = "aeron:udp?endpoint=127.0.0.1:";
        sender.AddPublication(sender.NextId(), "aeron:ipc?alias=a", 11, isExclusive: false);
        sender.AddPublication(sender.NextId(), Udp + "24001", 12, isExclusive: true);
        sender.AddSubscription(sender.NextId(), "aeron-spy:" + Udp + "24001", 13);
        sender.AddCounter(sender.NextId(), 1002, [1, 2, 3, 4, 5], "label2");
        sender.AddStaticCounter(sender.NextId(), 4242, 1003, [1, 2, 3], "static-label");
        sender.Destination(CommandType.AddDestination, sender.NextId(), 2, Udp + "24002");
        sender.Destination(CommandType.RemoveDestination, sender.NextId(), 2, Udp + "24999");
        sender.RemoveDestinationById(sender.NextId(), 2, 2);
        sender.Destination(CommandType.AddReceiveDestination, sender.NextId(), 5, Udp + "24003");
        sender.Destination(CommandType.RemoveReceiveDestination, sender.NextId(), 5, Udp + "24003");
        sender.RejectImage(0, 3, 0, "no thanks");
        sender.NextSessionId(sender.NextId(), 99);
        sender.RemoveSubscription(6);
        sender.RemoveCounter(7);
        sender.RemovePublication(2, revoke: false);
        sender.RemovePublication(3, revoke: true);
        var ours = Read(ring);

        Assert.Equal(golden.Count - 1, ours.Count);
        for (var i = 0; i < ours.Count; i++)
        {
            Assert.Equal(golden[i].Type, ours[i].Type);
            Assert.Equal(Masked(golden[i].Type, golden[i].Body), Masked(ours[i].Type, ours[i].Body));
        }
    }

    [Fact]
    public void A_request_to_end_the_driver_has_the_golden_form()
    {
        Golden.Copy("cnc-commands-pending.dat.gz", _directory, CncFile.FileName);
        using var cnc = CncFile.Open(_directory);
        var golden = Read(cnc.ToDriver)[^1];
        Assert.Equal(CommandType.TerminateDriver, golden.Type);
        Assert.True(DriverTermination.Request(_directory, "tok"u8));
        var ours = Assert.Single(Read(cnc.ToDriver));
        Assert.Equal(golden.Type, ours.Type);
        Assert.Equal(golden.Body[16..], ours.Body[16..]);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static List<(int Type, byte[] Body)> Read(ManyToOneRing ring)
    {
        var list = new MessageList();
        while (ring.Read(ref list, 8) > 0)
        {
        }

        return list.Messages;
    }

    private static string Masked(int type, byte[] body)
    {
        var copy = body.ToArray();
        if (type == CommandType.AddSubscription)
        {
            copy.AsSpan(16, 8).Clear();
        }
        else if (type == CommandType.RejectImage)
        {
            copy.AsSpan(0, 16).Clear();
        }

        return Convert.ToHexString(copy);
    }
}
