using CsCheck;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>M8's fit: least squares without negative coefficients, and kernels put into a market and found in
/// it.</summary>
public sealed class KernelFitTests
{
    private static readonly double[] s_taus = [0.1, 0.5, 2.5, 12.5, 62.5, 312.5];

    [Fact]
    public void Least_squares_without_negatives_is_the_best_of_all_choices_of_terms() => Gen.Select(
        Gen.Int[1, 5], Gen.Double[-3, 3].Array[6].Array[6, 25]).Sample((terms, rows) =>
        {
            var fit = new NonNegativeFit(terms);
            foreach (double[] row in rows)
            {
                fit.Add(row.AsSpan(0, terms), row[5], kept: 1);
            }

            double[] found = new double[terms];
            double explained = fit.Solve(found);
            double all = rows.Sum(row => row[5] * row[5]);
            double least = Enumerable.Range(0, 1 << terms).Min(choice => Misfit(rows, terms, choice));
            Assert.All(found, g => Assert.True(g >= 0, $"{g}"));
            Near(least, Misfit(rows, found), 1e-9 * all);
            Near(1 - least / all, explained, 1e-9);
        });

    [Fact]
    public void Older_samples_weigh_less_and_terms_that_never_moved_are_0()
    {
        var fit = new NonNegativeFit(2);
        fit.Add([1, 0], 8, kept: 1);
        fit.Add([1, 0], 2, kept: 0.25);
        double[] found = new double[2];
        fit.Solve(found);
        Near((0.25 * 8 + 2) / 1.25, found[0], 1e-12);
        Assert.Equal(0, found[1]);
    }

    [Fact]
    public void Terms_that_cannot_be_told_apart_are_no_trap()
    {
        var fit = new NonNegativeFit(3);
        for (int i = 1; i <= 20; i++)
        {
            fit.Add([i, 2 * i, i % 3], 3 * i + i % 3, kept: 1);
        }

        double[] found = new double[3];
        Near(1, fit.Solve(found), 1e-12);
        Near(3, found[0] + 2 * found[1], 1e-9);
        Near(1, found[2], 1e-9);
    }

