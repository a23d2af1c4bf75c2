using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Captures;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli;

/// <summary><c>flowengine dump</c> on TCP: real messages, cut into segments that come late, twice, or never.</summary>
public sealed class DumpStreamTests : IDisposable
{
    private const string Schema = "schemas/Cme.Futures.Mdp3.Sbe.v1.12.xml";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Messages_are_put_together_from_segments_in_any_order()
    {
        var stream = Stream();
        var run = Dump(
            stream.Length, (0, 50), (50, 20), (90, 200), (70, 20), (40, 60), (290, stream.Length - 290), (0, 50));
        Assert.Equal(ExitCode.Success, run.WaitForExit());
        Assert.Empty(run.Error);
        Assert.Equal(Bodies(), DumpTests.Lines(run).Select(line => line.GetProperty("body").GetRawText()));
        run.Dispose();
    }

    [Fact]
    public void A_missing_segment_is_named_and_the_dump_goes_on_behind_it()
    {
        var stream = Stream();

        // The second message begins at 78; without the bytes from 100 to 164 it cannot be read, the third one can.
        var run = Dump(stream.Length, (0, 100), (164, stream.Length - 164));
        Assert.Equal(ExitCode.Failed, run.WaitForExit());
        Assert.Contains(
            "payload byte 100: 64 bytes of the TCP stream are missing", Assert.Single(run.ErrorLines),
            StringComparison.Ordinal);
        var bodies = Bodies();
        Assert.Equal(
            [bodies[0], bodies[2]], DumpTests.Lines(run).Select(line => line.GetProperty("body").GetRawText()));
        run.Dispose();
    }

    [Fact]
    public void A_stream_that_ends_inside_a_message_is_named()
    {
        var run = Dump(100, (0, 100));
        Assert.Equal(ExitCode.Failed, run.WaitForExit());
        Assert.EndsWith(
            "ends inside a message, 8 bytes behind its begin", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Single(DumpTests.Lines(run));
        run.Dispose();
    }

    private static string[] Paths() =>
    [
        .. new[] { "BookLongQty", "TradeSummaryLongQty" }
            .Select(name => DumpTests.Need($"cme_mdp3/Cme/Mdp3.Sbe.v1.12/MdIncrementalRefresh{name}.pcap")),
        DumpTests.Need("cme_mdp3/Cme/Mdp3.Sbe.v1.12/SnapshotFullRefreshTcpLongQty.Tcp.pcap"),
    ];

    // The payloads of three real segments, one behind the other: 78, 86 and 294 bytes.
    private static byte[] Stream()
    {
        var stream = new List<byte>();
        foreach (var path in Paths())
        {
            using var reader = PcapReader.Open(path);
            Assert.True(reader.TryReadSegment(out var segment));
            Assert.Equal(SegmentKind.Tcp, segment.Kind);
            stream.AddRange(segment.Payload);
        }

        Assert.Equal(78 + 86 + 294, stream.Count);
        return [.. stream];
    }

    private static string[] Bodies()
    {
        using var run = CliRun.ToEnd(out _, ["dump", "--json", "--schema", DumpTests.Need(Schema), .. Paths()]);
        return [.. DumpTests.Lines(run).Select(line => line.GetProperty("body").GetRawText())];
    }

    private CliRun Dump(int length, params (int Start, int Length)[] segments)
    {
        var stream = Stream().AsSpan(0, length).ToArray();
        var capture = new CaptureBytes(true).PcapHeader(isNano: false, link: 1);
        foreach (var (start, count) in segments)
            capture.PcapRecord(1, 0, CaptureBytes.Ethernet(Tcp((uint)start, stream.AsSpan(start, count).ToArray())));
        var path = _directory.File("stream.pcap");
        File.WriteAllBytes(path, capture.Done());
        return CliRun.Start("dump", "--json", "--schema", DumpTests.Need(Schema), path);
    }

    private static byte[] Tcp(uint sequence, byte[] payload) => new CaptureBytes(false)
        .Add(0x45, 0).U16(40 + payload.Length).U16(0).U16(0).Add(64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2)
        .U16(9232).U16(56316).U32(sequence).U32(0).Add(0x50, 0x18).U16(1000).U16(0).U16(0).Add(payload).Done();
}
