using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>F7, F8, F10, F11: what trades and mids say over time.</summary>
public class TradeFlowTests
{
    private static readonly long s_longAgo = 20_000L * 86_400 * Second;

    [Fact]
    public void Vpin_of_the_worked_example_is_a_third()
    {
        var vpin = new Vpin(3, 20);
        foreach (int lots in new[] { 8, -15, -10, 12 })
        {
            vpin.Trade(Math.Sign(lots), Math.Abs(lots));
        }

        Assert.Equal(ValidityFlags.LowSamples, vpin.Read(out _));
        vpin.Trade(-1, 15);
        vpin.Trade(0, 1000);
        Assert.Equal(ValidityFlags.None, vpin.Read(out double value));
        Near(1.0 / 3, value, 1e-15);
        Assert.Equal(3, vpin.Buckets);
    }

    [Fact]
    public void Vpin_of_bulk_classified_bars_is_0_644()
    {
        var vpin = new Vpin(3, 20);
        double[] expected = [6.170751, 16.826895, 1.336144];
        foreach ((double change, double buys) in new[] { -1.0, 2, -3 }.Zip(expected))
        {
            double share = BulkVolume.BuyShare(change, 2);
            Near(buys, 20 * share);
            vpin.Add(20 * share, 20 - 20 * share);
        }

        vpin.Read(out double value);
        Near(0.644000, value);
    }

    [Fact]
    public void Vpin_is_that_of_a_list_of_single_lots() => Gen.Select(
        Gen.Int[1, 6], Gen.Long[1, 15], Gen.Long[-400, 400].Array[1, 40]).Sample((n, v, trades) =>
    {
        var vpin = new Vpin(n, v);
        var lots = new List<int>();
        foreach (long trade in trades)
        {
            vpin.Trade(Math.Sign(trade), Math.Abs(trade));
            lots.AddRange(Enumerable.Repeat(Math.Sign(trade), (int)Math.Abs(trade)));
        }

        int[][] buckets = [.. lots.Chunk((int)v).Where(x => x.Length == v).TakeLast(n)];
        double exact = buckets.Length == 0 ? 0 : buckets.Sum(x => Math.Abs(x.Sum())) / (double)(buckets.Length * v);
        ValidityFlags flags = vpin.Read(out double value);
        Assert.Equal(buckets.Length == n ? ValidityFlags.None : ValidityFlags.LowSamples, flags);
        Near(exact, value, 1e-12);
        Assert.Equal(lots.Count / v, vpin.Buckets);
    });

    [Fact]
    public void Rank_of_vpin_is_its_place_in_all_it_has_been() => Gen.Select(
        Gen.Int[1, 6], Gen.Long[1, 15], Gen.Long[-400, 400].Array[1, 40]).Sample((n, v, trades) =>
    {
        var vpin = new Vpin(n, v);
        var lots = new List<int>();
        foreach (long trade in trades)
        {
            vpin.Trade(Math.Sign(trade), Math.Abs(trade));
            lots.AddRange(Enumerable.Repeat(Math.Sign(trade), (int)Math.Abs(trade)));
        }

        // Every window of n whole buckets there has been, in thousandths.
        long[] imbalances = [.. lots.Chunk((int)v).Where(x => x.Length == v).Select(x => Math.Abs((long)x.Sum()))];
        long[] history = [.. Enumerable.Range(0, Math.Max(0, imbalances.Length - n + 1))
            .Select(i => imbalances.Skip(i).Take(n).Sum() * 1000 / (n * v))];
        Assert.Equal(history.Length, vpin.Ranked);
        Assert.Equal(
            history.Length == 0 ? 0 : (double)history.Count(x => x <= history[^1]) / history.Length, vpin.Rank);
    });

    [Fact]
    public void Vpin_changes_its_bucket_between_windows_and_outlives_absurd_orders()
    {
        var vpin = new Vpin(2, 10);
        vpin.Trade(1, 10);
        vpin.SetBucketLots(30);
        vpin.Trade(-1, 10);
        Assert.Equal(30, vpin.BucketLots);
        vpin.Trade(1, 15);
        vpin.Trade(-1, 15);
        vpin.Read(out double value);
        Near(10.0 / 40, value, 1e-12);
        vpin.Trade(-1, long.MaxValue);
        vpin.Read(out value);
        Near(1, value, 1e-9);
    }

    [Fact]
    public void Bulk_volume_tells_of_whole_bars_only()
    {
        var bulk = new BulkVolume(20, 0.1, 2);
        Assert.False(bulk.Trade(1000, 20, out _, out _, out _));
        Assert.False(bulk.Trade(1005, 19, out _, out _, out _));
        Assert.True(bulk.Trade(999, 1, out double buy, out double sell, out ValidityFlags flags));
        Near(6.170751, buy);
        Near(20 - 6.170751, sell);
        Assert.Equal(ValidityFlags.LowSamples, flags);
    }

