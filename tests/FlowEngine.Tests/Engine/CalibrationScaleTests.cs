using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Known truth through the pipeline: impact kernel (M8), excitation at two scales (L2), legs that go together
/// (F9).</summary>
public sealed class CalibrationScaleTests
{
    private const long Bid = 10_000_000;

    private static readonly EngineOptions s_full = new()
    {
        RingCapacity = 16384,
        InstrumentCapacity = 4,
        SignalSet = SignalSets.Full,
    };

    [Fact]
    public void A_kernel_put_into_the_market_is_found_and_tells_what_is_left_of_the_trades()
    {
        double[] truth = [200, 0, 100, 0, 40, 0];
        using var tape = new CalibrationTape(s_full);
        var random = new Random(21);
        var trades = new List<(double Root, long Ns)>();
        tape.Snapshot(Bid, Bid + 1, 1, 1000);
        var bid = Bid;

        // Trade by trade, as the formula has it, but for those of which nothing is left.
        double Left(long nowNs)
        {
            var left = 0.0;
            for (var k = 0; k < KernelGrid.Terms; k += 2)
            {
                var tauNs = KernelGrid.TausSeconds[k] * 1e9;
                for (var i = trades.Count - 1; i >= 0 && trades[i].Ns > nowNs - (20 * tauNs); i--)
                {
                    left += truth[k] * trades[i].Root * Math.Exp((trades[i].Ns - nowNs) / tauNs);
                }
            }

            return left;
        }

        long Quote(long from, long to)
        {
            if (from != to)
            {
                tape.Move([(Side.Bid, from), (Side.Ask, from + 1)], to, 1000, 1000);
            }

            return to;
        }

        for (var i = 0; i < 1_500; i++)
        {
            for (var quotes = random.Next(1, 40); quotes > 0; quotes--)
            {
                tape.PassSeconds(0.005);
                bid = Quote(bid, Bid + (long)Math.Round(Left(tape.NowNs)));
            }

            tape.PassSeconds(0.005);
            var side = Math.Sin(tape.NowNs / 30e9) + (2 * random.NextDouble()) > 1 ? Side.Buy : Side.Sell;
            var lots = random.Next(1, 50);
            trades.Add((side == Side.Buy ? Math.Sqrt(lots) : -Math.Sqrt(lots), tape.NowNs));
            tape.Trade(side, side == Side.Buy ? bid + 1 : bid, lots);
            bid = Quote(bid, Bid + (long)Math.Round(Left(tape.NowNs)));
        }

        tape.PassSeconds(61);
        var kernel = tape.Parameters.ImpactKernel;
        var weights = kernel.Weights;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"version {kernel.Version}: {string.Join(' ', weights[..].ToArray())}, {kernel.Explained}");
        Assert.True(kernel.Version > 1, $"{kernel.Version}");
        for (var k = 0; k < truth.Length; k++)
        {
            Assert.Equal(truth[k], kernel.Weights[k], 0.04 * truth.Sum());
        }

