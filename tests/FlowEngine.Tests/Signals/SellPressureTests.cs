using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>F9.</summary>
public class SellPressureTests
{
    private const uint All = 0x7F;

    // The worked example, oriented so that + is sell.
    private static readonly double[] s_deviations = [1.8, 0.9, 2.2, 1.5, 2.6, 0.4, 5.0];

    private static readonly Gen<double[]> s_legs = Gen.Double[-3, 3].Array[PerLeg.Count];

    [Fact]
    public void Score_of_the_worked_example_is_75_842631()
    {
        ValidityFlags flags = SellPressure.Compose(Legs(s_deviations), All, PerLeg.DefaultWeights, 1, out var values);
        Assert.Equal(ValidityFlags.None, flags);
        Near(1.985, values.Raw, 1e-12);
        Near(75.842631, values.Score);
        Assert.Equal(1, values.Coverage);
        Near(0.4, values.Contributions[6], 1e-12);
        Assert.Equal(4, values.Deviations[6]);
    }

    [Fact]
    public void Score_without_liquidations_is_70_669753()
    {
        SellPressure.Compose(Legs(s_deviations), All & ~(1u << 6), PerLeg.DefaultWeights, 1, out var values);
        Near(0.9, values.Coverage, 1e-12);
        Near(1.761111, values.Raw);
        Near(70.669753, values.Score);
        Assert.Equal(0, values.Contributions[6]);
    }

    [Fact]
    public void Independent_legs_would_give_4_814332()
    {
        double[] identity = new double[49];
        double[] ones = new double[49];
        Array.Fill(ones, 1);
        for (int i = 0; i < 7; i++)
        {
            identity[i * 8] = 1;
        }

        double scale = SellPressure.CorrelationScale(PerLeg.DefaultWeights, identity);
        SellPressure.Compose(Legs(s_deviations), All, PerLeg.DefaultWeights, scale, out var values);
        Near(4.814332, values.Raw);
        Near(1, SellPressure.CorrelationScale(PerLeg.DefaultWeights, ones), 1e-12);
    }

    [Fact]
    public void Known_correlation_scales_the_legs_that_are_valid() => Gen.Select(
        s_legs, Gen.Double[-1, 1].Array[21], Gen.UInt[1, All]).Sample((legs, pairs, valid) =>
        {
            double[] c = new double[49];
            for (int i = 0, next = 0; i < 7; i++)
            {
                c[i * 8] = 1;
                for (int j = 0; j < i; j++)
                {
                    c[i * 7 + j] = c[j * 7 + i] = pairs[next++];
                }
            }

            PerLeg floors = default;
            floors[..].Fill(0.5);
            var plain = new SellPressure(new HalfLife(10 * Second), PerLeg.DefaultWeights, floors, 0);
            var scaled = new SellPressure(new HalfLife(10 * Second), PerLeg.DefaultWeights, floors, 0);
            plain.Evaluate(default, All, true, 0, out _);
            scaled.Evaluate(default, All, true, c, 0, out _);
            plain.Evaluate(Legs(legs), valid, true, Second, out SellPressureValues mean);
            scaled.Evaluate(Legs(legs), valid, true, c, Second, out SellPressureValues values);

            // Σ w z / √(w'Cw), the sums over the valid legs.
            PerLeg w = PerLeg.DefaultWeights;
            int[] known = [.. Enumerable.Range(0, 7).Where(i => (valid >> i & 1) != 0)];
            double square = known.Sum(i => known.Sum(j => w[i] * w[j] * c[i * 7 + j]));
            double all = known.Sum(i => w[i]);
            double scale = square > 0 ? all / Math.Sqrt(square) : 1;
            Near(scale, values.Scale, 1e-9 * scale);
            Near(scale * mean.Raw, values.Raw, 1e-9 * scale);
            Near(values.Raw, values.Contributions[..].ToArray().Sum(), 1e-9 * scale);
            Near(100 * Math.Tanh(values.Raw / 2), values.Score, 1e-9);
            Assert.Equal(1, mean.Scale);
        });

    [Fact]
    public void Too_little_coverage_is_not_valid_and_none_is_0()
    {
        Assert.Equal(
            ValidityFlags.LowSamples,
            SellPressure.Compose(Legs(s_deviations), 0b11, PerLeg.DefaultWeights, 1, out var values));
        Near(0.4, values.Coverage, 1e-12);
        Assert.Equal(
            ValidityFlags.LowSamples,
            SellPressure.Compose(Legs(s_deviations), 0, PerLeg.DefaultWeights, 1, out values));
        Assert.Equal((0.0, 0.0), (values.Score, values.Coverage));
    }

    [Fact]
    public void Contributions_add_up_the_mirror_flips_and_the_score_stays_within_100() =>
        Gen.Select(Gen.Double[-9, 9].Array[7], Gen.UInt[1, All]).Sample((z, valid) =>
        {
            SellPressure.Compose(Legs(z), valid, PerLeg.DefaultWeights, 1, out var plain);
            SellPressure.Compose(Legs([.. z.Select(x => -x)]), valid, PerLeg.DefaultWeights, 1, out var mirrored);
            Assert.Equal(plain.Score, -mirrored.Score);
            Near(plain.Raw, plain.Contributions[..].ToArray().Sum(), 1e-12);
            Assert.InRange(plain.Score, -100, 100);
            PerLeg weights = PerLeg.DefaultWeights;
            double[] w = weights[..].ToArray();
            bool Counts(int i) => (valid >> i & 1) != 0;
            double raw = Enumerable.Range(0, 7).Where(Counts).Sum(i => w[i] * Math.Clamp(z[i], -4, 4))
                / Enumerable.Range(0, 7).Where(Counts).Sum(i => w[i]);
            Near(100 * Math.Tanh(raw / 2), plain.Score, 1e-9);
        });

