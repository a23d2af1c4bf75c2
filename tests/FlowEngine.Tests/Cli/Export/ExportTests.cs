using System.Globalization;
using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Export;

public sealed class ExportTests
{
    private static string Capture => FeedRoom.Data("deribit_sbe", "pcaps", "sample_capture_v1_6.pcapng");

    [Fact]
    public void Every_signal_message_is_a_row_and_says_what_explain_says()
    {
        using var folder = new TemporaryDirectory();
        JsonElement result = Export(folder, Capture);
        Dictionary<string, long> rows = result.GetProperty("tables").EnumerateArray().ToDictionary(
            table => table.GetProperty("message").GetString()!, table => table.GetProperty("rows").GetInt64());
        using var replay = CliRun.ToEnd(out _, "replay", Capture, "--json");
        long evaluated = replay.Json.GetProperty("evaluated").GetInt64();
        Assert.Equal(evaluated, rows.Values.Sum());
        Assert.Equal(rows["topOfBook"], rows["pressure"]);

        string[] lines = Lines(folder, "sellPressure");
        Assert.Equal(1 + rows["sellPressure"], lines.Length);
        string[] names = lines[0].Split(',');
        string[] row = lines.Skip(1).Select(line => line.Split(',')).Last(cells => Cell(names, cells, "raw") != "0");
        using var explain = CliRun.ToEnd(
            out var exitCode, "explain", Capture, "--seq", Cell(names, row, "eventSequence"), "--symbol",
            Cell(names, row, "symbol"), "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        JsonElement fields = explain.Json.GetProperty("published").EnumerateArray()
            .Single(message => message.GetProperty("name").GetString() == "sellPressure").GetProperty("fields");
        Assert.Equal(fields.GetProperty("score").GetDouble(), Number(names, row, "score"));
        Assert.Equal(fields.GetProperty("regime").GetString(), Cell(names, row, "regime"));
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(
                fields.GetProperty("contributions")[i].GetDouble(), Number(names, row, $"contributions{i + 1}"));
        }
    }

    [Fact]
    public void Null_is_an_empty_cell_and_only_what_was_asked_for_is_written()
    {
        using var folder = new TemporaryDirectory();
        Export(folder, Capture, "--messages", "topOfBook", "--symbol", "BTC-PERPETUAL");
        string[] lines = Lines(folder, "topOfBook");
        Assert.Single(Directory.GetFiles(folder.File("tables")));
        string[] names = lines[0].Split(',');
        Assert.All(lines.Skip(1), line => Assert.Equal("BTC-PERPETUAL", line.Split(',')[0]));
        Assert.Contains(lines.Skip(1), line => Cell(names, line.Split(','), "lastTradePrice").Length == 0);
        Assert.Contains(lines.Skip(1), line => Cell(names, line.Split(','), "lastTradePrice").Length > 0);
    }

    [Fact]
    public void What_cannot_be_exported_is_told_in_a_line()
    {
        using var folder = new TemporaryDirectory();
        using var none = CliRun.ToEnd(out var missing, "export", Capture);
        Assert.Equal(ExitCode.BadUsage, missing);
        using var unknown = CliRun.ToEnd(out var wrong, "export", Capture, "--to", folder.File("t"), "--messages", "x");
        Assert.Equal(ExitCode.BadUsage, wrong);
        using var nobody = CliRun.ToEnd(out var empty, "export", Capture, "--to", folder.File("t"), "--symbol", "x");
        Assert.Equal(ExitCode.Failed, empty);
        Assert.Empty(Directory.GetFiles(folder.File("t")));
    }

    private static JsonElement Export(TemporaryDirectory folder, string file, params string[] more)
    {
        using var run = CliRun.ToEnd(
            out var exitCode, ["export", file, "--to", folder.File("tables"), "--json", .. more]);
        Assert.Equal(ExitCode.Success, exitCode);
        return run.Json.Clone();
    }

    private static string[] Lines(TemporaryDirectory folder, string message) =>
        File.ReadAllLines(folder.File(Path.Combine("tables", $"sample_capture_v1_6.{message}.csv")));

    private static string Cell(string[] names, string[] cells, string name) => cells[Array.IndexOf(names, name)];

    private static double Number(string[] names, string[] cells, string name) =>
        double.Parse(Cell(names, cells, name), CultureInfo.InvariantCulture);
}
