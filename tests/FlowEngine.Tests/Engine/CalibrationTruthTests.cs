using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Known truth through the pipeline: what was put into the market comes out as parameters.</summary>
public sealed class CalibrationTruthTests
{
    private const long Bid = 10_000;

    [Fact]
    public void Weights_point_where_the_flow_of_the_levels_does()
    {
        int[] direction = [80, 70, 60, 50, 40, 30, 20, 10, 5, 2];
        using var tape = new CalibrationTape();
        var random = new Random(11);
        tape.Snapshot(Bid, Bid + 1, 10, 100_000);
        Assert.Equal(0u, tape.Parameters.VersionOf(ParameterKind.OfiWeights));
        for (var second = 0; second < 240; second++)
        {
            var push = random.Next(-100, 101);
            for (var level = 0; level < 10; level++)
            {
                var lots = 100_000 + push * direction[level] + random.Next(-100, 101);
                tape.Level(Side.Bid, Bid - level, lots, isEnd: level == 9);
            }

            tape.PassSeconds(1);
        }

        var weights = tape.Parameters.OfiWeights;
        var told = Enumerable.Range(0, 10).Select(level => weights.Weights[level].ToString("F4"));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"version {weights.Version}: {string.Join(' ', told)}");
        for (var level = 0; level < 10; level++)
        {
            Assert.Equal((double)direction[level] / direction.Sum(), weights.Weights[level], 0.005);
        }

