using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Cost;

public sealed class CostTests
{
    // The fixture of signals.md as one row of LOBSTER, a tick being a cent.
    private const string Message = "34200.1,1,7,30,100000,1\n";
    private const string Asks = "1001x10 1003x20 1004x30 1005x60 1009x120";
    private const string Bids = "1000x30 999x50 997x40 996x80 993x100";

    [Fact]
    public void Sweeping_the_fixture_costs_what_the_worked_example_says()
    {
        using var folder = new TemporaryDirectory();
        JsonElement sold = Cost(Fixture(folder), "sell", "100");
        Assert.Equal(("REF", "sell", 10.005), (Text(sold, "symbol"), Text(sold, "side"), Number(sold, "mid")));
        Assert.Equal(9.995002, Number(sold, "spreadBps"), 6);
        AssertSweep(sold, 0, 10, 10, 0.5, 4.9975);
        AssertSweep(sold, 2, 50, 50, 0.9, 8.9955);
        AssertSweep(sold, 3, 100, 100, 1.6, 15.9920);
        AssertSweep(sold, 4, 200, 200, 2.95, 29.4853);
        Assert.Equal(9.989, Number(sold.GetProperty("sweep")[3], "vwap"), 9);
        Assert.Equal(9.97, Number(sold.GetProperty("sweep")[3], "worst"), 9);

        JsonElement bought = Cost(Fixture(folder), "buy", "200");
        AssertSweep(bought, 2, 100, 100, 3.4, 33.9830);
        AssertSweep(bought, 3, 200, 200, 5.55, 55.4723);
        AssertSweep(bought, 4, 400, 240, null, null);
        Assert.Equal(160, Number(bought.GetProperty("sweep")[4], "unfilled"));
        Assert.False(bought.TryGetProperty("optimal", out _), "one row has no volatility");
        Assert.Contains("no open interest", Text(bought.GetProperty("critical"), "why")!, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedules_of_a_real_moment_add_up_and_the_optimal_one_is_early()
    {
        JsonElement result = Cost(
            FeedRoom.Data("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip"), "sell", "503", "--at",
            "2012-06-21T14:00:00Z", "--risk-aversion", "1e-4");
        (JsonElement optimal, JsonElement straight) = (result.GetProperty("optimal"), result.GetProperty("straight"));
        double[] early = Slices(optimal);
        double[] even = Slices(straight);
        Assert.Equal((503.0, 503.0, 10), (early.Sum(), even.Sum(), early.Length));
        Assert.True(even.Max() - even.Min() <= 1, "equal slices differ by rounding alone");
        Assert.True(early[0] > early[^1], "who is averse to risk sells early");
        Assert.True(Number(optimal, "deviationBps") < Number(straight, "deviationBps"));
        Assert.True(Number(optimal, "expectedBps") > Number(straight, "expectedBps"));

        JsonElement inputs = result.GetProperty("inputs");
        // σ and V over the horizon instead of a second: the same figure.
        double root = Number(inputs, "volatilityBps") * Math.Sqrt(503 / (Number(inputs, "volumePerHour") / 12));
        Assert.Equal(root, Number(result, "squareRootBps"), 9);
        AssertPowerLaw(result);
    }

    [Fact]
    public void A_venue_that_tells_open_interest_has_a_map()
    {
        JsonElement result = Cost(
            FeedRoom.Data("deribit_sbe", "pcaps", "sample_capture_v1_6.pcapng"), "sell", "100000", "--symbol",
            "BTC-PERPETUAL");
        Assert.Contains(
            "of open interest that came", Text(result.GetProperty("critical"), "why")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--size is missing", "cost", "x")]
    [InlineData("--size is '-5'", "cost", "x", "--size=-5")]
    [InlineData("--side is 'short'", "cost", "x", "--size", "5", "--side", "short")]
    [InlineData("give one", "cost", "x", "y", "--size", "5")]
    public void A_bad_request_is_one_line(string said, params string[] args)
    {
        using var run = CliRun.ToEnd(out var exitCode, args);
        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Contains(said, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    // M8 without its exponentials: trade by trade, the scale over the root of the time since, from the file's lines.
    private static void AssertPowerLaw(JsonElement result)
    {
        const double Moment = 36_000;
        using var archive = ZipFile.OpenRead(
            FeedRoom.Data("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip"));
        using var reader = new StreamReader(archive.Entries.Single(entry => entry.Name.Contains("_message_")).Open());
        double scale = Number(result.GetProperty("inputs"), "impactTicks");
        double last = (result.GetProperty("timeNs").GetInt64() - 1_340_285_400_000_000_000) / 1e9 + 34_200;
        (double now, double later, double all, var trades) = (0, 0, 0, 0);
        while (reader.ReadLine()?.Split(',') is { } cells
            && double.Parse(cells[0], CultureInfo.InvariantCulture) is var time && time <= Moment)
        {
            double sign = cells[1] is "4" or "5" ? -int.Parse(cells[5], CultureInfo.InvariantCulture) : 0;
            double moved = scale * sign * Math.Sqrt(int.Parse(cells[3], CultureInfo.InvariantCulture));
            trades += sign != 0 ? 1 : 0;
            now += moved / Math.Sqrt(1 + last - time);
            later += moved / Math.Sqrt(1 + last - time + 300);
            all += Math.Abs(moved) / Math.Sqrt(1 + last - time);
        }

        Assert.Equal(trades, result.GetProperty("inputs").GetProperty("trades").GetInt32());

        // The sum of exponentials is within 0.82 % up to a hundred seconds and within 10 % up to half an hour.
        Assert.InRange(Number(result, "transientTicks") - now, -0.02 * all, 0.02 * all);
        Assert.InRange(Number(result, "transientAtHorizonTicks") - later, -0.05 * all, 0.05 * all);
    }

    private static void AssertSweep(
        JsonElement result, int place, double size, double filled, double? ticks, double? bps)
    {
        JsonElement line = result.GetProperty("sweep")[place];
        Assert.Equal((size, filled), (Number(line, "size"), Number(line, "filled")));
        if (ticks is { } expected)
        {
            Assert.Equal(expected, Number(line, "slippageTicks"), 9);
            Assert.Equal(bps!.Value, Number(line, "slippageBps"), 4);
        }
    }

    private static JsonElement Cost(string path, string side, string size, params string[] more)
    {
        string[] args = ["cost", path, "--side", side, "--size", size, "--json", .. more];
        using var run = CliRun.ToEnd(out var exitCode, args);
        Assert.True(exitCode == ExitCode.Success, run.Error);
        return run.Json;
    }

    private static string Fixture(TemporaryDirectory folder)
    {
        string name = Path.Combine(folder.Path, "REF_2012-06-21_34200000_57600000_message_5.csv");
        (int Price, int Lots)[] asks = Levels(Asks);
        (int Price, int Lots)[] bids = Levels(Bids);
        string row = string.Join(',', asks.Zip(bids, (ask, bid) =>
            $"{ask.Price * 100},{ask.Lots},{bid.Price * 100},{bid.Lots}"));
        File.WriteAllText(name, Message);
        File.WriteAllText(name.Replace("_message_", "_orderbook_", StringComparison.Ordinal), row + "\n");
        return name;
    }

    private static (int Price, int Lots)[] Levels(string text) =>
    [
        .. text.Split(' ').Select(level => level.Split('x'))
            .Select(parts => (int.Parse(parts[0]), int.Parse(parts[1]))),
    ];

    private static double[] Slices(JsonElement schedule) =>
        [.. schedule.GetProperty("slices").EnumerateArray().Select(slice => slice.GetDouble())];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
