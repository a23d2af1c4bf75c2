using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Feeds.Readers;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Verify;

public sealed class VerifyTests
{
    [Theory]
    [InlineData("lobster/AAPL_10_first_rows.zip", "bookRows", 998, 1)]
    [InlineData("lobster/LOBSTER_SampleFile_AAPL_2012-06-21_1.zip", "bookRows", 118_496, 1)]
    [InlineData("lobster/LOBSTER_SampleFile_AMZN_2012-06-21_1.zip", "bookRows", 57_514, 1)]
    [InlineData("lobster/LOBSTER_SampleFile_AMZN_2012-06-21_5.zip", "bookRows", 155_934, 1)]
    [InlineData("cryptofeed/jsonl/KRAKEN.jsonl.zst", "checksums", 4269, 0)]
    [InlineData("cryptofeed/jsonl/OKX.jsonl.zst", "checksums", 290, 0)]
    [InlineData("binance_hftbacktest/usdm_btcusdt_20230404.dat.gz", "tickers", 4322, 0)]
    [InlineData("binance_hftbacktest/spot_btcusdt_20240808.gz", "sequence", 3450, 1)]
    [InlineData("binance_hftbacktest/cm_btcusd_perp_20240808.gz", "sequence", 26_846, 1)]
    [InlineData("binance_hftbacktest/usdm_ethusdt_20240719.gz", "sequence", 5655, 1)]
    [InlineData("cme_mdp3/Cme.Mdp3.Sbe.v8.1.Example.pcap", "sequence", 6156, 0)]
    [InlineData("deribit_sbe/pcaps/sample_capture_v1_6.pcapng", "tickers", 1275, null)]
    public void The_truth_inside_a_capture_agrees_with_the_rebuilt_books(
        string file, string kind, long equal, int? notComparable)
    {
        using var run = CliRun.ToEnd(out var exitCode, "verify", FeedRoom.Data(file.Split('/')), "--json");

        Assert.Equal(ExitCode.Success, exitCode);
        var result = run.Json.GetProperty(kind);
        Assert.Equal(equal, result.GetProperty("equal").GetInt64());
        Assert.Equal(equal, result.GetProperty("checked").GetInt64());
        Assert.Equal(0, result.GetProperty("different").GetInt64());
        Assert.Equal(0, run.Json.GetProperty("refused").GetInt64());
        if (notComparable is { } count)
        {
            Assert.Equal(count, result.GetProperty("notComparable").GetInt64());
        }
    }