    [Fact]
    public void Intensity_of_a_burst_is_above_1_and_of_a_steady_market_1()
    {
        var intensity = new TradeIntensity(
            new HalfLife(HalfLifeOfTauSecondNs),
            new HalfLife(10 * HalfLifeOfTauSecondNs),
            new HalfLife(60 * HalfLifeOfTauSecondNs));
        Assert.Equal(ValidityFlags.Warmup | ValidityFlags.LowSamples, intensity.Read(0, out _));
        intensity.Start(0);
        for (int i = 1; i <= 4_000; i++)
        {
            intensity.Add(i % 4 == 0 ? -1 : 1, 3, i * Second / 10);
        }

        Assert.Equal(ValidityFlags.None, intensity.Read(400 * Second, out IntensityLines lines));
        Near(10, lines.Slow.TradesPerSecond, 0.05);
        Near(30, lines.Middle.LotsPerSecond, 0.5);
        Near(7.5, lines.Slow.SellLotsPerSecond, 0.1);
        Near(1, lines.Burst, 0.06);
        for (int i = 0; i < 100; i++)
        {
            intensity.Add(-1, 3, 400 * Second + i);
        }

        intensity.Read(400 * Second + 100, out lines);
        Assert.InRange(lines.Burst, 7, 11);
    }

    [Fact]
    public void Sweep_of_the_worked_example()
    {
        var sweeps = new Sweeps(new HalfLife(Second));
        sweeps.Add(-1, 1000, 30, 5);
        Assert.True(sweeps.Continues(-1, 999, 5));
        Assert.False(sweeps.Continues(-1, 1001, 5));
        Assert.False(sweeps.Continues(1, 999, 5));
        Assert.False(sweeps.Continues(-1, 999, 6));
        sweeps.Add(-1, 999, 50, 5);
        sweeps.Add(-1, 997, 10, 5);
        Assert.True(sweeps.EndEvent(300, 240));
        Sweep sweep = sweeps.Last;
        Assert.Equal((-1, 90L, 3L, 3), (sweep.Sign, sweep.Lots, sweep.Quanta, sweep.Prices));
        Near(999.111111, sweep.Vwap);
        Near(0.3, sweep.DepthShare, 1e-12);
        sweeps.Read(-1, 5, out double count, out double lots);
        Assert.Equal((1.0, 90.0), (count, lots));
        sweeps.Read(-1, 5 + Second, out count, out lots);
        Assert.Equal((0.5, 45.0), (count, lots));
        sweeps.Read(1, 5, out count, out _);
        Assert.Equal(0, count);
    }

    [Fact]
    public void Prints_at_one_price_are_no_sweep_and_both_sides_may_be_one()
    {
        var sweeps = new Sweeps(new HalfLife(Second));
        sweeps.Add(1, 1001, 5, 0);
        sweeps.Add(1, 1001, 5, 0);
        sweeps.Add(0, 1005, 5, 0);
        Assert.False(sweeps.EndEvent(1, 1));
        sweeps.Add(1, 1001, 5, 1);
        sweeps.Add(-1, 1000, 5, 1);
        sweeps.Add(1, 1002, 5, 1);
        sweeps.Add(-1, 998, 5, 1);
        Assert.True(sweeps.EndEvent(0, 0));
        Assert.Equal(2, sweeps.Count);
        Assert.Equal((2L, 0.0), (sweeps.Last.Quanta, sweeps.Last.DepthShare));
    }

    [Fact]
    public void Volatility_of_the_worked_example_is_2079_3278_bp_a_day()
    {
        var volatility = new RealisedVolatility(new HalfLife(365L * 86_400 * Second), Second);
        long start = s_longAgo;
        foreach (long mid2 in new[] { 2001, 2000, 1998, 1999 })
        {
            volatility.Set(mid2, start + 400_000_000);
            start += Second;
        }

        volatility.Pass(start + 1);
        Assert.Equal(ValidityFlags.LowSamples, volatility.Read(out double variance, out double dailyBps));
        Near(0.500417, variance * 1e6);
        Near(2079.3278, dailyBps, 1e-3);
    }

