using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>L1 to L4, L7, L8: what is forced, and how much of it feeds itself.</summary>
public class ReflexivityTests
{
    private static readonly HawkesParameters s_worked = new(1, 0.5, 0.8, 1.2);
    private static readonly double[] s_times = [0, 0.5, 0.7, 2.0];

    [Fact]
    public void Liquidation_rate_of_the_worked_example_is_8_968295()
    {
        var flow = new LiquidationFlow(new HalfLife(5 * HalfLifeOfTauSecondNs), new HalfLife(1800 * Second), 8);
        foreach ((long ms, long lots) in new[] { (0L, 5L), (500, 20), (600, 30), (2000, 4) })
        {
            flow.Add(-1, lots, 100 * lots, ms * 1_000_000);
            flow.Trade(-1, 2 * lots, ms * 1_000_000);
            flow.Trade(1, 7, ms * 1_000_000);
        }

        flow.Read(2 * Second, out LiquidationLines lines);
        Near(8.968295, lines.SoldPerSecond);
        Near(896.8295, lines.SoldNotionalPerSecond, 1e-4);
        Near(0.5, lines.SoldShare, 1e-12);
        Assert.Equal((0.0, 0.0), (lines.BoughtPerSecond, lines.BoughtShare));
        Near(59 / 2.0, lines.UsualPerSecond, 0.1);
    }

    [Fact]
    public void Fano_factor_of_the_worked_example_is_4_8()
    {
        var counts = new CountWindows(Second, 8);
        counts.Pass(0);
        int[] perSecond = [0, 1, 0, 6, 9, 4, 0, 0];
        for (int i = 0; i < 8; i++)
        {
            counts.Add(perSecond[i], i * Second + 5);
        }

        counts.Pass(8 * Second);
        Assert.Equal(ValidityFlags.None, counts.ReadFano(out double fano));
        Near(4.8, fano, 1e-12);
    }

    [Fact]
    public void Windows_are_those_of_a_list() => Gen.Select(
        Gen.Select(Gen.Long[0, 5], Gen.Frequency((9, Gen.Long[0, 2 * Second]), (1, Gen.Long[0, 90 * Second])))
            .Array[1, 40], Gen.Int[2, 12]).Sample((script, kept) =>
    {
        var counts = new CountWindows(Second, kept);
        counts.Pass(0);
        long now = 0;
        var perSecond = new Dictionary<long, long>();
        foreach ((long count, long dt) in script)
        {
            now += dt;
            counts.Add(count, now);
            perSecond[now / Second] = perSecond.GetValueOrDefault(now / Second) + count;
        }

        long last = now / Second;
        double[] list =
        [
            .. Enumerable.Range(0, (int)last).TakeLast(kept).Select(i => (double)perSecond.GetValueOrDefault(i)),
        ];
        Assert.Equal(list.Length, counts.Windows);
        double mean = list.DefaultIfEmpty(0).Average();
        Near(mean, counts.Mean, 1e-9);
        Near(list.Length > 1 ? list.Sum(x => (x - mean) * (x - mean)) / (list.Length - 1) : 0, counts.Variance, 1e-9);
    });

    [Fact]
    public void Bounds_of_the_worked_example_are_55_and_180()
    {
        LiquidationBounds bounds = LiquidationBounds.Of(20 + 30 + 5, -180, 400);
        Assert.Equal((55L, 180L), (bounds.LowerLots, bounds.UpperLots));
        Near(0.1375, bounds.LowerShare, 1e-12);
        Near(0.45, bounds.UpperShare, 1e-12);
        Assert.Equal(new LiquidationBounds(55, 55, 0, 0), LiquidationBounds.Of(55, 10, 0));
        Assert.Equal(9, LiquidationBounds.Of(5, long.MinValue, 9).UpperLots);
    }

    [Fact]
    public void Hawkes_of_the_worked_example()
    {
        var hawkes = new HawkesIntensity(s_worked);
        double[] before = [0.5, 0.939049, 1.474671, 0.872922];
        for (int i = 0; i < 4; i++)
        {
            long now = (long)Math.Round(s_times[i] * 1e9);
            Near(before[i], hawkes.At(now));
            hawkes.Add(now);
            hawkes.Add(now);
        }

        Assert.Equal(4, hawkes.Events);
        Near(0.853277, hawkes.At(3 * Second));
        Near(3.872269, hawkes.Compensator(3 * Second));
        Near(-4.375777, hawkes.LogLikelihood(3 * Second));
        Near(0.666667, hawkes.Parameters.BranchingRatio);
    }