        // Another trade, and time enough for the second to close on it.
        tape.Trade(Side.Buy, bid + 1, 900);
        trades.Add((30, tape.NowNs));
        tape.PassSeconds(1.05);
        var told = tape.Pipeline.State.CatalogueOf(0).PriceImpact;
        Assert.Equal((uint)tape.Parameters.VersionOf(ParameterKind.ImpactKernel), told.KernelVersion);
        Assert.Equal(Left(tape.Pipeline.State.SignalsOf(0).NowNs), told.TransientQuanta, 0.04 * 30 * truth.Sum());
    }

    [Fact]
    public void A_rate_that_rose_is_told_from_events_that_breed_by_the_second_scale()
    {
        using var tape = new CalibrationTape(new EngineOptions
        {
            RingCapacity = 16384,
            InstrumentCapacity = 4,
            Calibration = new CalibrationOptions { HawkesEvents = 4000 },
        });
        var random = new Random(22);
        tape.Snapshot(Bid, Bid + 1, 5, 1000);

        // Nothing breeds: half a sell a second for a quarter of an hour, then five a second for seven minutes.
        Sell(tape, random, 0.5, 900);
        Sell(tape, random, 5, 420);
        tape.PassSeconds(1);
        tape.Calibrate();
        var (all, recent) = (tape.Parameters.SellHawkes, tape.Parameters.RecentSellHawkes);
        TestContext.Current.TestOutputHelper!.WriteLine($"all {all.BranchingRatio}: {all}");
        TestContext.Current.TestOutputHelper!.WriteLine($"recent {recent.BranchingRatio}: {recent}");
        Assert.True(all.Version > 0 && recent.Version > 0);
        Assert.True(all.BranchingRatio > 0.5, $"{all.BranchingRatio}");
        Assert.True(recent.BranchingRatio < all.BranchingRatio - 0.4, $"{recent.BranchingRatio}");

        // What drifts is slower than anything tried.
        Assert.True(HawkesFit.IsAtBound(all.Decay));
    }

    [Fact]
    public void Legs_that_go_together_are_found_to_and_scale_the_score_where_that_is_asked_for()
    {
        var table = new InstrumentTable(1);
        Assert.True(CalibrationTape.Define(table));
        var calibrator = new Calibrator(table, new EngineOptions { InstrumentCapacity = 1 });
        var random = new Random(23);
        for (var i = 0; i < 2_000; i++)
        {
            // Legs 0 and 1 are one, leg 2 is against them, the others have nothing to do with each other.
            PerLeg legs = default;
            for (var leg = 0; leg < PerLeg.Count; leg++)
            {
                legs[leg] = (2 * random.NextDouble()) - 1;
            }

            (legs[1], legs[2]) = (legs[0], -legs[0]);
            calibrator.Take(new CalibrationSample
            {
                Kind = SampleKind.Legs,
                TimeNs = (i + 1) * 10 * CalibrationTape.Second,
                Legs = legs,
                ValidLegs = 0x7F,
            });
        }

        calibrator.Begin(20_000 * CalibrationTape.Second);
        var parameters = new SetParameters(1);
        while (calibrator.SolveNext() is { } run)
        {
            Assert.Equal(ParameterKind.LegCorrelation, run.Kind);
            Assert.True(parameters.Apply(run.Kind, run.Version, run.Values));
        }

        double[] c = parameters.LegCorrelation.ToArray();
        Assert.Equal(1, c[1], 6);
        Assert.Equal(-1, c[2], 6);
        Assert.Equal(-1, c[9], 6);
        Assert.InRange(c[(3 * 7) + 4], -0.15, 0.15);
        Assert.Equal(0, calibrator.Skipped);
    }

    [Fact]
    public void A_score_asked_to_go_by_correlation_does_once_it_is_known()
    {
        var (plain, scaled) = (Score(false), Score(true));
        Assert.Equal((0u, 1.0), (plain.CorrelationVersion, plain.Composite.Scale));
        Assert.Equal(1u, scaled.CorrelationVersion);

        // All pairs go together by a quarter.
        Assert.Equal(plain.Composite.Raw * scaled.Composite.Scale, scaled.Composite.Raw, 9);
        Assert.InRange(scaled.Composite.Scale, 1.2, 2);
        Assert.NotEqual(0, plain.Composite.Raw);

        static ScoreValues Score(bool byCorrelation)
        {
            using var tape = new CalibrationTape(new EngineOptions
            {
                RingCapacity = 16384,
                InstrumentCapacity = 4,
                Sets = new SetOptions { ScoreByCorrelation = byCorrelation },
            });
            var pairs = new double[SetParameters.CountOf(ParameterKind.LegCorrelation)];
            Array.Fill(pairs, 0.25);
            tape.Snapshot(Bid, Bid + 1, 5, 1000);
            Assert.True(tape.Parameters.Apply(ParameterKind.LegCorrelation, 1, pairs));
            for (var i = 1; i < 60; i++)
            {
                tape.Trade(i % 3 == 0 ? Side.Buy : Side.Sell, i % 3 == 0 ? Bid + 1 : Bid, i);
                tape.Level(Side.Bid, Bid - (i % 4), 1000 + (i * 37 % 500));
                tape.PassSeconds(0.3);
            }

            return tape.Pipeline.State.SetOf(0).Score;
        }
    }

    private static void Sell(CalibrationTape tape, Random random, double perSecond, double seconds)
    {
        var endNs = tape.NowNs + (long)(seconds * CalibrationTape.Second);
        while (tape.NowNs < endNs)
        {
            tape.PassSeconds(-Math.Log(1 - random.NextDouble()) / perSecond);
            tape.Trade(Side.Sell, Bid, 1);
        }
    }
}