        Assert.True(weights.Version >= 3, $"{weights.Version}");
        Assert.Equal(weights.Version, tape.Pipeline.State.SetOf(0).Estimates.WeightsVersion);
        Assert.Equal((0L, 0L), (tape.Pipeline.Status.ParametersRefused, tape.Pipeline.Status.SamplesDropped));
    }

    [Theory]
    [InlineData(1, 0.3, 2.0)]
    [InlineData(2, 0.6, 5.0)]
    [InlineData(3, 0.8, 10.0)]
    public void Sells_that_breed_sells_are_told_from_buys_that_do_not(int seed, double ratio, double beta)
    {
        using var tape = new CalibrationTape();
        var random = new Random(seed);
        var sells = Thin(random, 1, ratio, beta, 2_400);
        var buys = Thin(random, 2, 0, 1, (int)(2 * sells[^1]));
        tape.Snapshot(Bid, Bid + 1, 5, 1000);
        var startNs = tape.NowNs;
        foreach (var (seconds, side) in sells.Select(t => (t, Side.Sell)).Concat(buys.Select(t => (t, Side.Buy)))
            .OrderBy(trade => trade.Item1))
        {
            tape.PassTo(startNs + (long)(seconds * 1e9));
            tape.Trade(side, side == Side.Sell ? Bid : Bid + 1, 1);
        }

        tape.PassSeconds(61);
        var parameters = tape.Parameters;
        TestContext.Current.TestOutputHelper!.WriteLine($"n {ratio}: {parameters.SellHawkes}, {parameters.BuyHawkes}");
        Assert.True(parameters.SellHawkes.Version > 1);

        // About √((1 - n²) / N) × 3, some more for β off the grid.
        Assert.Equal(ratio, parameters.SellHawkes.BranchingRatio, 0.1);
        Assert.InRange(parameters.SellHawkes.Decay / beta, 0.5, 2);
        Assert.InRange(parameters.BuyHawkes.BranchingRatio, 0, 0.15);
        Assert.Equal(2, parameters.BuyHawkes.Base, 0.3);
    }

    [Fact]
    public void Tables_of_the_touch_are_those_of_fits_that_saw_every_event()
    {
        using var tape = new CalibrationTape();
        var random = new Random(5);
        var microprice = new MicropriceFit(SetParameters.MicropriceBuckets, SetParameters.MicropriceSpreads, 1);
        var queue = new QueueImbalanceFit(2048);
        var bid = Bid;
        var behind = 0L;
        tape.Snapshot(bid, bid + 1, 1, 50);
        var touch = new TouchState(bid, 50, bid + 1, 50);
        microprice.Add(touch);
        queue.Add(touch);
        for (var i = 0; i < 8_000; i++)
        {
            switch (random.Next(10))
            {
                case 0:
                    // A queue near its end mostly goes: then the touch moves by a tick, both queues anew.
                    var next = bid + (random.Next((int)(touch.BidLots + touch.AskLots)) < touch.BidLots ? 1 : -1);
                    touch = new TouchState(next, random.Next(1, 100), next + 1, random.Next(1, 100));
                    (Side, long)[] old = [(Side.Bid, bid), (Side.Ask, bid + 1)];
                    tape.Move(behind > 0 ? [.. old, (Side.Ask, behind)] : old, next, touch.BidLots, touch.AskLots);
                    bid = next;
                    behind = 0;
                    break;
                case < 4:
                    touch = touch with { BidLots = random.Next(1, 100) };
                    tape.Level(Side.Bid, bid, touch.BidLots);
                    break;
                case < 7:
                    // An event behind the touch, which leaves it as it was.
                    behind = bid + 9;
                    tape.Level(Side.Ask, behind, random.Next(1, 100));
                    break;
                default:
                    touch = touch with { AskLots = random.Next(1, 100) };
                    tape.Level(Side.Ask, bid + 1, touch.AskLots);
                    break;
            }

            microprice.Add(touch);
            queue.Add(touch);
            tape.PassSeconds(0.01);
        }

        // One more touch, so that the repeats of the last one are told too.
        tape.Level(Side.Bid, bid, 500);
        microprice.Add(touch with { BidLots = 500 });
        queue.Add(touch with { BidLots = 500 });
        tape.PassSeconds(61);
        var expected = microprice.Solve(9)!;
        var found = tape.Parameters.Microprice!;
        Assert.Equal(expected.Visits.ToArray(), found.Visits.ToArray());
        Assert.Equal(expected.Adjustments.ToArray(), found.Adjustments.ToArray());
        Assert.Contains(found.Visits.ToArray(), visits => visits > 200);
        Assert.True(queue.Samples > 500, $"{queue.Samples}");
        Assert.Equal(queue.Solve(9).Slope, tape.Parameters.QueueImbalance.Slope);
    }

    [Fact]
    public void A_queue_that_foretells_its_move_is_found_to_do_so()
    {
        const double slope = 3;
        using var tape = new CalibrationTape();
        var random = new Random(6);
        var bid = Bid;
        tape.Snapshot(bid, bid + 1, 1, 50);
        var rho = 0.0;
        for (var i = 0; i < 3_000; i++)
        {
            // The queues right after a move decide where the next one goes.
            var next = bid + (random.NextDouble() < 1 / (1 + Math.Exp(-slope * rho)) ? 1 : -1);
            var (bidLots, askLots) = (random.Next(1, 100), random.Next(1, 100));
            tape.Move([(Side.Bid, bid), (Side.Ask, bid + 1)], next, bidLots, askLots);
            tape.PassSeconds(0.03);
            rho = (double)(bidLots - askLots) / (bidLots + askLots);
            bid = next;
        }

        tape.PassSeconds(61);
        var weights = tape.Parameters.QueueImbalance;
        TestContext.Current.TestOutputHelper!.WriteLine($"{weights}");
        Assert.True(weights.Version > 1);
        Assert.Equal(0, weights.Constant);
        Assert.Equal(slope, weights.Slope, 0.4);
    }

    [Fact]
    public void A_day_has_its_volume_and_each_hour_its_season()
    {
        var table = new InstrumentTable(1);
        Assert.True(CalibrationTape.Define(table));
        var calibrator = new Calibrator(table, new EngineOptions { InstrumentCapacity = 1 });

        // Monday 2023-11-13 00:00 UTC and on: ten lots a minute, forty at noon.
        const long monday = 1_699_833_600L * CalibrationTape.Second;
        const long minuteNs = 60 * CalibrationTape.Second;
        for (var minute = 0; minute < 27 * 60; minute++)
        {
            var hour = minute / 60 % 24;
            calibrator.Take(new CalibrationSample
            {
                Kind = SampleKind.Trades,
                TimeNs = monday + minute * minuteNs,
                Sold = hour == 12 ? 40 : 10,
            });
        }

        calibrator.Begin(monday + 27 * 60 * minuteNs);
        double day = 0;
        double[] season = [];
        while (calibrator.SolveNext() is { } run)
        {
            day = run.Kind == ParameterKind.DayVolume ? run.Values[0] : day;
            season = run.Kind == ParameterKind.VolumeSeason ? run.Values.ToArray() : season;
            Assert.Equal(1u, run.Version);
        }

        Assert.Equal(23 * 600 + 2400, day);

        // The first hour was not watched from before its start: 01:00 to 23:00 and two of the next day are known.
        var mean = (24 * 600.0 + 2400) / 25;
        Assert.Equal((1.0, 600 / mean, 2400 / mean), (season[0], season[1], season[12]));
        Assert.Equal((600 / mean, 600 / mean, 1.0), (season[24], season[25], season[26]));
    }

    [Fact]
    public void Toxicity_takes_a_fiftieth_of_the_day_once_that_is_known()
    {
        using var tape = new CalibrationTape();
        tape.Snapshot(Bid, Bid + 1, 5, 1000);
        tape.PassSeconds(2);
        Assert.Equal(0, tape.Pipeline.State.SetOf(0).Estimates.VpinBucketLots);
        Assert.True(tape.Parameters.Apply(ParameterKind.DayVolume, 1, [7200]));
        tape.Trade(Side.Buy, Bid + 1, 1);
        tape.PassSeconds(1.5);
        Assert.Equal(7200 / 50, tape.Pipeline.State.SetOf(0).Estimates.VpinBucketLots, 9);
    }

    // Ogata's thinning.
    private static double[] Thin(Random random, double mu, double ratio, double beta, int count)
    {
        var times = new double[count];
        double now = 0;
        double excitation = 0;
        for (var i = 0; i < count;)
        {
            var bound = mu + ratio * beta * excitation;
            var wait = -Math.Log(1 - random.NextDouble()) / bound;
            now += wait;
            excitation *= Math.Exp(-beta * wait);
            if (random.NextDouble() * bound <= mu + ratio * beta * excitation)
            {
                times[i++] = now;
                excitation++;
            }
        }

        return times;
    }
}
