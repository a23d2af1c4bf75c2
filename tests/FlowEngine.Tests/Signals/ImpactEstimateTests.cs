using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>M3 to M6, M8, M9, M11: what trades did to prices.</summary>
public class ImpactEstimateTests
{
    private static readonly long[] s_flows = [12, -30, 5, -18, 22];
    private static readonly double[] s_moves = [0.5, -1.5, 0.0, -1.0, 1.0];

    [Fact]
    public void Lambda_of_the_worked_example_is_0_048720()
    {
        DecayedRegression regression = default;
        foreach ((long y, double dm) in s_flows.Zip(s_moves))
        {
            regression.Add(y, dm, 0.2);
        }

        Near(13.980508, regression.Covariance);
        Near(286.956790, regression.Variance);
        Near(0.048720, regression.Fit.Slope);

        // Hardly forgetting, after as many rounds that the first sample counts for little: ordinary least squares.
        DecayedRegression slow = default;
        for (int i = 0; i < 40_000; i++)
        {
            foreach ((long y, double dm) in s_flows.Zip(s_moves))
            {
                slow.Add(y, dm, 1e-4);
            }
        }

        Near(0.047936, slow.Fit.Slope, 5e-6);
        Near(0.994401, slow.Fit.RSquared, 5e-5);
        Near(0.048482, slow.Fit.OriginSlope, 5e-6);
        Assert.Equal(ValidityFlags.None, slow.Fit.Flags);
    }

    [Fact]
    public void Lambda_is_fed_trades_and_mids()
    {
        var kyle = new KyleLambda(0.2);
        DecayedRegression expected = default;
        long mid2 = 2001;
        kyle.Trade(1, 1000);
        kyle.Close(mid2);
        foreach ((long y, double dm) in s_flows.Zip(s_moves))
        {
            kyle.Trade(Math.Sign(y), Math.Abs(y) - 1);
            kyle.Trade(Math.Sign(y), 1);
            kyle.Trade(0, 99);
            mid2 += (long)(2 * dm);
            kyle.Close(mid2);
            expected.Add(y, dm, 0.2);
        }

        Assert.Equal(expected.Fit.Slope, kyle.Fit.Slope);
        kyle.Reset();
        kyle.Close(5);
        Assert.Equal(expected.Fit.Slope, kyle.Fit.Slope);
    }

    [Fact]
    public void Known_lambda_is_found() => Gen.Select(Gen.Int, Gen.Double[0.01, 0.5]).Sample((seed, lambda) =>
    {
        var dice = new Random(seed);
        DecayedRegression regression = default;
        for (int i = 0; i < 3_000; i++)
        {
            double y = dice.Next(-50, 51);
            regression.Add(y, lambda * y + (dice.NextDouble() - 0.5) * 4, 1 / 1000.0);
        }

        // Deviation of the noise 1.15, of y 29, of some 330 effective samples (the first still weighs 5 %): 2.2e-3.
        Near(lambda, regression.Fit.Slope, 5 * 2.2e-3);
    }, iter: 50);

    [Fact]
    public void Expected_move_of_the_worked_example_is_1_05_ticks_down()
    {
        Near(-1.05, OfiSlope.Expected(-42, 20), 1e-12);
        Assert.Equal(0, OfiSlope.Expected(5, 0));
    }

    [Fact]
    public void Slope_of_a_market_that_follows_the_theory_gives_a_depth_ratio_of_1()
    {
        var slope = new OfiSlope(0.02);
        long sum = 0;
        long mid2 = 20_000;
        for (int i = 0; i < 300; i++)
        {
            long flow = (i * 37 % 11 - 5) * 40;
            slope.Close(sum, mid2);
            sum += flow;
            mid2 += flow / 20;
        }

        Assert.Equal(ValidityFlags.None, slope.Read(20, out double beta, out double ratio));
        Near(1 / 40.0, beta, 1e-12);
        Near(1, ratio, 1e-10);
    }

    [Fact]
    public void Amihud_of_the_worked_example_is_0_541667()
    {
        var amihud = new Amihud(1e-9);
        amihud.AddBar(0.001, 2e6);
        amihud.AddBar(0.0025, 4e6);
        amihud.AddBar(0.5, 0);
        amihud.AddBar(0.0005, 1e6);
        Assert.Equal(ValidityFlags.LowSamples, amihud.Read(out double illiquidity));
        Near(0.541667, illiquidity);
        Assert.Equal((3L, 1L), (amihud.Bars, amihud.Skipped));

        var fed = new Amihud(1e-9);
        fed.Close(2000);
        fed.Trade(1.5e6);
        fed.Trade(0.5e6);
        fed.Close(2002);
        fed.Close(0);
        fed.Trade(7);
        fed.Close(2000);
        fed.Read(out illiquidity);
        Near(0.5, illiquidity, 1e-9);
    }

