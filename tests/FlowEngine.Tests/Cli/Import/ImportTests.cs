using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Import;

public sealed class ImportTests
{
    [Fact]
    public void An_imported_file_replays_to_the_digest_of_the_file_it_came_from()
    {
        using var directory = new TemporaryDirectory();
        var source = FeedRoom.Data("lobster", "AAPL_10_first_rows.zip");
        var flow = directory.File("aapl.flow");

        using var import = CliRun.ToEnd(out var exitCode, "import", source, "--out", flow, "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(999, import.Json.GetProperty("packets").GetInt64());

        using var first = CliRun.ToEnd(out _, "replay", source, "--json");
        using var second = CliRun.ToEnd(out _, "replay", flow, "--json");
        Assert.Equal(
            first.Json.GetProperty("digest").GetString(), second.Json.GetProperty("digest").GetString());
        Assert.Equal(999, second.Json.GetProperty("packets").GetInt64());
    }

    [Fact]
    public void A_half_written_file_is_read_to_its_last_whole_packet_and_says_so()
    {
        using var directory = new TemporaryDirectory();
        var flow = directory.File("half.flow");
        using var import = CliRun.ToEnd(
            out _, "import", FeedRoom.Data("lobster", "AAPL_10_first_rows.zip"), "--out", flow, "--json");
        var bytes = File.ReadAllBytes(flow);
        File.WriteAllBytes(flow, bytes[..(bytes.Length / 2)]);

        using var run = CliRun.ToEnd(out var exitCode, "verify", flow, "--json");

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.True(run.Json.GetProperty("cutOff").GetBoolean());
        Assert.Contains(
            "its writer was stopped after", run.Json.GetProperty("firstRefusal").GetString(), StringComparison.Ordinal);
        Assert.InRange(run.Json.GetProperty("bookRows").GetProperty("equal").GetInt64(), 400, 600);
    }

    [Fact]
    public void A_flipped_bit_costs_one_packet()
    {
        using var directory = new TemporaryDirectory();
        var flow = directory.File("flipped.flow");
        using var import = CliRun.ToEnd(
            out _, "import", FeedRoom.Data("lobster", "AAPL_10_first_rows.zip"), "--out", flow, "--json");
        var bytes = File.ReadAllBytes(flow);
        // Inside the body of the third packet or so: far from any length.
        bytes[2000] ^= 0x10;
        File.WriteAllBytes(flow, bytes);

        using var run = CliRun.ToEnd(out _, "verify", flow, "--json");

        Assert.Equal(999, run.Json.GetProperty("records").GetInt64());
        Assert.Contains(
            "checksum differs", run.Json.GetProperty("firstRefusal").GetString(), StringComparison.Ordinal);
        Assert.False(run.Json.GetProperty("cutOff").GetBoolean());
    }

    [Fact]
    public void A_file_is_never_written_over_one_that_is_read()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("a.flow"), "x");
        using var run = CliRun.ToEnd(
            out var exitCode, "import", directory.File("a.flow"), "--out", directory.File("a.flow"));
        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Equal("x", File.ReadAllText(directory.File("a.flow")));
    }
}