    [Fact]
    public void Hawkes_goes_on_under_other_parameters()
    {
        var hawkes = new HawkesIntensity(s_worked);
        hawkes.Add(0);
        double before = (hawkes.At(Second) - 0.5) / 0.8;
        hawkes.Set(new HawkesParameters(2, 0.1, 0.4, 2), Second);
        Near(0.1 + 0.4 * before, hawkes.At(Second), 1e-12);
        double expected = 0.1 * 3 + 0.4 * before * (1 - Math.Exp(-6)) / 2;
        Near(expected, hawkes.Compensator(4 * Second), 1e-12);
        Near(1 - Math.Exp(-expected), hawkes.ProbabilityWithin(3, Second), 1e-12);
    }

    [Fact]
    public void Em_step_of_the_worked_example_raises_the_likelihood()
    {
        Near(-4.375777, HawkesFit.LogLikelihood(s_times, 3, 0.5, 0.8 / 1.2, 1.2));
        (double mu, double n) = HawkesFit.Step(s_times, 3, 0.5, 0.8 / 1.2, 1.2);
        Near(0.814767, mu);
        Near(0.437190, n);
        Near(-3.675192, HawkesFit.LogLikelihood(s_times, 3, mu, n, 1.2));
    }

    [Fact]
    public void Em_steps_never_lower_the_likelihood() => Gen.Select(
        Gen.Double[0.001, 2].Array[2, 40], Gen.Double[0.05, 3], Gen.Double[0.01, 0.99], Gen.Double[0.1, 20]).Sample(
        (gaps, mu, n, beta) =>
        {
            double[] times = [.. gaps.Select((_, i) => gaps.Take(i + 1).Sum())];
            double horizon = times[^1] + 0.5;
            double last = HawkesFit.LogLikelihood(times, horizon, mu, n, beta);
            for (int i = 0; i < 10; i++)
            {
                (mu, n) = HawkesFit.Step(times, horizon, mu, n, beta);
                double next = HawkesFit.LogLikelihood(times, horizon, mu, n, beta);
                Assert.True(next >= last - 1e-9, $"{next} after {last}");
                last = next;
            }
        });

    [Fact]
    public void Known_branching_ratio_is_found_within_its_interval()
    {
        foreach ((int seed, double ratio, double beta) in new[] { (1, 0.3, 2.0), (2, 0.6, 5.0), (3, 0.8, 10.0) })
        {
            double[] times = Thin(new Random(seed), 1, ratio, beta, 2_000);
            HawkesEstimate found = HawkesFit.Solve(5, times, times[^1])!.Value;
            TestContext.Current.TestOutputHelper!.WriteLine($"n {ratio}: {found}");

            // About √((1 - n²) / N) × 3 for n, some more for β off the grid.
            Near(ratio, found.Parameters.BranchingRatio, 0.1);
            Assert.InRange(found.Parameters.Decay / beta, 0.5, 2);
            Assert.True(found.KolmogorovP > 0.01, $"{found.KolmogorovP}");
            Assert.Equal((5L, 2_000), (found.Parameters.Version, found.Events));
            Assert.False(found.IsAtBound);
        }
    }

    [Fact]
    public void Decay_beyond_what_was_tried_is_said_to_be()
    {
        double[] times = Thin(new Random(6), 1, 0.6, 400, 2_000);
        HawkesEstimate wide = HawkesFit.Solve(1, times, times[^1])!.Value;
        HawkesEstimate narrow = HawkesFit.Solve(1, times, times[^1], 0.1, 100, 13)!.Value;
        TestContext.Current.TestOutputHelper!.WriteLine($"{wide}, up to 100/s: {narrow}");
        Assert.InRange(wide.Parameters.Decay, 250, 650);
        Assert.Equal((false, true), (wide.IsAtBound, narrow.IsAtBound));
        Assert.Equal(100, narrow.Parameters.Decay, 6);
        Assert.True(wide.LogLikelihood > narrow.LogLikelihood);
        Assert.False(HawkesFit.IsAtBound(wide.Parameters.Decay));
        Assert.True(HawkesFit.IsAtBound(HawkesFit.SlowestDecay) && HawkesFit.IsAtBound(HawkesFit.FastestDecay));
    }