    [Fact]
    public void Impulse_of_the_worked_example()
    {
        var var = new HasbrouckVar(-0.2, 0.010, 0.004, 4, 0.5);
        Near(0.010000, var.Cumulative(0));
        Near(0.017400, var.Cumulative(1));
        Near(0.021076, var.Cumulative(2));
        Near(0.024961, var.Cumulative(5));
        Assert.Equal(ValidityFlags.None, var.Limit(out double limit, out double flow));
        Near(0.025735, limit);
        Near(2.205882, flow);
        Near(limit, var.Cumulative(300), 1e-12);
    }

    [Fact]
    public void Stable_is_what_dies_out() => Gen.Select(
        Gen.Double[-1.2, 1.2], Gen.Double[-1, 1], Gen.Double[-1, 1], Gen.Double[-1, 1], Gen.Double[-1.2, 1.2]).Sample(
        (a1, b0, b1, c1, d1) =>
        {
            var var = new HasbrouckVar(a1, b0, b1, c1, d1);
            double[,] step = { { a1 + b0 * c1, b0 * d1 + b1 }, { c1, d1 } };
            double half = (step[0, 0] + step[1, 1]) / 2;
            double root = half * half - (step[0, 0] * step[1, 1] - step[0, 1] * step[1, 0]);
            double radius = root >= 0
                ? Math.Abs(half) + Math.Sqrt(root)
                : Math.Sqrt(half * half - root);
            Assert.True(Math.Abs(radius - 1) < 1e-9 || var.IsStable == radius < 1);
            bool known = var.Limit(out double limit, out _) == ValidityFlags.None;
            Assert.Equal(var.IsStable, known);
            if (radius < 0.95)
            {
                Near(var.Cumulative(1_000), limit, 1e-6 * (1 + Math.Abs(limit)));
            }
        });

    [Fact]
    public void Known_coefficients_are_found()
    {
        var truth = new HasbrouckVar(-0.2, 0.4, 0.1, 0.3, 0.4);
        var moments = new HasbrouckMoments(1e-9);
        Assert.Null(HasbrouckFit.Solve(moments));
        var dice = new Random(7);
        (double r, double x, double mid2) = (0, 0, 2_000_000);
        for (int i = 0; i < 20_000; i++)
        {
            // Mids are whole half-quanta: an r in 1/2^20 quanta keeps the rounding out of the estimate.
            double next = truth.C1 * r + truth.D1 * x + (dice.NextDouble() - 0.5);
            double move = truth.A1 * r + truth.B0 * next + truth.B1 * x + (dice.NextDouble() - 0.5) * 0.2;
            moments.Trade(next, (long)mid2);
            double moved = Math.Round(move * (1 << 20));
            mid2 += 2 * moved;
            (r, x) = (moved / (1 << 20), next);
        }

        HasbrouckVar found = HasbrouckFit.Solve(moments)!.Value;
        double scale = 1.0 / (1 << 20);
        Near(truth.A1, found.A1, 0.03);
        Near(truth.B0, found.B0 * scale, 0.01);
        Near(truth.B1, found.B1 * scale, 0.02);
        Near(truth.C1, found.C1 / scale, 0.05);
        Near(truth.D1, found.D1, 0.04);
    }

    [Fact]
    public void Moments_are_sums_over_the_trades() => Gen.Select(
        Gen.Int[-3, 3], Gen.Long[990, 1010]).Array[3, 20].Sample(trades =>
    {
        var moments = new HasbrouckMoments(0.1);
        foreach ((int x, long mid2) in trades)
        {
            moments.Trade(x, mid2);
        }

        double r0x1 = 0;
        double x0x1 = 0;
        double r1r1 = 0;
        for (int t = 1; t + 1 < trades.Length; t++)
        {
            double weight = Math.Pow(0.9, trades.Length - 2 - t);
            double r0 = (trades[t + 1].Item2 - trades[t].Item2) / 2.0;
            double r1 = (trades[t].Item2 - trades[t - 1].Item2) / 2.0;
            r0x1 += weight * r0 * trades[t - 1].Item1;
            x0x1 += weight * trades[t].Item1 * trades[t - 1].Item1;
            r1r1 += weight * r1 * r1;
        }

        Near(r0x1, moments.R0X1, 1e-9);
        Near(x0x1, moments.X0X1, 1e-9);
        Near(r1r1, moments.R1R1, 1e-9);
    });

