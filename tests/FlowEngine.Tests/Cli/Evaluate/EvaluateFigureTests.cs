using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace FlowEngine.Tests.Cli.Evaluate;

/// <summary>The figures that independent readers found, through the command.</summary>
public sealed class EvaluateFigureTests
{
    private static readonly long[] s_applesFirst = [-1050, -3265, 306, -14, -817, -1199, 357, 240, -10778, -1072];

    [Theory]
    [InlineData("LOBSTER_SampleFile_AAPL_2012-06-21_1.zip", "AAPL", -218_913, 0.5093, 0.005111)]
    [InlineData("LOBSTER_SampleFile_AMZN_2012-06-21_1.zip", "AMZN", -64_089, 0.5253, null)]
    [InlineData("LOBSTER_SampleFile_AMZN_2012-06-21_5.zip", "AMZN", -64_089, 0.5253, null)]
    public void A_day_of_rows_has_the_flow_and_explains_prices_as_independent_readers_found(
        string file, string symbol, long total, double r2, double? slope)
    {
        JsonElement result = Evaluate("lobster", file);
        Assert.Equal(symbol, result.GetProperty("symbol").GetString());
        Assert.Equal(total, result.GetProperty("ofiTotal").GetInt64());
        Assert.Equal((13, 2340), (Whole(result, "windows"), Whole(result, "intervals")));
        Assert.Equal(r2, result.GetProperty("r2Mean").GetDouble(), 4);
        Assert.InRange(result.GetProperty("predictiveR2Mean").GetDouble(), 0, 0.05);
        if (slope is { } expected)
        {
            Assert.Equal(expected, result.GetProperty("slopeMean").GetDouble(), 6);
            Assert.Equal(
                s_applesFirst, result.GetProperty("firstIntervals").EnumerateArray().Select(value => value.GetInt64()));
        }
    }

    [Theory]
    [InlineData("bac_20131007_quote.zip", 0.686, 4.64e-6)]
    [InlineData("bac_20131008_quote.zip", 0.700, 4.27e-6)]
    [InlineData("ibm_20131007_quote.zip", 0.691, 1.71e-3)]
    [InlineData("ibm_20131008_quote.zip", 0.613, 1.67e-3)]
    [InlineData("aig_20131007_quote.zip", 0.756, 2.05e-4)]
    public void A_day_of_national_quotes_explains_prices_as_independent_readers_found(
        string file, double r2, double slope)
    {
        JsonElement result = Evaluate("lean_equity_tick", file);
        Assert.Equal(13, Whole(result, "windows"));
        Assert.Equal(r2, result.GetProperty("r2Mean").GetDouble(), 3);
        Assert.InRange(result.GetProperty("slopeMean").GetDouble() / slope, 0.9975, 1.0025);
    }