    [Fact]
    public void Wrong_model_fails_its_test_of_fit_and_few_events_give_none()
    {
        double[] times = Thin(new Random(4), 1, 0.8, 10, 2_000);
        Assert.True(HawkesFit.KolmogorovP(times, new HawkesParameters(1, 2000 / times[^1], 0, 1)) < 1e-6);
        Assert.Null(HawkesFit.Solve(1, [1, 1, 1, 2, 3, 4, 5, 6, 7, 8], 9));
    }

    [Fact]
    public void Branching_ratio_of_the_worked_example_is_0_543262()
    {
        Assert.Equal(ValidityFlags.None, BranchingRatio.Of(7, 33.555556, out double ratio));
        Near(0.543262, ratio);
        var branching = new BranchingRatio(Second, 40);
        branching.Pass(0);
        int[] counts = [3, 5, 2, 14, 9, 4, 3, 20, 6, 4];
        for (int i = 0; i < 10; i++)
        {
            for (int j = 0; j < counts[i]; j++)
            {
                branching.Add(i * Second + j);
            }
        }

        branching.Pass(10 * Second);
        Assert.Equal(ValidityFlags.None, branching.Read(out ratio, out _, out _));
        Near(0.543262, ratio);
    }

    [Fact]
    public void Even_counts_have_no_branching()
    {
        double[] counts = [5, 6, 5, 7, 5, 6];
        double mean = counts.Average();
        double variance = counts.Sum(x => (x - mean) * (x - mean)) / 5;
        Assert.Equal(ValidityFlags.LowSamples, BranchingRatio.Of(mean, variance, out double ratio));
        Assert.Equal(0, ratio);
    }

    [Fact]
    public void Branching_without_a_fit_agrees_with_the_process()
    {
        double[] times = Thin(new Random(11), 2, 0.6, 5, 20_000);
        var branching = new BranchingRatio(10 * Second, 2_000);
        foreach (double t in times)
        {
            branching.Add((long)(t * 1e9));
        }

        Assert.Equal(ValidityFlags.None, branching.Read(out double ofShort, out double ofMiddle, out double ofLong));
        TestContext.Current.TestOutputHelper!.WriteLine($"0.6: {ofShort:F3} {ofMiddle:F3} {ofLong:F3}");
        Near(0.6, ofShort, 0.08);
        Near(0.6, ofMiddle, 0.12);
    }

    [Fact]
    public void Spectral_radius_of_the_worked_example_is_0_7()
    {
        Near(0.7, BranchingRatio.SpectralRadius(0.4, 0.3, 0.5, 0.2), 1e-12);
        Near(0.5, BranchingRatio.SpectralRadius(0.5, 0, 0.9, 0.2), 1e-12);
    }

    [Fact]
    public void Open_interest_of_the_worked_example()
    {
        var flow = new OpenInterestFlow(10 * Second, 32);
        Assert.Equal(ValidityFlags.LowSamples, flow.Read(60 * Second, 0, out OpenInterestChange change));
        flow.Add(125_000, 2001, 0);
        Assert.Equal(ValidityFlags.LowSamples, flow.Read(60 * Second, 0, out change));
        flow.Add(120_000, 1999, 30 * Second);
        flow.Add(118_500, 1991, 60 * Second);
        Assert.Equal(ValidityFlags.None, flow.Read(60 * Second, 90 * Second, out change));
        Assert.Equal((-6_500L, -10L), (change.Lots, change.Mid2Change));
        Near(-0.052, change.Share, 1e-12);
        Assert.Equal(PositionFlow.LongsUnwinding, change.Flow);
        Assert.Equal(ValidityFlags.Stale, flow.Read(20 * Second, 91 * Second, out change));
        Assert.Equal(-1_500, change.Lots);
        OpenInterestFlow.Ratio(125_000, 480_000, out double leverage);
        OpenInterestFlow.Ratio(125_000, 3_100, out double depth);
        Near(0.260417, leverage);
        Near(40.322581, depth);
        Assert.Equal(ValidityFlags.LowSamples, OpenInterestFlow.Ratio(1, 0, out _));
    }