    [Fact]
    public void Response_is_the_mean_move_some_trades_later() => Gen.Select(
        Gen.Int[-1, 1], Gen.Long[900, 1100]).Array[1, 300].Sample(trades =>
    {
        var response = new ResponseFunction(0.01);
        foreach ((int sign, long mid2) in trades)
        {
            response.Trade(sign, mid2);
        }

        var signed = trades.Where(x => x.Item1 != 0).ToArray();
        for (int i = 0; i < ResponseFunction.Lags.Length; i++)
        {
            int lag = ResponseFunction.Lags[i];
            double sum = 0;
            double weight = 0;
            for (int t = lag; t < signed.Length; t++)
            {
                double move = signed[t - lag].Item1 * (signed[t].Item2 - signed[t - lag].Item2) / 2.0;
                sum = sum * 0.99 + move;
                weight = weight * 0.99 + 1;
            }

            response.Read(i, out double quanta);
            Near(weight > 0 ? sum / weight : 0, quanta, 1e-9);
        }
    }, iter: 200);

    [Fact]
    public void Trend_gain_of_the_worked_example_amplifies_by_1_666667()
    {
        TrendGain.Of(0.05, 8, out double gain, out double amplification);
        Near(0.4, gain, 1e-12);
        Near(1.666667, amplification);
        TrendGain.Of(0.5, 8, out gain, out amplification);
        Assert.Equal((4.0, 0.0), (gain, amplification));
    }

    [Fact]
    public void Flow_that_follows_the_last_move_is_found_out()
    {
        var trend = new TrendGain(0.02);
        long mid2 = 20_000;
        long move = 0;
        for (int i = 0; i < 200; i++)
        {
            trend.Trade(Math.Sign(move), 4 * Math.Abs(move));
            move = i * 17 % 9 - 4;
            mid2 += move;
            trend.Close(mid2);
        }

        Near(8, trend.Fit.Slope, 1e-9);
        Assert.Equal(ValidityFlags.None, trend.Fit.Flags);
    }

    [Fact]
    public void Propagator_of_the_worked_example()
    {
        var kernel = new PropagatorKernel(3, ImpactShape.SquareRoot, [0.30, 0.15, 0.05], [0.1, 1, 10]);
        var impact = new TransientImpact(kernel);
        impact.Trade(-1, 9, 0);
        impact.Trade(0, 99, 100_000_000);
        impact.Trade(-1, 16, 200_000_000);
        impact.Trade(1, 4, 250_000_000);
        Near(-1.068210, impact.At(250_000_000));
        Near(-0.450491, impact.At(1_250_000_000));
    }

    [Fact]
    public void Power_law_kernel_is_within_0_71_percent_where_that_was_measured_and_0_82_between()
    {
        var kernel = PropagatorKernel.PowerLaw(1, ImpactShape.SquareRoot, 1, 0.5, 1);
        var impact = new TransientImpact(kernel);
        impact.Trade(1, 1, 0);
        double Error(double t) => Math.Abs(impact.At((long)(t * 1e9)) / Math.Pow(1 + t, -0.5) - 1);
        double worst = Enumerable.Range(0, 10_001).Max(i => Error(i * 0.01));
        TestContext.Current.TestOutputHelper!.WriteLine($"worst {worst:P3}");

        // signals.md M8 says 0.71 % on [0, 100], but looked at these eight points only.
        Assert.All([0, 0.1, 0.3, 1, 3, 10, 30, 100], t => Assert.True(Error(t) <= 0.0071));
        Assert.True(worst <= 0.0082, $"{worst}");
    }

    [Fact]
    public void Propagator_is_the_sum_over_all_trades() => Gen.Select(
        Gen.Int[-1, 1], Gen.Long[1, 1000], Gen.Long[0, 3 * Second]).Array[1, 40].Sample(trades =>
    {
        double[] g = [0.3, 0.2];
        double[] tau = [0.5, 4];
        var impact = new TransientImpact(new PropagatorKernel(1, ImpactShape.Logarithm, g, tau));
        long now = 0;
        var seen = new List<(double Size, long At)>();
        foreach ((int sign, long lots, long dt) in trades)
        {
            now += dt;
            impact.Trade(sign, lots, now);
            seen.Add((sign * Math.Log(1 + lots), now));
        }

        double Kernel(double seconds) => g[0] * Math.Exp(-seconds / 0.5) + g[1] * Math.Exp(-seconds / 4);
        Near(seen.Sum(x => x.Size * Kernel((now - x.At) / 1e9)), impact.At(now), 1e-6);
    });

