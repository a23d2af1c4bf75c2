using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>The blocks that signals.md 0.6 reuses: moments, regression, rate, histogram.</summary>
public class DecayBlockTests
{
    [Fact]
    public void Moments_of_the_worked_example_are_4_then_1_2_and_0_585()
    {
        var moments = new DecayedMoments(1, 0.25);
        Near(4, moments.Standardise(3, 0.1), 1e-12);
        moments.Add(3, 0.1);
        Near(1.2, moments.Mean, 1e-12);
        Near(0.585, moments.Variance, 1e-12);
    }

    [Fact]
    public void Moments_are_those_of_weighted_samples() =>
        Gen.Select(Gen.Double[-10, 10].Array[2, 30], Gen.Double[0.01, 0.9]).Sample((xs, a) =>
        {
            DecayedMoments moments = default;
            foreach (double x in xs)
            {
                moments.Add(x, a);
            }

            double[] weights = [.. xs.Select((_, i) => (i == 0 ? 1 : a) * Math.Pow(1 - a, xs.Length - 1 - i))];
            double mean = xs.Zip(weights, (x, w) => x * w).Sum();
            double variance = xs.Zip(weights, (x, w) => w * (x - mean) * (x - mean)).Sum();
            return Math.Abs(moments.Mean - mean) < 1e-9 && Math.Abs(moments.Variance - variance) < 1e-9;
        });

    [Fact]
    public void Regression_is_that_of_weighted_samples() =>
        Gen.Select(
            Gen.Select(Gen.Double[-9, 9], Gen.Double[-9, 9]).Array[3, 30], Gen.Double[0.01, 0.5]).Sample((xy, a) =>
        {
            DecayedRegression regression = default;
            foreach ((double x, double y) in xy)
            {
                regression.Add(x, y, a);
            }

            double[] w = [.. xy.Select((_, i) => (i == 0 ? 1 : a) * Math.Pow(1 - a, xy.Length - 1 - i))];
            double mx = xy.Zip(w, (p, k) => p.Item1 * k).Sum();
            double my = xy.Zip(w, (p, k) => p.Item2 * k).Sum();
            double cov = xy.Zip(w, (p, k) => k * (p.Item1 - mx) * (p.Item2 - my)).Sum();
            double var = xy.Zip(w, (p, k) => k * (p.Item1 - mx) * (p.Item1 - mx)).Sum();
            return Math.Abs(regression.Covariance - cov) < 1e-9 && Math.Abs(regression.Variance - var) < 1e-9;
        });

    [Fact]
    public void Regression_without_variance_says_low_samples()
    {
        DecayedRegression regression = default;
        Assert.Equal(ValidityFlags.LowSamples, regression.Fit.Flags);
        for (int i = 0; i < 100; i++)
        {
            regression.Add(3, i, 0.05);
        }

        Assert.Equal((0, ValidityFlags.LowSamples), (regression.Fit.Slope, regression.Fit.Flags));
    }

    [Fact]
    public void Intensity_of_the_worked_example_is_1_125584_then_0_876605()
    {
        var rate = new DecayedRate(new HalfLife(2 * HalfLifeOfTauSecondNs));
        rate.Add(1, 0);
        rate.Add(1, Second);
        rate.Add(1, 1_500_000_000);
        Near(1.125584, rate.Raw(1_500_000_000));
        Near(0.876605, rate.Raw(2 * Second));
        Assert.Equal(ValidityFlags.Warmup, rate.Read(2 * Second, out double corrected));
        Near(0.876605 / (1 - Math.Exp(-1)), corrected, 1e-6);
    }

    [Fact]
    public void A_steady_rate_is_told_right_from_the_start() => Gen.Double[0.5, 200].Sample(perSecond =>
    {
        var rate = new DecayedRate(new HalfLife(HalfLifeOfTauSecondNs));
        long step = (long)(Second / perSecond);
        rate.Start(0);
        long now = 0;
        for (int i = 1; now < 12 * Second; i++)
        {
            now = i * step;
            rate.Add(1, now);
            ValidityFlags flags = rate.Read(now + step / 2, out double seen);

            // Half a step after an event the sawtooth is at its mean.
            Assert.Equal(now + step / 2 > 5 * 1.0000001 * Second, flags == ValidityFlags.None);
            if (now > 2 * Second && perSecond > 20)
            {
                Assert.True(Math.Abs(seen / perSecond - 1) < 0.02, $"{seen} of {perSecond}");
            }
        }
    }, iter: 50);

    [Fact]
    public void Quantiles_are_within_a_bucket_of_sorted_samples() =>
        Gen.Select(Gen.Double[1, 100_000].Array[1, 200], Gen.Double[0.01, 0.99]).Sample((xs, share) =>
        {
            var histogram = new DecayedHistogram(1, new HalfLife(long.MaxValue / 4));
            for (int i = 0; i < xs.Length; i++)
            {
                histogram.Add(xs[i], i);
            }

            int rank = (int)Math.Ceiling(share * xs.Length - 1e-9) - 1;
            double exact = xs.Order().ElementAt(Math.Min(xs.Length - 1, rank));
            double told = histogram.Quantile(share);
            return told >= exact / 1.26 && told <= exact * 1.26;
        });

    [Fact]
    public void Old_samples_fade_and_reading_does_not_matter()
    {
        var read = new DecayedHistogram(1, new HalfLife(Second));
        var unread = new DecayedHistogram(1, new HalfLife(Second));
        for (int i = 0; i < 500; i++)
        {
            double value = i < 400 ? 100 : 7;
            read.Add(value, i * Second);
            unread.Add(value, i * Second);
            _ = read.Quantile(0.5) + read.Rank(50);
        }

        Assert.Equal(unread.Quantile(0.5), read.Quantile(0.5));
        Assert.InRange(read.Quantile(0.5), 7, 8);
        Assert.InRange(read.Rank(50), 0.999, 1);
        Assert.Equal(0, new DecayedHistogram(1, new HalfLife(Second)).Quantile(0.5));
    }
}