    [Theory]
    [InlineData(5, -1, PositionFlow.NewShorts)]
    [InlineData(-5, -1, PositionFlow.LongsUnwinding)]
    [InlineData(-5, 1, PositionFlow.ShortsCovering)]
    [InlineData(5, 1, PositionFlow.NewLongs)]
    [InlineData(0, 1, PositionFlow.None)]
    [InlineData(5, 0, PositionFlow.None)]
    public void Quadrants(long openInterest, long price, PositionFlow expected) =>
        Assert.Equal(expected, OpenInterestFlow.Classify(openInterest, price));

    [Fact]
    public void Basis_and_funding_of_the_worked_example()
    {
        Assert.True(Basis.TryBps(996, 1000, out double bps));
        Near(-40, bps, 1e-12);
        Near(-32.85, Funding.Annualised(-0.03, 8), 1e-12);
        Assert.Equal(0, Funding.Annualised(1, 0));
        var funding = new Funding(new HalfLife(1_000_000 * Second));
        Assert.Equal(ValidityFlags.LowSamples, funding.Read(0, out _));
        funding.Set(996, 1000, 0);
        funding.Set(1000, 0, Second);
        funding.Set(1004, 1000, 5 * Second);
        Assert.Equal(ValidityFlags.None, funding.Read(8 * Second, out double premium));
        Near((-40 + 3 * 40) / 4.0, premium, 1e-3);
    }

    [Fact]
    public void Episode_keeps_its_record_and_shows_its_cues()
    {
        var episode = new CascadeEpisode(
            new HalfLife(5 * HalfLifeOfTauSecondNs), new HalfLife(60 * HalfLifeOfTauSecondNs));
        Assert.Equal(ExhaustionCues.None, episode.Follow(2000, default, 1));
        Assert.Equal(ValidityFlags.LowSamples, episode.ReadAcceleration(1, out _));
        episode.Begin(-1, 20_000, Second);
        episode.Liquidated(-1, 40, Second);
        episode.Liquidated(1, 99, Second);
        episode.AllowFor(500);
        Assert.Equal(ValidityFlags.None, episode.ReadAcceleration(Second, out double acceleration));
        Near(12, acceleration, 1e-6);
        episode.Follow(19_800, new EpisodeInputs(100, 0.5, 0.2, -80, 1.5), 2 * Second);
        ExhaustionCues cues = episode.Follow(19_600, new EpisodeInputs(90, 0.5, 0.2, -120, 1.5), 3 * Second);
        Assert.Equal(ExhaustionCues.None, cues);
        cues = episode.Follow(19_700, new EpisodeInputs(20, 1.5, -0.2, -60, 0.5), 4 * Second);
        Assert.Equal(
            ExhaustionCues.RateFell | ExhaustionCues.Refilling | ExhaustionCues.MakersBack
                | ExhaustionCues.BasisTurning | ExhaustionCues.LoopOpen,
            cues);
        episode.End(5 * Second);
        Assert.False(episode.IsOpen);
        episode.Follow(19_800, default, 9 * Second);
        EpisodeRecord record = episode.Record;
        Assert.Equal((100.0, 40L, 500L), (record.PeakRate, record.LowerLots, record.UpperLots));
        Near(200, record.DropBps, 1e-9);
        Assert.Equal((3 * Second, 9 * Second), (record.ExtremeNs, record.HalfBackNs));
        Assert.Equal(6 * Second, record.RecoveryHalfLifeNs);
    }

    // Ogata's thinning: candidates at the intensity of the moment after the last one, kept by the true one's share.
    private static double[] Thin(Random dice, double mu, double ratio, double beta, int count)
    {
        var times = new List<double>();
        double t = 0;
        double excitation = 0;
        while (times.Count < count)
        {
            double most = mu + ratio * beta * excitation;
            double wait = -Math.Log(1 - dice.NextDouble()) / most;
            t += wait;
            excitation *= Math.Exp(-beta * wait);
            if (dice.NextDouble() * most <= mu + ratio * beta * excitation)
            {
                times.Add(t);
                excitation++;
            }
        }

        return [.. times];
    }
}