    [Fact]
    public void Permanent_share_of_the_worked_example_is_0_6()
    {
        var split = new ImpactSplit(60 * Second, new HalfLife(365L * 86_400 * Second), 16);
        long time = 0;
        foreach ((long total2, long permanent10) in new[] { (30L, 18L), (20, 4), (40, 32) })
        {
            split.Set(20_000, time);
            split.Add(new Markout(-1, 1000, 5, 20_000, 20_000 - total2, time));
            split.Set(20_000 - total2, time);
            split.Set(20_000 - permanent10, time + 10 * Second);
            split.Set(19_000, time + 60 * Second + 1);
            time += 100 * Second;
        }

        Assert.Equal(ValidityFlags.LowSamples, split.Read(time, out double quanta, out double share));
        Near(0.6, share, 1e-5);
        Near(45, quanta, 1e-3);
    }

    [Fact]
    public void Spreads_of_the_worked_example()
    {
        Assert.Equal(3, EffectiveSpread.Of(-1, 999, 2001));
        var spread = new EffectiveSpread(new HalfLife(1000 * Second), 4, Second);

        // Quanta of a tenth of a tick: mid 1000.5, sold at 999, mid 998.8 a second later.
        spread.Set(20_010, 0);
        spread.Add(new Markout(-1, 9_990, 7, 20_010, 20_000, 5));
        spread.Set(19_976, 6);
        spread.Set(30_000, Second + 6);
        Assert.Equal(ValidityFlags.None, spread.ReadEffective(out double effective));
        Assert.Equal(ValidityFlags.None, spread.ReadRealised(0, out double realised));
        Near(30, effective, 1e-9);
        Near(-4, realised, 1e-9);
        Near(34, effective - realised, 1e-9);
        Near(29.985007, Spread.Bps(effective, 20_010));
    }

    [Fact]
    public void Realised_spreads_are_those_of_the_mid_that_stood_at_the_horizon() => Gen.Select(
        Gen.Int[-1, 1], Gen.Long[995, 1005], Gen.Long[1, 9], Gen.Long[0, 900_000_000]).Array[1, 40].Sample(script =>
    {
        long[] horizons = [100_000_000, Second];
        var spread = new EffectiveSpread(new HalfLife(long.MaxValue / 4), 64, horizons);
        var mids = new List<(long At, long Mid2)>();
        var trades = new List<(Markout Trade, int Order)>();
        long now = Second;
        foreach ((int sign, long price, long lots, long dt) in script)
        {
            now += dt;
            long mid2 = 2 * price + sign;
            spread.Set(mid2, now);
            mids.Add((now, mid2));
            var trade = new Markout(sign, price, lots, mid2, mid2, now);
            spread.Add(trade);
            if (sign != 0)
            {
                trades.Add((trade, mids.Count));
            }
        }

        now += 2 * Second;
        spread.Set(1, now);
        for (int h = 0; h < 2; h++)
        {
            double weighted = 0;
            double lots = 0;
            foreach ((Markout trade, _) in trades)
            {
                long then = mids.Last(x => x.At <= trade.TimeNs + horizons[h]).Mid2;
                weighted += trade.Lots * trade.Sign * (2 * trade.Price - then);
                lots += trade.Lots;
            }

            spread.ReadRealised(h, out double realised);
            Near(lots > 0 ? weighted / lots : 0, realised, 1e-6);
        }
    });

    [Fact]
    public void Full_ring_drops_the_new_and_counts_it()
    {
        var ring = new MarkoutRing(2, 10, 20);
        for (int i = 0; i < 3; i++)
        {
            ring.Add(new Markout(1, i, 1, 0, 0, i));
        }

        Assert.Equal(1, ring.Dropped);
        Assert.True(ring.TrySettle(0, 11, out Markout first));
        Assert.Equal(0, first.Price);
        Assert.False(ring.TrySettle(0, 11, out _));
        ring.Add(new Markout(1, 7, 1, 0, 0, 12));
        Assert.Equal(2, ring.Dropped);
        Assert.True(ring.TrySettle(1, 21, out _));
        ring.Add(new Markout(1, 8, 1, 0, 0, 21));
        Assert.Equal(2, ring.Dropped);
        ring.Clear();
        Assert.False(ring.TrySettle(0, 1_000, out _));
    }
}
