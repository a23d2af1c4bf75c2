using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Explain;

public sealed class ExplainTests
{
    private const string Moment = "2012-06-21T13:35:00Z";

    private static string Equities => FeedRoom.Data("lobster", "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip");

    private static string Options => FeedRoom.Data("deribit_sbe", "pcaps", "sample_capture_v1_6.pcapng");

    [Fact]
    public void The_legs_of_a_score_add_up_to_it_one_by_one_and_together()
    {
        JsonElement result = Explain(Equities, "--at", Moment);
        JsonElement score = Message(result, "sellPressure");
        JsonElement fields = score.GetProperty("fields");
        JsonElement[] legs = [.. score.GetProperty("legs").EnumerateArray()];
        Assert.Equal(7, legs.Length);
        double raw = 0;
        for (int i = 0; i < legs.Length; i++)
        {
            double contribution = Number(legs[i], "contribution");
            raw += contribution;
            Assert.Equal(fields.GetProperty("contributions")[i].GetDouble(), contribution, 1e-12);
            Assert.Equal(fields.GetProperty("deviations")[i].GetDouble(), Number(legs[i], "z"), 1e-12);
            if (legs[i].TryGetProperty("usual", out JsonElement usual))
            {
                // From the leg's own figures, without the engine's arithmetic.
                double z = (Number(legs[i], "value") - usual.GetDouble()) / Number(legs[i], "deviation");
                Assert.Equal(Math.Clamp(z, -4, 4) * Number(legs[i], "weight"), contribution, 1e-12);
            }
        }

        Assert.Equal(Number(fields, "raw"), raw, 1e-12);
        Assert.Equal(Number(fields, "score"), 100 * Math.Tanh(raw / 2), 1e-9);
        Assert.True(Math.Abs(raw) > 0.01, "a score of nothing proves nothing");

        // No venue of equities tells of liquidations: the leg says why it is silent, and the rest makes up for it.
        Assert.Contains("liquidated", legs[6].GetProperty("why").GetString()!, StringComparison.Ordinal);
        Assert.Equal(0.9, Number(fields, "coverage"), 1e-12);
        Assert.Equal(1, legs.Sum(leg => Number(leg, "weight")), 1e-12);
        Assert.Equal(Number(legs[0], "value"), -Number(fields, "integratedOfi"));
    }

