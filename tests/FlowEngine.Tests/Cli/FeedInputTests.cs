using FlowEngine.Cli.Feed;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Publishing;
using Xunit;

namespace FlowEngine.Tests.Cli;

public sealed class FeedInputTests
{
    // A pcap header without packets: magic, version 2.4, zone, accuracy, snap length, Ethernet.
    private static readonly byte[] s_emptyPcap =
        [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];

    [Fact]
    public void A_missing_file_is_told_in_one_line_before_any_driver_is_looked_for()
    {
        using var directory = new TemporaryDirectory();
        AssertRefused(directory, directory.File("none.pcapng"), "no such file");
    }

    [Fact]
    public void A_file_that_is_no_capture_is_told_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("notes.txt"), "these are no packets");
        AssertRefused(directory, directory.File("notes.txt"), "is no capture");
    }

    [Fact]
    public void An_empty_file_is_told_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("empty.pcap"), []);
        AssertRefused(directory, directory.File("empty.pcap"), "is empty");
    }

    [Fact]
    public void A_capture_without_a_packet_of_a_known_venue_is_told_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("silent.pcap"), s_emptyPcap);
        AssertRefused(directory, directory.File("silent.pcap"), "is a packet of a known venue");
    }

    [Fact]
    public void A_folder_is_no_capture()
    {
        using var directory = new TemporaryDirectory();
        AssertRefused(directory, directory.Path, "");
    }

    [Fact]
    public void The_numbers_to_leave_out_count_from_one()
    {
        using var source = new FeedSource(new CountingSource(5), [2, 5, 9]);
        var buffer = new byte[source.MaxPacketLength];
        var packets = new List<byte>();
        while (source.NextPacket(buffer, out _) > 0)
        {
            packets.Add(buffer[0]);
        }

        Assert.Equal<byte>([1, 3, 4], packets);
        Assert.Equal(2, source.Skipped);
        Assert.Equal(0, source.Truncated);
    }

    [Theory]
    [InlineData(FeedPace.Source, " 25 %, 2,500 packets, 100/s, 0:01:30 left")]
    [InlineData(FeedPace.Rate, " 25 %, 2,500 packets, 100/s, 0:02:30 left")]
    [InlineData(FeedPace.FlatOut, " 25 %, 2,500 packets, 100/s, 0:01:15 left")]
    public void Progress_says_how_long_it_will_still_take_at_the_pace_asked_for(FeedPace pace, string expected)
    {
        var options = new FeedPublisherOptions { Pace = pace, Speed = 2, PacketsPerSecond = 50 };
        var plan = new FeedPlan(Packets: 10_000, DurationNs: 240_000_000_000);

        Assert.Equal(expected, FeedProgress.Text(plan, options, sent: 2500, packetsPerSecond: 100, elapsedSeconds: 30));
    }

    [Fact]
    public void Progress_of_a_feed_without_an_end_is_a_count_and_a_rate() => Assert.Equal(
        "7 packets, 3/s", FeedProgress.Text(FeedPlan.Unknown, new FeedPublisherOptions(), 7, 3, 2));

    private static void AssertRefused(TemporaryDirectory directory, string file, string expected)
    {
        using var run = CliRun.ToEnd(out var exitCode, "feed", file, "--aeron-dir", directory.File("driver"));

        Assert.Equal(ExitCode.Failed, exitCode);
        var told = Assert.Single(run.ErrorLines);
        Assert.StartsWith($"flowengine: {file}", told, StringComparison.Ordinal);
        Assert.Contains(expected, told, StringComparison.Ordinal);
    }

    private sealed class CountingSource(byte packets) : IPacketSource
    {
        private byte _number;

        public int MaxPacketLength => 1;

        public int NextPacket(Span<byte> buffer, out long dueTimeOffsetNs)
        {
            dueTimeOffsetNs = 0;
            if (_number == packets)
            {
                return 0;
            }

            buffer[0] = ++_number;
            return 1;
        }
    }
}