    [Fact]
    public void Quotes_and_trades_of_a_day_side_by_side_are_one_file_with_markouts()
    {
        using var run = CliRun.ToEnd(
            out var exitCode, "evaluate", FeedRoom.Data("lean_equity_tick", "ibm_20131007_quote.zip"),
            FeedRoom.Data("lean_equity_tick", "ibm_20131007_trade.zip"), "--signals", "ofi,pressure", "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        JsonElement result = Assert.Single(
            Assert.Single(run.Json.GetProperty("files").EnumerateArray()).GetProperty("instruments").EnumerateArray());
        Assert.Equal(0.691, result.GetProperty("r2Mean").GetDouble(), 3);
        Assert.InRange(result.GetProperty("trades").GetInt64(), 20_000, 24_293);
        JsonElement[] markouts = [.. result.GetProperty("markouts").EnumerateArray()];
        Assert.Equal(["10ms", "100ms", "1s", "10s", "60s"], markouts.Select(m => m.GetProperty("horizon").GetString()));
        Assert.Equal(
            ["ofi", "pressure"],
            result.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("name").GetString()));
    }

    [Fact]
    public void Scores_by_regime_add_up_to_the_score_of_all()
    {
        JsonElement result = Evaluate("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip");
        var split = 0;
        foreach (JsonElement horizon in result.GetProperty("signals").EnumerateArray()
            .SelectMany(signal => signal.GetProperty("horizons").EnumerateArray()))
        {
            if (!horizon.TryGetProperty("regimes", out JsonElement regimes))
            {
                continue;
            }

            split++;
            Assert.Equal(Whole(horizon, "pairs"), regimes.EnumerateArray().Sum(regime => Whole(regime, "pairs")));
            foreach (var name in (string[])["hits", "count"])
            {
                Assert.Equal(
                    Whole(horizon.GetProperty("hits"), name),
                    regimes.EnumerateArray().Sum(regime => Whole(regime.GetProperty("hits"), name)));
            }
        }

        Assert.True(split > 0);
    }

    [Fact]
    public async Task The_parquet_table_has_the_cells_of_the_text_one()
    {
        using var folder = new TemporaryDirectory();
        using var run = CliRun.ToEnd(
            out var exitCode, "evaluate", FeedRoom.Data("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_1.zip"),
            "--parquet", folder.File("parquet"), "--csv", folder.File("csv"));
        Assert.Equal(ExitCode.Success, exitCode);
        var cancel = TestContext.Current.CancellationToken;
        string[] lines = await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(folder.File("csv"))), cancel);
        await using var reader = await ParquetReader.CreateAsync(
            Assert.Single(Directory.GetFiles(folder.File("parquet"))), cancellationToken: cancel);
        string[][] columns = await Task.WhenAll(reader.Schema.DataFields.Select(field => Cells(reader, field)));
        Assert.Equal(lines[0].Split(','), reader.Schema.DataFields.Select(field => field.Name));
        Assert.Equal(
            lines.Skip(1), Enumerable.Range(0, 2340).Select(i => string.Join(',', columns.Select(cells => cells[i]))));
    }

    [Fact]
    public void The_page_needs_nothing_else_and_the_table_has_every_interval()
    {
        using var folder = new TemporaryDirectory();
        using var run = CliRun.ToEnd(
            out var exitCode, "evaluate", FeedRoom.Data("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_1.zip"),
            "--html", folder.File("page.html"), "--csv", folder.File("signals"));
        Assert.Equal(ExitCode.Success, exitCode);
        var page = XDocument.Parse(File.ReadAllText(folder.File("page.html")).Replace(
            "<!DOCTYPE html>", "", StringComparison.Ordinal).Replace(
                "<meta charset=\"utf-8\">", "", StringComparison.Ordinal));
        string[] titles = [.. page.Descendants("text").Where(text => (string?)text.Attribute("class") == "title")
            .Select(text => text.Value.Split(':')[0])];
        Assert.Equal(
            [
                "Mid", "Sell pressure (F9)", "Order flow imbalance and the move of its interval", "Impact curve",
                "Depth law",
            ],
            titles);
        Assert.DoesNotContain("NaN", page.ToString(), StringComparison.Ordinal);
        Assert.Empty(page.Descendants("script").Concat(page.Descendants("link")).Concat(page.Descendants("img")));

        string[] lines = File.ReadAllLines(Assert.Single(Directory.GetFiles(folder.File("signals"))));
        Assert.Equal(1 + 2340, lines.Length);
        Assert.StartsWith("startNs,midTicks,nextMidTicks,ofi,", lines[0], StringComparison.Ordinal);
        Assert.Equal(-64_089, lines.Skip(1).Sum(line => long.Parse(line.Split(',')[3], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_depth_law_is_the_line_through_the_logarithms_of_the_windows()
    {
        JsonElement result = Evaluate("lean_equity_tick", "ibm_20131007_quote.zip");
        (double X, double Y)[] points =
        [
            .. result.GetProperty("perWindow").EnumerateArray().Select(window =>
                (Math.Log(window.GetProperty("depth").GetDouble()), Math.Log(window.GetProperty("slope").GetDouble()))),
        ];
        (double meanX, double meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        double xx = points.Sum(point => Math.Pow(point.X - meanX, 2));
        double yy = points.Sum(point => Math.Pow(point.Y - meanY, 2));
        double xy = points.Sum(point => (point.X - meanX) * (point.Y - meanY));
        JsonElement law = result.GetProperty("depthLaw");
        Assert.Equal(13, Whole(law, "windows"));
        Assert.Equal(-xy / xx, law.GetProperty("lambda").GetDouble(), 9);
        Assert.Equal(Math.Exp(meanY - (xy / xx * meanX)), law.GetProperty("c").GetDouble(), 9);
        Assert.Equal(xy * xy / (xx * yy), law.GetProperty("r2").GetDouble(), 9);
    }

    [Fact]
    public void The_depth_law_does_not_depend_on_levels_behind_the_touch()
    {
        JsonElement one = Evaluate("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_1.zip");
        JsonElement five = Evaluate("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip");
        Assert.Equal(one.GetProperty("depthLaw").GetRawText(), five.GetProperty("depthLaw").GetRawText());
        Assert.Equal(Whole(one, "touchChanges"), Whole(five, "touchChanges"));
    }

    [Fact]
    public void A_shuffled_signal_explains_nothing_and_the_same_seed_shuffles_alike()
    {
        JsonElement first = Signal(Evaluate("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_1.zip"));
        JsonElement second = Signal(Evaluate("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_1.zip"));
        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.InRange(first.GetProperty("r2").GetDouble(), 0.3, 0.8);
        Assert.InRange(first.GetProperty("shuffledR2").GetDouble(), 0, 0.01);
    }

    private static JsonElement Signal(JsonElement result) =>
        Assert.Single(result.GetProperty("signals").EnumerateArray());

    private static async Task<string[]> Cells(ParquetReader reader, DataField field)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var group = reader.OpenRowGroupReader(0);
        var rows = (int)group.RowCount;
        if (field.Name == "regime")
        {
            var texts = new string?[rows];
            await group.ReadAsync(field, texts.AsMemory(), cancellationToken: cancel);
            return [.. texts.Select(text => text ?? "")];
        }

        if (field.ClrType == typeof(long))
        {
            var wholes = new long?[rows];
            await group.ReadAsync<long>(field, wholes.AsMemory(), cancellationToken: cancel);
            return [.. wholes.Select(value => value?.ToString(CultureInfo.InvariantCulture) ?? "")];
        }

        var reals = new double?[rows];
        await group.ReadAsync<double>(field, reals.AsMemory(), cancellationToken: cancel);
        return [.. reals.Select(value => value?.ToString("R", CultureInfo.InvariantCulture) ?? "")];
    }

    private static JsonElement Evaluate(params string[] parts)
    {
        using var run = CliRun.ToEnd(
            out var exitCode, "evaluate", FeedRoom.Data(parts), "--signals", "ofi", "--interval", "10s", "--window",
            "30m", "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        return Assert.Single(
            Assert.Single(run.Json.GetProperty("files").EnumerateArray()).GetProperty("instruments").EnumerateArray());
    }

    private static int Whole(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
