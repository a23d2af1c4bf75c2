using System.Globalization;
using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Evaluate;

/// <summary>The liquidations of 27 January 2025, 16:50 to 17:20 UTC, against the table's own lines.</summary>
public sealed class LiquidationStudyTests
{
    private const long StartMs = 1_737_996_600_000;
    private const long LengthMs = 1_800_000;

    [Fact]
    public void Rate_evenness_and_branching_of_the_burst_are_those_of_the_lines()
    {
        string path = FeedRoom.Data("binance_liquidations", "paulius_2025-01_forceorder.csv");
        using var run = CliRun.ToEnd(
            out var exitCode, "evaluate", path, FeedRoom.Data("binance_liquidations", "paulius_2025-01_bigtrades.csv"),
            "--from", "2025-01-27T16:50:00Z", "--to", "2025-01-27T17:20:00Z", "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        JsonElement found = Assert.Single(run.Json.GetProperty("files").EnumerateArray()).GetProperty("liquidations");

        // A row that comes twice is one order; its worth is quantity times price.
        (long Ms, bool Sold, double Worth)[] orders =
        [
            .. File.ReadLines(path).Distinct().Select(line => line.Split(','))
                .Select(cells => (Whole(cells[10]), cells[1] == "SELL", Number(cells[4]) * Number(cells[5])))
                .Where(order => order.Item1 is >= StartMs and < StartMs + LengthMs),
        ];
        Assert.Equal(orders.Length, found.GetProperty("orders").GetInt64());
        Assert.Equal(
            orders.Where(order => order.Sold).Sum(order => order.Worth), found.GetProperty("sold").GetDouble(), 1e-3);
        Assert.Equal(Ratio(Counts(orders, 1000)), found.GetProperty("fano").GetDouble(), 9);
        Assert.Equal(
            1 - (1 / Math.Sqrt(Ratio(Counts(orders, 10_000)))), found.GetProperty("branching10s").GetDouble(), 9);
        Assert.Equal(
            1 - (1 / Math.Sqrt(Ratio(Counts(orders, 40_000)))), found.GetProperty("branching40s").GetDouble(), 9);

        JsonElement[] minutes = [.. found.GetProperty("minutes").EnumerateArray()];
        Assert.Equal(
            Counts(orders, 60_000), minutes.Select(minute => minute.GetProperty("orders").GetDouble()).ToArray());
        JsonElement busiest = found.GetProperty("busiestMinute");
        Assert.Equal("2025-01-27T16:54:00Z", busiest.GetProperty("time").GetString());
        Assert.Equal((224, "Cascading"), (busiest.GetProperty("orders").GetInt32(), Regime(busiest)));
        Assert.NotEqual("Cascading", Regime(minutes[^1]));
        AssertBetterThanPoisson(found.GetProperty("hawkes"), orders);
    }

    [Fact]
    public void Of_a_longer_recording_the_day_around_the_busiest_minute_is_told()
    {
        string path = FeedRoom.Data("binance_liquidations", "paulius_2025-01_forceorder.csv");
        using var run = CliRun.ToEnd(out var exitCode, "evaluate", path, "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        JsonElement found = Assert.Single(run.Json.GetProperty("files").EnumerateArray()).GetProperty("liquidations");
        Assert.Equal(1842, found.GetProperty("orders").GetInt32());
        Assert.InRange(found.GetProperty("minutes").GetArrayLength(), 720, 1440);
        JsonElement busiest = found.GetProperty("busiestMinute");
        Assert.Equal(
            ("2025-01-27T16:54:00Z", 224),
            (busiest.GetProperty("time").GetString(), busiest.GetProperty("orders").GetInt32()));
    }

    private static void AssertBetterThanPoisson(JsonElement fit, (long Ms, bool Sold, double Worth)[] orders)
    {
        double[] times = [.. orders.Select(order => (order.Ms - StartMs) / 1000.0).Distinct().Order()];
        (double mu, double alpha, double beta) =
            (Value(fit, "base"), Value(fit, "jump"), Value(fit, "decay"));
        double horizon = LengthMs / 1000.0;
        double likelihood = -mu * horizon;
        for (int i = 0; i < times.Length; i++)
        {
            double intensity = mu + times.Take(i).Sum(before => alpha * Math.Exp(-beta * (times[i] - before)));
            likelihood += Math.Log(intensity) - (alpha / beta * (1 - Math.Exp(-beta * (horizon - times[i]))));
        }

        double poisson = (times.Length * Math.Log(times.Length / horizon)) - times.Length;
        Assert.Equal(times.Length, fit.GetProperty("moments").GetInt32());
        Assert.True(likelihood > poisson + 100, $"{likelihood} is not far above {poisson}");
        Assert.InRange(Value(fit, "branchingRatio"), 0.5, 1);
        Assert.Equal(beta is < 0.1000001 or > 9_999.9, fit.GetProperty("atBound").GetBoolean());
    }

    private static double[] Counts((long Ms, bool Sold, double Worth)[] orders, int windowMs)
    {
        double[] counts = new double[LengthMs / windowMs];
        foreach ((long ms, _, _) in orders)
        {
            counts[(ms - StartMs) / windowMs]++;
        }

        return counts;
    }

    private static double Ratio(double[] counts)
    {
        double mean = counts.Average();
        return counts.Sum(count => (count - mean) * (count - mean)) / (counts.Length - 1) / mean;
    }

    private static string? Regime(JsonElement minute) => minute.GetProperty("regime").GetString();

    private static double Value(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
