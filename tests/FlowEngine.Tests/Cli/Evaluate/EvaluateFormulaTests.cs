using CsCheck;
using FlowEngine.Cli.Evaluate;
using FlowEngine.Cli.Frame;
using FlowEngine.Signals;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Evaluate;

/// <summary>V1 and V2 by their worked examples, and what the command says to bad input.</summary>
public sealed class EvaluateFormulaTests
{
    private static readonly double[] s_x = [10, -20, 5, 15, -8, -12];
    private static readonly double[] s_y = [.5, -1.5, .5, 1, 0, -.5];

    [Fact]
    public void The_same_interval_and_the_next_are_explained_as_in_the_worked_example()
    {
        Assert.Equal(0.908884, LinearFit.Of(s_x, s_y)!.Value.RSquared, 6);
        Assert.Equal(0.082969, LinearFit.Of(s_x.AsSpan(..5), s_y.AsSpan(1..))!.Value.RSquared, 6);
    }

    [Fact]
    public void A_sell_at_999_with_the_mid_at_1000_and_a_half_is_marked_out_as_in_the_worked_example()
    {
        var markouts = new TradeMarkouts(tickQuanta: 10);
        markouts.Add(-1, 9990, 7, new TouchState(10_000, 1, 10_010, 1), 0);
        markouts.Settle(new TouchState(9990, 1, 10_000, 1), 11_000_000);
        markouts.Settle(new TouchState(9983, 1, 9993, 1), 101_000_000);
        markouts.Settle(new TouchState(9996, 1, 10_006, 1), 1_001_000_000);
        MarkoutResult[] results = [.. markouts.Read().Take(3)];
        double[] mids = [1.0, 1.7, 0.4];
        double[] prices = [-0.5, 0.2, -1.1];
        for (int i = 0; i < results.Length; i++)
        {
            Assert.Equal(1, results[i].Trades);
            Assert.Equal(mids[i], results[i].Mid!.Value, 9);
            Assert.Equal(prices[i], results[i].Price!.Value, 9);
            Assert.Equal(mids[i], results[i].MidByLots!.Value, 9);
        }
    }

    [Fact]
    public void Eight_hits_of_ten_lie_in_the_interval_of_Wilson()
    {
        HitRate hits = HitRate.Of(
            [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, double.NaN], [1, 2, 3, 1, 2, 3, 1, 2, -1, -1, 1, 1]);
        Assert.Equal((8, 10), (hits.Hits, hits.Count));
        Assert.Equal(0.4902, hits.Low!.Value, 4);
        Assert.Equal(0.9433, hits.High!.Value, 4);
        Assert.Equal(0.8, hits.Base!.Value, 9);
    }

    [Fact]
    public void A_shuffle_keeps_the_values_and_obeys_its_seed() =>
        Gen.Select(Gen.Double.Array[0, 50], Gen.Long).Sample((values, seed) =>
        {
            double[] shuffled = Shuffle.Of(values, seed);
            Assert.Equal(values.Order(), shuffled.Order());
            Assert.Equal(shuffled, Shuffle.Of(values, seed));
        });

    [Fact]
    public void A_depth_law_is_found_where_there_is_one()
    {
        DepthLaw law = Scorecard.LawOf(Enumerable.Range(1, 13).Select(i =>
            new WindowResult(0.5, 0.5 / Math.Pow(100 * i, 0.9), null, null, 100 * i)))!;
        Assert.Equal((0.5, 0.9, 1.0, 13),
            (Math.Round(law.C, 9), Math.Round(law.Lambda, 9), Math.Round(law.R2, 9), law.Windows));
    }

    [Theory]
    [InlineData("--signals", "ofi,wonder", "use ofi, mlofi")]
    [InlineData("--interval", "ten", "use a time from 1ms")]
    [InlineData("--window", "15s", "no whole number of intervals")]
    public void A_bad_option_is_one_line_that_says_what_to_do(string option, string value, string said)
    {
        using var run = CliRun.ToEnd(out var exitCode, "evaluate", "nothing.zip", option, value);
        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Contains(said, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void An_instrument_that_is_not_there_is_told()
    {
        using var run = CliRun.ToEnd(
            out var exitCode, "evaluate", FeedRoom.Data("lobster", "AAPL_10_first_rows.zip"), "--symbol", "NONE");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("of 'NONE'", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
