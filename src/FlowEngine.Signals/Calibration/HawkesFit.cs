namespace FlowEngine.Signals;

/// <summary>What a fit found.</summary>
/// <param name="Parameters">μ, α, β.</param>
/// <param name="LogLikelihood">Of the events under them.</param>
/// <param name="KolmogorovP">Probability that increments of the compensator this uneven come from the right
/// model.</param>
/// <param name="Events">Distinct moments it rests on.</param>
/// <param name="IsAtBound">β is the least or the greatest of the grid: the best may lie beyond it.</param>
public readonly record struct HawkesEstimate(
    HawkesParameters Parameters, double LogLikelihood, double KolmogorovP, int Events, bool IsAtBound);

/// <summary>
/// Fits L2: β from a grid, even in its logarithm, and for each twenty rounds of the closed-form EM step for μ and n;
/// the likelihood never falls. Slow work: O(grid × rounds × events). A drifting μ, bunched stamps and whole
/// milliseconds all push n towards 1 (Filimonov &amp; Sornette 2015): hold it against L3 over two windows. Veen &amp;
/// Schoenberg (2008).
/// </summary>
public static class HawkesFit
{
    /// <summary>Least β of the grid, 1/s: what fades slower is the drift of μ.</summary>
    public const double SlowestDecay = 0.1;

    /// <summary>Greatest β of the grid, 1/s: what fades faster is one order in many messages.</summary>
    public const double FastestDecay = 10_000;

    private const int Grid = 21;
    private const double BoundMargin = 1e-6;
    private const int Rounds = 20;
    private const int KolmogorovTerms = 100;
    private const double Half = 0.5;
    private const double LeastIntensity = 1e-300;

    /// <summary>The best of the grid; null below ten distinct moments.</summary>
    /// <param name="version">Which fit.</param>
    /// <param name="seconds">When, from 0 on, ascending; equal ones count once.</param>
    /// <param name="horizonSeconds">Until when was watched.</param>
    /// <param name="slowest">Least β, 1/s.</param>
    /// <param name="fastest">Greatest β, 1/s.</param>
    /// <param name="grid">Values of β; by default four to a power of ten.</param>
    public static HawkesEstimate? Solve(
        long version,
        ReadOnlySpan<double> seconds,
        double horizonSeconds,
        double slowest = SlowestDecay,
        double fastest = FastestDecay,
        int grid = Grid)
    {
        double[] times = Distinct(seconds);
        if (times.Length < 10 || !(horizonSeconds >= times[^1]) || !(horizonSeconds > 0))
        {
            return null;
        }

        HawkesEstimate? best = null;
        double[] kept = new double[times.Length];
        double[] lost = new double[times.Length];
        double span = Elementary.Log(fastest / slowest);
        for (int i = 0; i < grid; i++)
        {
            double beta = slowest * Elementary.Exp(grid > 1 ? span * i / (grid - 1) : 0);
            double mu = Half * times.Length / horizonSeconds;
            double ratio = Half;
            Fade(times, horizonSeconds, beta, kept, lost);
            for (int round = 0; round < Rounds; round++)
            {
                (mu, ratio) = Step(kept, lost, horizonSeconds, mu, ratio, beta);
            }

            double likelihood = LogLikelihood(times, horizonSeconds, mu, ratio, beta);
            if (best is null || likelihood > best.Value.LogLikelihood)
            {
                var parameters = new HawkesParameters(version, mu, ratio * beta, beta);
                best = new HawkesEstimate(parameters, likelihood, 0, times.Length, i == 0 || i == grid - 1);
            }
        }

        HawkesEstimate found = best!.Value;
        return found with { KolmogorovP = KolmogorovP(times, found.Parameters) };
    }

    /// <summary>Whether a β is an end of the default grid, so that the best may lie beyond it.</summary>
    public static bool IsAtBound(double decay) =>
        decay <= SlowestDecay * (1 + BoundMargin) || decay >= FastestDecay * (1 - BoundMargin);