    [Theory]
    [InlineData("_orderbook_", 500, "row 500")]
    [InlineData("_message_", 700, "row 700")]
    public void One_altered_quantity_of_a_book_file_is_found_and_its_row_named(string part, int line, string place)
    {
        using var directory = new TemporaryDirectory();
        using var archive = ZipFile.OpenRead(FeedRoom.Data("lobster", "AAPL_10_first_rows.zip"));
        var path = "";
        foreach (var entry in archive.Entries)
        {
            path = directory.File(entry.Name);
            entry.ExtractToFile(path);
            if (entry.Name.Contains(part, StringComparison.Ordinal))
            {
                var lines = File.ReadAllLines(path);
                var field = part == "_orderbook_" ? 1 : 3;
                lines[line - 1] = Alter(lines[line - 1], field);
                File.WriteAllLines(path, lines);
            }
        }

        using var run = CliRun.ToEnd(out var exitCode, "verify", path, "--json");

        Assert.Equal(ExitCode.Failed, exitCode);
        var rows = run.Json.GetProperty("bookRows");
        Assert.InRange(rows.GetProperty("different").GetInt64(), 1, 2);
        Assert.Contains(place, rows.GetProperty("firstDifference").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_altered_quantity_of_a_recording_breaks_its_checksums_and_the_line_is_named()
    {
        using var directory = new TemporaryDirectory();
        using var input = new ZstdSharp.DecompressionStream(
            File.OpenRead(FeedRoom.Data("cryptofeed", "jsonl", "OKX.jsonl.zst")));
        using var text = new StreamReader(input);
        var lines = text.ReadToEnd().Split('\n');
        var at = Array.FindIndex(lines, line => line.Contains("\\\"action\\\":\\\"update", StringComparison.Ordinal));
        var asks = lines[at].IndexOf("\\\"asks\\\":[[\\\"", StringComparison.Ordinal);
        var size = lines[at].IndexOf("\\\",\\\"", asks, StringComparison.Ordinal) + 5;
        lines[at] = lines[at].Insert(size, "7");
        File.WriteAllText(directory.File("altered.jsonl"), string.Join('\n', lines));

        using var run = CliRun.ToEnd(out var exitCode, "verify", directory.File("altered.jsonl"), "--json");

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.StartsWith(
            $"line {at + 1} ",
            run.Json.GetProperty("checksums").GetProperty("firstDifference").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Several_files_come_out_under_files()
    {
        var path = FeedRoom.Data("lobster", "AAPL_10_first_rows.zip");
        using var run = CliRun.ToEnd(out var exitCode, "verify", path, path, "--json");

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(
            [998, 998],
            run.Json.GetProperty("files").EnumerateArray()
                .Select(file => file.GetProperty("bookRows").GetProperty("equal").GetInt64()));
        Assert.Equal(JsonValueKind.Number, run.Json.GetProperty("elapsedSeconds").ValueKind);
    }

    [Fact]
    public void All_of_the_shared_captures_are_read_or_named_and_nothing_differs()
    {
        var folder = Path.GetDirectoryName(FeedRoom.Data("README.md"))!;
        using var run = CliRun.ToEnd(out var exitCode, "verify", folder, "--json");

        Assert.True(exitCode == ExitCode.Success, run.Error);
        var files = run.Json.GetProperty("files").EnumerateArray().ToList();
        Assert.Equal(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count(), files.Count);
        // Documents and schemas, and one file of version 0 without a record.
        Assert.All(
            files.Where(file => file.TryGetProperty("skipped", out _)),
            file => Assert.Matches(
                "(README.md|[.]xml|ohlcv-1d.dbz)$", file.GetProperty("file").GetString()));
        Assert.True(files.Count(file => file.TryGetProperty("skipped", out _)) < 60);
        var orders = files.Single(file => file.GetProperty("file").GetString()!.Contains("20231225"))
            .GetProperty("orders");
        Assert.Equal((0, 0),
            (orders.GetProperty("different").GetInt64(), orders.GetProperty("notComparable").GetInt64()));
        Assert.True(orders.GetProperty("equal").GetInt64() > 30_000);
    }

    [Fact]
    public void A_file_that_is_no_capture_is_one_line_and_the_others_are_verified()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("notes.md"), "# hello\n");
        var capture = FeedRoom.Data("lobster", "AAPL_10_first_rows.zip");

        using var run = CliRun.ToEnd(out var exitCode, "verify", directory.File("notes.md"), capture, "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Single(run.ErrorLines, line => line.Contains("notes.md: passed over: at byte 0: is no capture (text"));
        Assert.Equal(998, run.Json.GetProperty("files")[1].GetProperty("bookRows").GetProperty("equal").GetInt64());

        using var missing = CliRun.ToEnd(out exitCode, "verify", directory.File("absent"), capture, "--json");
        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Equal(998, missing.Json.GetProperty("files")[1].GetProperty("bookRows").GetProperty("equal").GetInt64());

        using var nothing = CliRun.ToEnd(
            out exitCode, "verify", directory.File("notes.md"), directory.File("notes.md"), "--json");
        Assert.Equal(ExitCode.Failed, exitCode);
    }

    [Theory]
    [InlineData("obanalytics/2015-05-01.log.xz", "42f1eb480d12d017a0c1cdcacc7bdc6914762ab1dd25d562269434130a78f72c")]
    [InlineData("obanalytics/orders.csv.xz", "e81db20914865332fde4c9fd22f7c23e7d173dd9735f293ad264b451b4ea2772")]
    public void Xz_is_unpacked_to_the_bytes_that_another_unpacker_finds(string file, string sha)
    {
        using var packed = File.OpenRead(FeedRoom.Data(file.Split('/')));
        using var stream = Unpackers.Open(Packing.Xz, packed)!;
        Assert.Equal(sha, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    [Fact]
    public void Progress_tells_how_far_how_fast_and_how_long_still()
    {
        Assert.Equal("7 packets, 3/s  a.gz", ReadProgress.Text("a.gz", 7, 3, 0, 5));
        Assert.Equal(" 25 %, 1,000 packets, 500/s, 0:00:15 left  a.gz",
            ReadProgress.Text("a.gz", 1000, 500, 0.25, 5));
    }

    private static string Alter(string line, int field)
    {
        var fields = line.Split(',');
        fields[field] = (long.Parse(fields[field]) + 1).ToString();
        return string.Join(',', fields);
    }
}
