using FlowEngine.Cli.Frame;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Simulation;
using Xunit;

namespace FlowEngine.Tests.Cli.Record;

public sealed class RecordTests
{
    [Fact]
    public void Recording_holds_every_packet_that_was_published_and_every_command_reads_it()
    {
        using var folder = new TemporaryDirectory();
        using var driver = new RunningDriver();
        var path = Path.Combine(folder.Path, "live.flow");
        using var record = CliRun.Start("record", "--out", path, "--json", "--aeron-dir", driver.Directory);
        using var feed = CliRun.ToEnd(
            out var fed,
            "feed", "--sim", "--seed", "4", "--instruments", "2", "--seconds", "2", "--flat-out", "--json",
            "--aeron-dir", driver.Directory);
        Assert.True(fed == ExitCode.Success, feed.Error);
        var expected = Published(seed: 4);
        Await.That(() => ReadBack(path).Count == expected.Count, () => $"{ReadBack(path).Count} packets");

        Assert.Equal(ExitCode.Success, record.Stop());
        Assert.Equal(expected, ReadBack(path));
        Assert.Equal(expected.Count, record.Json.GetProperty("packets").GetInt64());
        Assert.Equal(new FileInfo(path).Length, record.Json.GetProperty("bytes").GetInt64());
        Assert.Equal(0, record.Json.GetProperty("unreadable").GetInt64());

        using var replay = CliRun.ToEnd(out var replayed, "replay", path, "--json");
        Assert.True(replayed == ExitCode.Success, replay.Error);
        Assert.Equal(expected.Count, replay.Json.GetProperty("packets").GetInt64());
        Assert.Equal(
            replay.Json.GetProperty("quality").GetProperty("valid").GetInt64() > 0,
            replay.Json.GetProperty("completeBooks").GetInt64() > 0);
    }

    [Fact]
    public void Recording_never_replaces_another_one()
    {
        using var folder = new TemporaryDirectory();
        using var driver = new RunningDriver();
        var path = Path.Combine(folder.Path, "old.flow");
        File.WriteAllText(path, "precious");
        using var record = CliRun.ToEnd(out var exitCode, "record", "--out", path, "--aeron-dir", driver.Directory);

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Equal(
            $"flowengine: {path} exists: record into another file, or remove it", Assert.Single(record.ErrorLines));
        Assert.Equal("precious", File.ReadAllText(path));
    }

    private static List<byte[]> Published(ulong seed)
    {
        var packets = new List<byte[]>();
        var simulator = new MarketSimulator(new SimulatorOptions
        {
            Seed = seed,
            Instruments = 2,
            Duration = TimeSpan.FromSeconds(2),
        });
        var buffer = new byte[simulator.MaxPacketLength];
        while (simulator.NextPacket(buffer, out _) is > 0 and var length)
        {
            packets.Add(buffer[..length]);
        }

        return packets;
    }

    // The recorder has not finished while this is asked first: a .flow file is readable at any time.
    private static List<byte[]> ReadBack(string path)
    {
        var packets = new List<byte[]>();
        var buffer = new byte[VenueEnvelope.MaxLength];
        using var reader = InputFile.Open(path, InputFormat.Flow);
        while (reader.ReadPacket(buffer, out _) is > 0 and var length)
        {
            packets.Add(buffer[..length]);
        }

        return packets;
    }
}