    /// <summary>One EM step at a fixed β: μ' = Σ μ/λ / T, n' = Σ αR/λ / Σ(1 - e^(-β(T - t))).</summary>
    public static (double Base, double Ratio) Step(
        ReadOnlySpan<double> seconds, double horizonSeconds, double mu, double ratio, double beta)
    {
        double[] kept = new double[seconds.Length];
        double[] lost = new double[seconds.Length];
        Fade(seconds, horizonSeconds, beta, kept, lost);
        return Step(kept, lost, horizonSeconds, mu, ratio, beta);
    }

    // The exponentials, which depend on β alone: once for all rounds.
    private static void Fade(
        ReadOnlySpan<double> seconds, double horizonSeconds, double beta, Span<double> kept, Span<double> lost)
    {
        double last = 0;
        for (int i = 0; i < seconds.Length; i++)
        {
            kept[i] = Elementary.Exp(-beta * (seconds[i] - last));
            lost[i] = Elementary.ExpMinus1(-beta * (horizonSeconds - seconds[i]));
            last = seconds[i];
        }
    }

    private static (double Base, double Ratio) Step(
        ReadOnlySpan<double> kept,
        ReadOnlySpan<double> lost,
        double horizonSeconds,
        double mu,
        double ratio,
        double beta)
    {
        double excitation = 0;
        double uncaused = 0;
        double caused = 0;
        double finished = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            excitation *= kept[i];
            double excited = ratio * beta * excitation;
            double intensity = mu + excited;
            uncaused += intensity > 0 ? mu / intensity : 0;
            caused += intensity > 0 ? excited / intensity : 0;
            finished -= lost[i];
            excitation++;
        }

        return (uncaused / horizonSeconds, finished > 0 ? caused / finished : 0);
    }

    /// <summary>Σ ln λ- - μT - n Σ(1 - e^(-β(T - t))).</summary>
    public static double LogLikelihood(
        ReadOnlySpan<double> seconds, double horizonSeconds, double mu, double ratio, double beta)
    {
        double excitation = 0;
        double last = 0;
        double sum = 0;
        foreach (double t in seconds)
        {
            excitation *= Elementary.Exp(-beta * (t - last));
            sum += Elementary.Log(Math.Max(mu + ratio * beta * excitation, LeastIntensity));
            sum += ratio * Elementary.ExpMinus1(-beta * (horizonSeconds - t));
            excitation++;
            last = t;
        }

        return sum - mu * horizonSeconds;
    }

    /// <summary>
    /// Kolmogorov-Smirnov p-value of the compensator's increments against the exponential distribution of mean 1.
    /// </summary>
    public static double KolmogorovP(ReadOnlySpan<double> seconds, HawkesParameters parameters)
    {
        int n = seconds.Length - 1;
        if (n < 1)
        {
            return 0;
        }

        double[] increments = new double[n];
        double excitation = 1;
        for (int i = 1; i <= n; i++)
        {
            double dt = seconds[i] - seconds[i - 1];
            double faded = -Elementary.ExpMinus1(-parameters.Decay * dt);
            increments[i - 1] = parameters.Base * dt + parameters.BranchingRatio * excitation * faded;
            excitation = excitation * (1 - faded) + 1;
        }

        Array.Sort(increments);
        double distance = 0;
        for (int i = 0; i < n; i++)
        {
            double share = -Elementary.ExpMinus1(-increments[i]);
            distance = Math.Max(distance, Math.Max(share - (double)i / n, (double)(i + 1) / n - share));
        }

        // Stephens' correction, then Kolmogorov's series.
        double root = Math.Sqrt(n);
        return Tail((root + 0.12 + 0.11 / root) * distance);
    }

    private static double Tail(double x)
    {
        if (x < 0.2)
        {
            return 1;
        }

        double sum = 0;
        for (int j = 1; j <= KolmogorovTerms; j++)
        {
            sum += (j % 2 == 1 ? 2 : -2) * Elementary.Exp(-2.0 * j * j * x * x);
        }

        return Math.Clamp(sum, 0, 1);
    }

    private static double[] Distinct(ReadOnlySpan<double> seconds)
    {
        var times = new List<double>(seconds.Length);
        foreach (double t in seconds)
        {
            if (times.Count == 0 || t > times[^1])
            {
                times.Add(t);
            }
        }

        return [.. times];
    }
}