    [Fact]
    public void Deviations_are_from_the_decayed_past_of_each_leg() => s_legs.Array[2, 25].Sample(script =>
    {
        var pressure = Start();
        SellPressureValues values = default;
        for (int i = 0; i < script.Length; i++)
        {
            pressure.Evaluate(Legs(script[i]), All, learn: true, i * Second, out values);
        }

        // After the first, sample i stood for one second and weighs 2^-(age / 10 s); the first only fills in before it.
        int last = script.Length - 1;
        for (int leg = 0; leg < 7; leg++)
        {
            double[] past = [.. script.Take(last).Select(x => x[leg])];
            double[] w = past.Length == 1
                ? [1]
                : [0, .. Enumerable.Range(1, last - 1).Select(i => Math.Pow(2, -(last - 1 - i) / 10.0))];
            double mean = past.Zip(w, (x, k) => x * k).Sum() / w.Sum();
            double variance = past.Zip(w, (x, k) => (x - mean) * (x - mean) * k).Sum() / w.Sum();
            double z = Math.Clamp((script[last][leg] - mean) / Math.Max(Math.Sqrt(variance), 0.1), -4, 4);
            Near(z, values.Deviations[leg], 1e-6);
        }
    });

    [Fact]
    public void Past_stands_still_while_it_must_not_learn_and_reading_invalid_legs_leaves_no_trace()
    {
        var learns = Start();
        var stands = Start();
        for (int i = 0; i < 20; i++)
        {
            learns.Evaluate(Legs([i % 3, 0, 0, 0, 0, 0, 0]), All, learn: true, i * Second, out _);
            stands.Evaluate(Legs([i % 3, 0, 0, 0, 0, 0, 0]), All, learn: true, i * Second, out _);
        }

        SellPressureValues values = default;
        for (int i = 20; i < 60; i++)
        {
            stands.Evaluate(Legs([30, 0, 0, 0, 0, 0, 0]), All, learn: false, i * Second, out values);
            learns.Evaluate(Legs([30, 0, 0, 0, 0, 0, 0]), All, learn: true, i * Second, out _);
        }

        Assert.Equal(4, values.Deviations[0]);
        learns.Evaluate(Legs([30, 0, 0, 0, 0, 0, 0]), All, learn: true, 60 * Second, out values);
        Assert.InRange(values.Deviations[0], 0, 1);
        stands.Evaluate(Legs([500, 0, 0, 0, 0, 0, 0]), 0b10, learn: true, 1000 * Second, out values);
        Assert.Equal(0, values.Deviations[0]);
        stands.Evaluate(Legs([1, 0, 0, 0, 0, 0, 0]), All, learn: true, 1000 * Second, out values);
        Assert.InRange(values.Deviations[0], -0.5, 0.5);
    }

    [Fact]
    public void Legs_are_flagged_while_they_are_new()
    {
        var pressure = Start();
        Assert.Equal(ValidityFlags.Warmup, pressure.Evaluate(Legs(s_deviations), All, true, 0, out _));
        Assert.Equal(ValidityFlags.None, pressure.Evaluate(Legs(s_deviations), All, true, 5 * Second, out _));
    }

    [Fact]
    public void Liquidation_leg_weighs_sold_against_bought()
    {
        Near(Math.Log(4) - Math.Log(1.5), SellPressure.LiquidationLeg(30, 5, 10), 1e-12);
        Assert.Equal(-SellPressure.LiquidationLeg(30, 5, 10), SellPressure.LiquidationLeg(5, 30, 10));
        Assert.Equal(0, SellPressure.LiquidationLeg(30, 5, 0));
    }

    [Fact]
    public void Correlation_of_legs_is_that_of_their_samples() => s_legs.Array[3, 25].Sample(script =>
    {
        var fit = new LegCorrelation(0.1);
        Assert.All(fit.Solve(), x => Assert.Equal(1, x));
        foreach (double[] row in script)
        {
            fit.Add(Legs(row), All & ~(1u << 6));
        }

        double[] w = [.. script.Select((_, i) => (i == 0 ? 1 : 0.1) * Math.Pow(0.9, script.Length - 1 - i))];
        double[] means = [.. Enumerable.Range(0, 7).Select(leg => script.Zip(w, (x, k) => x[leg] * k).Sum())];
        double Covariance(int i, int j) => script.Zip(w, (x, k) => k * (x[i] - means[i]) * (x[j] - means[j])).Sum();
        double[] c = fit.Solve();
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                double scale = Covariance(i, i) * Covariance(j, j);
                if (scale > 1e-6)
                {
                    Near(Covariance(i, j) / Math.Sqrt(scale), c[i * 7 + j], 1e-6);
                }
            }

            Assert.Equal(1, c[i * 7 + 6]);
        }
    });

    private static SellPressure Start()
    {
        PerLeg floors = default;
        Enumerable.Repeat(0.1, 7).ToArray().CopyTo(floors);
        return new SellPressure(new HalfLife(10 * Second), PerLeg.DefaultWeights, floors, 5 * Second);
    }

    private static PerLeg Legs(double[] values)
    {
        PerLeg legs = default;
        values.CopyTo(legs);
        return legs;
    }
}
