using System.IO.Compression;
using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Testing;
using FlowEngine.Tests.Sbe;
using Xunit;

namespace FlowEngine.Tests.Cli;

/// <summary><c>flowengine dump</c> on real captures: the figures of the data's README.</summary>
public sealed class DumpTests
{
    [Theory]
    [InlineData("8", "8.1", 10_598)]
    [InlineData("9", "9.1", 194)]
    public void A_cme_capture_gives_a_line_for_each_message_of_both_lines(string schema, string capture, int expected)
    {
        using var run = Dump(
            $"schemas/Cme.Futures.Mdp3.Sbe.v1.{schema}.xml", $"cme_mdp3/Cme.Mdp3.Sbe.v{capture}.Example.pcap",
            "--json");
        Assert.Equal(0, run.WaitForExit());
        Assert.Empty(run.Error);
        var lines = Lines(run);
        Assert.Equal(expected, lines.Count);
        Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, line.GetProperty("body").ValueKind));
        Assert.Equal(2, lines.Select(line => line.GetProperty("source").GetString()![..11]).Distinct().Count());
        Assert.All(lines, line => Assert.Equal(schema, line.GetProperty("version").GetInt32().ToString("0")));
    }

    [Fact]
    public void A_line_says_where_and_when_the_message_was_and_what_it_holds()
    {
        using var run = Dump(
            "schemas/Cme.Futures.Mdp3.Sbe.v1.8.xml", "cme_mdp3/Cme.Mdp3.Sbe.v8.1.Example.pcap", "--json");
        run.WaitForExit();
        Assert.StartsWith(
            """{"packet":1,"time":"2016-09-27T21:46:13.473604083Z","source":"205.209.221.73:14320","""
                + "\"destination\":\"224.0.31.11:14320\",\"sequence\":17347815,\"offset\":14,"
                + "\"message\":\"MDIncrementalRefreshBook32\",\"templateId\":32,\"schemaId\":1,\"version\":8,"
                + "\"body\":{\"TransactTime\":1475012773473147505,",
            run.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_deribit_capture_gives_the_counts_of_its_messages()
    {
        using var run = Dump(
            "deribit_sbe/deribit_multicast_v3_reconstructed.xml", "deribit_sbe/pcaps/sample_capture_v1_6.pcapng",
            "--json");
        Assert.Equal(0, run.WaitForExit());
        var lines = Lines(run);
        var counts = lines.CountBy(line => line.GetProperty("message").GetString()!).ToDictionary();
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["ticker"] = 4211,
                ["priceIndex"] = 468,
                ["snapshotStart"] = 60,
                ["snapshotEnd"] = 60,
                ["instrument"] = 194,
                ["instrumentV2"] = 194,
                ["snapshot"] = 197,
                ["book"] = 1064,
                ["trades"] = 332,
            },
            counts);
        var trades = lines.Where(line => line.GetProperty("message").GetString() == "trades")
            .SelectMany(line => line.GetProperty("body").EnumerateObject().Single(
                member => member.Value.ValueKind == JsonValueKind.Array).Value.EnumerateArray());
        Assert.Equal(421, trades.Count());
        var snapshots = lines.Where(
            line => line.GetProperty("destination").GetString()!.EndsWith(":6101", StringComparison.Ordinal));
        Assert.Equal(21, snapshots.Select(line => line.GetProperty("channel").GetInt32()).Distinct().Count());
    }

    [Fact]
    public void Text_has_a_headline_and_a_line_for_each_field()
    {
        using var run = Dump(
            "schemas/Cme.Futures.Mdp3.Sbe.v1.8.xml",
            "omi_packets/Cme/Mdp3.Sbe.v1.8/MdIncrementalRefreshTradeSummary.pcap");
        Assert.Equal(0, run.WaitForExit());
        var lines = run.Out.Split('\n');
        Assert.Matches(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z #17349477 MDIncrementalRefreshTradeSummary42 "
            + @"\(template 42, schema 1 v8, 94 bytes\) at packet 1 \S+ > \S+:15320 byte 14$",
            lines[0]);
        Assert.Matches("^  TransactTime: [0-9]{19}$", lines[1]);
        Assert.Equal("  NoMDEntries: 1", lines[3]);
        Assert.Equal("    [0]", lines[4]);
        Assert.Matches("^      MDEntryPx: { mantissa -?[0-9]+, exponent -7 }$", lines[5]);
    }

    [Fact]
    public void A_gzipped_capture_and_a_gzipped_file_of_messages_are_read_too()
    {
        using var directory = new TemporaryDirectory();
        var folder = SbeFiles.NeedFolder(SbeFiles.Conformance);
        foreach (var (source, schema, message) in new[]
        {
            (Need("omi_packets/Cme/Mdp3.Sbe.v1.5/MdIncrementalRefreshBook.pcap"),
                Need("schemas/Cme.Futures.Mdp3.Sbe.v1.5.xml"), "MDIncrementalRefreshBook32"),
            (Path.Combine(folder, "binance_trades.bin"), Path.Combine(folder, "schemas", "stream_1_0.xml"),
                "TradesStreamEvent"),
        })
        {
            var path = directory.File("zipped.gz");
            using (var zipped = new GZipStream(File.Create(path), CompressionMode.Compress))
                zipped.Write(File.ReadAllBytes(source));
            using var run = CliRun.ToEnd(out var exitCode, "dump", "--json", "--schema", schema, path);
            Assert.Equal(0, exitCode);
            Assert.Equal(message, Assert.Single(Lines(run)).GetProperty("message").GetString());
        }
    }

    [Theory]
    [InlineData("binance_fix_logon_with_sofh", "spot-fixsbe-1_1.xml", "Logon", 6)]
    [InlineData("binance_trades", "stream_1_0.xml", "TradesStreamEvent", 0)]
    [InlineData("car_bigendian", "example-bigendian-test-schema.xml", "Car", 0)]
    public void A_golden_vector_is_a_file_of_one_message(string vector, string schema, string message, int offset)
    {
        var folder = SbeFiles.NeedFolder(SbeFiles.Conformance);
        using var run = CliRun.ToEnd(
            out var exitCode, "dump", "--json", "--schema", Path.Combine(folder, "schemas", schema),
            Path.Combine(folder, vector + ".bin"));
        Assert.Equal(0, exitCode);
        Assert.Empty(run.Error);
        var line = Assert.Single(Lines(run));
        Assert.Equal(message, line.GetProperty("message").GetString());
        Assert.Equal(offset, line.GetProperty("offset").GetInt32());
        Assert.False(line.TryGetProperty("packet", out _));
    }

    [Fact]
    public void What_a_frame_holds_behind_its_message_is_shown_unless_it_is_padding()
    {
        var folder = SbeFiles.NeedFolder(SbeFiles.Conformance);
        var logon = File.ReadAllBytes(Path.Combine(folder, "binance_fix_logon_with_sofh.bin"));
        logon[0] += 4;
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("logons.bin"), [.. logon, 0, 0, 0, 0, .. logon, 1, 2, 3, 0]);
        using var run = CliRun.ToEnd(
            out var exitCode, "dump", "--json", "--schema", Path.Combine(folder, "schemas", "spot-fixsbe-1_1.xml"),
            directory.File("logons.bin"));
        Assert.Equal(0, exitCode);
        var lines = Lines(run);
        Assert.False(lines[0].TryGetProperty("unread", out _));
        Assert.Equal("01020300", lines[1].GetProperty("unread").GetString());
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public void A_capture_of_heartbeats_holds_no_message()
    {
        using var run = Dump(
            "schemas/Memx.Equities.MemoirDepth.Sbe.v1.3.xml",
            "omi_packets/Memx/Equities.MemiorDepth.v1.3/Heartbeat.pcap",
            "--json");
        Assert.Equal(ExitCode.Success, run.WaitForExit());
        Assert.Empty(run.Out);
        Assert.Contains("holds heartbeats and no message", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    /// <summary>The lines of stdout, each one JSON object.</summary>
    internal static List<JsonElement> Lines(CliRun run) =>
        [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>A file of the shared data.</summary>
    internal static string Need(string path)
    {
        var found = Captures.Find(path);
        if (found is null)
            Assert.Skip($"'{path}' is not here.");
        return found;
    }

    private static CliRun Dump(string schema, string capture, params string[] options) =>
        CliRun.Start(["dump", "--schema", Need(schema), Need(capture), .. options]);
}