    [Fact]
    public void Six_terms_follow_the_power_law_where_thirteen_were_needed()
    {
        var fit = new NonNegativeFit(s_taus.Length);
        for (double t = 0; t <= 100; t += 0.25)
        {
            // Each point in parts of its own height, so that the tail counts as much as the start.
            double height = Math.Pow(1 + t, -0.5);
            fit.Add([.. s_taus.Select(tau => Math.Exp(-t / tau) / height)], 1, kept: 1);
        }

        double[] g = new double[s_taus.Length];
        fit.Solve(g);
        double worst = Enumerable.Range(0, 400).Max(i =>
        {
            double t = i * 0.25;
            return Math.Abs(s_taus.Select((tau, k) => g[k] * Math.Exp(-t / tau)).Sum() * Math.Sqrt(1 + t) - 1);
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{string.Join(' ', g)}: within {worst:P2}");
        Assert.All(g, x => Assert.True(x >= 0));
        Assert.True(worst < 0.05, $"{worst}");
    }

    [Theory]
    [InlineData(0.0, 0.0, 0.02)]
    [InlineData(0.0, 30.0, 0.02)]
    [InlineData(20.0, 30.0, 0.1)]
    public void A_kernel_put_into_a_market_is_found_in_it(double noise, double permanent, double tolerance)
    {
        double[] truth = [300, 0, 150, 0, 50, 0];
        var market = new Market(truth, permanent, seed: 8);
        var fit = new KernelFit();
        for (int i = 0; i < 10_000; i++)
        {
            market.Step(fit, noise);
        }

        ImpactKernel found = fit.Solve(4);
        PerKernelTerm weights = found.Weights;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{string.Join(' ', weights[..].ToArray())}, permanent {found.Permanent}, explained {found.Explained}");
        Assert.Equal(4, found.Version);
        Near(permanent, found.Permanent, tolerance * truth.Sum());
        for (int k = 0; k < truth.Length; k++)
        {
            Near(truth[k], found.Weights[k], tolerance * truth.Sum());
        }

        Assert.InRange(found.Explained, noise > 0 ? 0.8 : 0.999, 1);
    }

    [Fact]
    public void What_happens_between_two_books_is_no_impact()
    {
        double[] truth = [300, 0, 150, 0, 50, 0];
        var market = new Market(truth, permanent: 5, seed: 9);
        var fit = new KernelFit();
        for (int i = 0; i < 6_000; i++)
        {
            if (i % 100 == 99)
            {
                // A gap, in which the price jumps by much more than trades ever moved it.
                market.Jump(i % 200 == 99 ? 900_000 : -700_000);
            }

            market.Step(fit, noise: 0, follows: i % 100 != 99);
        }

        ImpactKernel found = fit.Solve(1);
        for (int k = 0; k < truth.Length; k++)
        {
            Near(truth[k], found.Weights[k], 0.02 * truth.Sum());
        }
    }

    [Fact]
    public void Taking_samples_allocates_nothing()
    {
        var fit = new KernelFit();
        long before = 0;
        for (int i = 0; i < 4_000; i++)
        {
            before = i == 1_000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            long now = i * 60_000_000L;
            fit.Trade(i % 3, i % 5, now);
            fit.Touch(20_000 + i % 7, i % 50 != 0, now);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(fit.Intervals > 1_000);
    }

    private static double Misfit(double[][] rows, double[] g) =>
        rows.Sum(row => Math.Pow(row[5] - g.Select((x, k) => x * row[k]).Sum(), 2));

    // The least squares of some of the terms; infinite where they can't be solved or one is negative.
    private static double Misfit(double[][] rows, int terms, int choice)
    {
        int[] free = [.. Enumerable.Range(0, terms).Where(k => (choice >> k & 1) != 0)];
        double[][] system = [.. free.Select(i => (double[])
            [.. free.Select(j => rows.Sum(row => row[i] * row[j])), rows.Sum(row => row[i] * row[5])])];
        for (int i = 0; i < free.Length; i++)
        {
            int pivot = Enumerable.Range(i, free.Length - i).MaxBy(row => Math.Abs(system[row][i]));
            (system[i], system[pivot]) = (system[pivot], system[i]);
            if (Math.Abs(system[i][i]) < 1e-12)
            {
                return double.PositiveInfinity;
            }

            foreach (double[] other in system.Where(row => row != system[i]))
            {
                double factor = other[i] / system[i][i];
                for (int column = i; column <= free.Length; column++)
                {
                    other[column] -= factor * system[i][column];
                }
            }
        }

        double[] g = new double[terms];
        for (int i = 0; i < free.Length; i++)
        {
            g[free[i]] = system[i][free.Length] / system[i][i];
        }

        return g.Min() < 0 ? double.PositiveInfinity : Misfit(rows, g);
    }

    /// <summary>Trades at random times whose impact is the kernel's, summed trade by trade.</summary>
    private sealed class Market(double[] truth, double permanent, int seed)
    {
        private const long QuoteNs = 1_000_000;

        private readonly Random _random = new(seed);
        private readonly double[] _loads = new double[s_taus.Length];
        private readonly double[] _perQuote = [.. s_taus.Select(tau => Math.Exp(-QuoteNs / 1e9 / tau))];
        private long _nowNs = Second;
        private double _base = 5_000_000;

        private long Mid2
        {
            get
            {
                double mid = _base;
                for (int k = 0; k < truth.Length; k++)
                {
                    mid += truth[k] * _loads[k];
                }

                return (long)Math.Round(2 * mid);
            }
        }

        public void Jump(double quanta) => _base += quanta;

        public void Step(KernelFit fit, double noise, bool follows = true)
        {
            // Quotes follow what is left of the trades as it fades; then a trade, in long runs of a side, or slow terms
            // would never be loaded.
            for (int quotes = _random.Next(1, 200); quotes > 0; quotes--)
            {
                Pass(QuoteNs);
                _base += noise * (2 * _random.NextDouble() - 1);
                fit.Touch(Mid2, follows, _nowNs);
                follows = true;
            }

            Pass(QuoteNs);
            int sign = Math.Sin(_nowNs / 30e9) + 2 * _random.NextDouble() > 1 ? 1 : -1;
            long lots = _random.NextInt64(1, 50);
            for (int k = 0; k < s_taus.Length; k++)
            {
                _loads[k] += sign * Math.Sqrt(lots);
            }

            _base += permanent * sign * Math.Sqrt(lots);
            fit.Trade(sign > 0 ? lots : 0, sign < 0 ? lots : 0, _nowNs);
            fit.Touch(Mid2, follows: true, _nowNs);
        }

        private void Pass(long ns)
        {
            _nowNs += ns;
            for (int k = 0; k < s_taus.Length; k++)
            {
                _loads[k] *= _perQuote[k];
            }
        }
    }
}