    [Fact]
    public void Volatility_is_that_of_sampled_returns() => Gen.Select(
        Gen.Select(Gen.Long[1_000, 1_200], Gen.Long[0, 4 * Second]).Array[1, 50],
        Gen.Long[1, 20]).Sample((script, halfSeconds) =>
    {
        var volatility = new RealisedVolatility(new HalfLife(halfSeconds * Second), Second);
        var mids = new List<(long At, long Mid2)>();
        long now = s_longAgo;
        foreach ((long mid2, long dt) in script)
        {
            now += dt;
            volatility.Set(mid2, now);
            mids.Add((now, mid2));
        }

        now += Second;
        volatility.Pass(now);
        double squares = 0;
        double weight = 0;
        long? last = null;
        for (long at = mids[0].At / Second * Second + Second; at < now; at += Second)
        {
            (long At, long Mid2)[] seen = [.. mids.Where(x => x.At < at)];
            if (seen.Length == 0)
            {
                continue;
            }

            long mid2 = seen[^1].Mid2;
            if (last is { } before)
            {
                double kept = Math.Pow(2, -1.0 / halfSeconds);
                squares = squares * kept + Math.Pow(Math.Log((double)mid2 / before), 2);
                weight = weight * kept + 1;
            }

            last = mid2;
        }

        volatility.Read(out double variance, out _);
        Near(weight > 0 ? squares / weight : 0, variance, 1e-12);
    });

    [Fact]
    public void Volatility_does_not_bridge_a_time_without_a_mid()
    {
        var volatility = new RealisedVolatility(new HalfLife(Second), Second);
        volatility.Set(2000, s_longAgo + 1);
        volatility.Set(0, s_longAgo + 2 * Second);
        volatility.Set(3000, s_longAgo + 5 * Second);
        volatility.Pass(s_longAgo + 9 * Second);
        volatility.Read(out double variance, out _);
        Assert.Equal(0, variance);
    }

    [Fact]
    public void Rolling_volume_is_the_sum_of_the_last_1440_minutes() =>
        Gen.Select(Gen.Long[1, 99], Gen.Frequency((5, Gen.Long[0, 200 * Second]), (1, Gen.Long[0, 100_000 * Second])))
            .Array[1, 60].Sample(script =>
        {
            var volume = new RollingVolume();
            Assert.Equal(ValidityFlags.LowSamples, volume.Read(s_longAgo, out double none));
            Assert.Equal(0, none);
            long now = s_longAgo;
            var trades = new List<(long Minute, long Lots)>();
            foreach ((long lots, long dt) in script)
            {
                now += dt;
                volume.Add(lots, now);
                trades.Add((now / (60 * Second), lots));
            }

            long minute = (now + 500 * Second) / (60 * Second);
            double exact = trades.Where(x => x.Minute > minute - 1440).Sum(x => x.Lots);
            long watched = minute - trades[0].Minute + 1;
            ValidityFlags flags = volume.Read(now + 500 * Second, out double told);
            Near(watched >= 1440 ? exact : exact * 1440 / watched, told, 1e-6);
            Assert.Equal(watched >= 1440 ? ValidityFlags.None : ValidityFlags.LowSamples, flags);
        });

    [Fact]
    public void Trade_sizes_have_a_mean_and_a_95th_percentile()
    {
        var sizes = new TradeSizes(new HalfLife(1000 * Second));
        Assert.Equal(ValidityFlags.LowSamples, sizes.Read(out double mean, out double large));
        Assert.Equal((0.0, 0.0), (mean, large));
        for (int i = 0; i < 1_000; i++)
        {
            sizes.Add(i % 100 < 90 ? 10 : 1000, i);
        }

        Assert.Equal(ValidityFlags.None, sizes.Read(out mean, out large));
        Near(109, mean, 0.01);
        Assert.InRange(large, 875, 1125);
    }

    [Fact]
    public void Hours_of_the_week_begin_on_monday_and_factors_average_to_1()
    {
        // Monday 2026-11-23 00:00:00 UTC.
        const long Monday = 1_795_392_000L * Second;
        Assert.Equal(0, SeasonalFactors.HourOf(Monday));
        Assert.Equal(167, SeasonalFactors.HourOf(Monday - 1));
        Assert.Equal(25, SeasonalFactors.HourOf(Monday + 25 * 3600 * Second));
        var fit = new SeasonalFit(0.5);
        for (int hour = 0; hour < SeasonalFactors.Hours; hour++)
        {
            fit.Add(hour, hour == 0 ? 20 : 10);
            fit.Add(hour, hour == 0 ? 40 : 10);
        }

        SeasonalFactors factors = fit.Solve(4);
        Near(1, factors.Factors.ToArray().Average(), 1e-12);
        Near(3 * factors.At(Monday + 3600 * Second), factors.At(Monday), 1e-12);
        Assert.All(new SeasonalFit(0.5).Solve(1).Factors.ToArray(), x => Assert.Equal(1, x));
    }
}