    [Fact]
    public void The_order_flow_is_what_the_books_before_and_after_say()
    {
        JsonElement result = Explain(Equities, "--at", "2012-06-21T13:31:00Z");
        JsonElement pressure = Message(result, "pressure");
        JsonElement flow = pressure.GetProperty("flow");
        Assert.Equal("Stepped", flow.GetProperty("step").GetString());
        var (before, after) = (result.GetProperty("before"), result.GetProperty("after"));
        decimal bid = Term(Best(before, "bids"), Best(after, "bids"), rises: true);
        decimal ask = -Term(Best(before, "asks"), Best(after, "asks"), rises: false);
        Assert.Equal((bid, ask), (flow.GetProperty("bid").GetDecimal(), flow.GetProperty("ask").GetDecimal()));
        Assert.Equal(bid + ask, pressure.GetProperty("fields").GetProperty("ofiEvent").GetDecimal());

        JsonElement touch = Message(result, "topOfBook").GetProperty("fields");
        Assert.Equal(Best(after, "bids").Size, touch.GetProperty("bidLots").GetDecimal());
        Assert.Equal(5, after.GetProperty("asks").GetArrayLength());
        JsonElement last = result.GetProperty("events").EnumerateArray().Last();
        Assert.Equal(result.GetProperty("sequence").GetInt64(), last.GetProperty("sequence").GetInt64());
        Assert.Contains("EndOfEvent", last.GetProperty("flags").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_and_the_number_it_leads_to_explain_the_same()
    {
        JsonElement byTime = Explain(Options, "--at", "2023-06-15T19:43:45Z", "--symbol", "BTC-PERPETUAL");
        JsonElement byNumber = Explain(Options, "--seq", byTime.GetProperty("sequence").GetRawText());
        Assert.Equal(byTime.GetRawText(), byNumber.GetRawText());
        Assert.Equal("BTC-PERPETUAL", byNumber.GetProperty("symbol").GetString());
        foreach (JsonElement message in byNumber.GetProperty("published").EnumerateArray())
        {
            JsonElement origin = message.GetProperty("fields").GetProperty("provenance");
            Assert.Equal(byTime.GetProperty("sequence").GetInt64(), origin.GetProperty("eventSequence").GetInt64());
        }
    }

    [Fact]
    public void An_event_without_values_is_told_with_the_nearest_that_have()
    {
        using var run = CliRun.ToEnd(
            out int exitCode, "explain", Options, "--seq", "20000", "--instrument", "BTC-PERPETUAL");
        Assert.Equal(ExitCode.Failed, exitCode);
        string line = Assert.Single(run.ErrorLines);
        Assert.Contains("nothing was published of BTC-PERPETUAL for event 20000", line, StringComparison.Ordinal);
        string[] nearest = line[(line.IndexOf("have are ", StringComparison.Ordinal) + 9)..].Split(" and ");
        Assert.True(long.Parse(nearest[0]) < 20_000 && long.Parse(nearest[1]) > 20_000, line);
        foreach (string sequence in nearest)
        {
            Explain(Options, "--seq", sequence, "--symbol", "BTC-PERPETUAL");
        }
    }

    [Fact]
    public void People_see_names_values_and_meanings()
    {
        using var run = CliRun.ToEnd(out int exitCode, "explain", Equities, "--at", Moment);
        Assert.True(exitCode == ExitCode.Success, run.Error);
        foreach (string said in (string[])["bids before (Live)", "ofiNormalised", "order flow (Stepped)", "raw",
            "Volume imbalance (B1) over the best level", "liquidations", "score = 100 tanh(raw / 2)"])
        {
            Assert.Contains(said, run.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ExitCode.BadUsage, "which event?", "explain", "x")]
    [InlineData(ExitCode.BadUsage, "exclude each other", "explain", "x", "--seq", "1", "--at", "2")]
    [InlineData(ExitCode.BadUsage, "give one", "explain", "x", "y", "--seq", "1")]
    public void A_bad_request_is_one_line(int expected, string said, params string[] args)
    {
        using var run = CliRun.ToEnd(out int exitCode, args);
        Assert.Equal(expected, exitCode);
        Assert.Contains(said, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_file_does_not_reach_is_told_with_how_far_it_goes()
    {
        using var run = CliRun.ToEnd(out int exitCode, "explain", Options, "--seq", "99999999");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("has no event 99999999, only 0 to ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    // F1's term of one side, by the paper: what came to the better or equal price less what was there.
    private static decimal Term((decimal Price, decimal Size) before, (decimal Price, decimal Size) after, bool rises)
    {
        bool better = rises ? after.Price >= before.Price : after.Price <= before.Price;
        bool worse = rises ? after.Price <= before.Price : after.Price >= before.Price;
        return (better ? after.Size : 0) - (worse ? before.Size : 0);
    }

    private static (decimal Price, decimal Size) Best(JsonElement book, string side)
    {
        JsonElement best = book.GetProperty(side)[0];
        return (best.GetProperty("price").GetDecimal(), best.GetProperty("size").GetDecimal());
    }

    private static JsonElement Message(JsonElement result, string name) =>
        result.GetProperty("published").EnumerateArray()
            .First(message => message.GetProperty("name").GetString() == name);

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static JsonElement Explain(string path, params string[] more)
    {
        using var run = CliRun.ToEnd(out int exitCode, ["explain", path, "--json", .. more]);
        Assert.True(exitCode == ExitCode.Success, run.Error);
        return run.Json;
    }
}
