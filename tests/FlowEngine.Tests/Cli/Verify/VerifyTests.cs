using System.IO.Compression;
using System.Text.Json;
using FlowEngine.Cli.Frame;
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

    private static string Alter(string line, int field)
    {
        var fields = line.Split(',');
        fields[field] = (long.Parse(fields[field]) + 1).ToString();
        return string.Join(',', fields);
    }
}
