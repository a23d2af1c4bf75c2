namespace FlowEngine.Signals;

/// <summary>Parameters of what the sets have beyond the touch. All times are venue time.</summary>
public sealed record SetOptions
{
    private const int MostPositions = 10_000;
    private const long NsPerSecond = 1_000_000_000;
    private const long MaxNs = 365L * 86_400 * NsPerSecond;
    private const long RefillTauNs = 2 * NsPerSecond;
    private const long LiquidationTauNs = 5 * NsPerSecond;

    /// <summary>Half-life of added and cancelled lots (B9). Default 10 s.</summary>
    public long WithdrawalHalfLifeNs { get; init; } = 10 * NsPerSecond;

    /// <summary>How far from the mid a level counts for it, basis points, 1 to 10000. Default 10.</summary>
    public int WithdrawalBandBps { get; init; } = 10;

    /// <summary>Half-life of added and taken lots (B8). Default tau = 2 s.</summary>
    public long RefillHalfLifeNs { get; init; } = HalfLifeOf(RefillTauNs);

    /// <summary>How far from the touch a level counts for it, ticks, 0 to 1000. Default 5.</summary>
    public int RefillTicks { get; init; } = 5;

    /// <summary>Whether trades come after the book change they caused (B9). Default no.</summary>
    public bool TradesFollowBook { get; init; }

    /// <summary>Half-life of what the score's legs usually are (F9). Default 30 minutes.</summary>
    public long ScoreHalfLifeNs { get; init; } = 1800 * NsPerSecond;

    /// <summary>How long the score is flagged warm-up after a leg was first known (F9). Default 15 s.</summary>
    public long ScoreWarmUpNs { get; init; } = 15 * NsPerSecond;

    /// <summary>Weights of the seven legs: flow, book, trades, down-ticks, withdrawal, steps, liquidations.</summary>
    public IReadOnlyList<double> ScoreWeights { get; init; } = [0.25, 0.15, 0.20, 0.10, 0.15, 0.05, 0.10];

    /// <summary>Least deviation of each leg in its own unit, above 0.</summary>
    public IReadOnlyList<double> ScoreFloors { get; init; } = [0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.1];

    /// <summary>Whether the score is scaled by how its legs usually go together (F9), once that was found, instead of
    /// as if they all did: it is greater then, and can overstate. Default no.</summary>
    public bool ScoreByCorrelation { get; init; }

    /// <summary>Buckets that VPIN looks back (F7), 2 to 1000. A bucket is that part of a day's volume. Default
    /// 50.</summary>
    public int VpinBuckets { get; init; } = 50;

    /// <summary>Half-life of the forced rates (L1). Default tau = 5 s.</summary>
    public long LiquidationHalfLifeNs { get; init; } = HalfLifeOf(LiquidationTauNs);

    /// <summary>W of the branching ratio (L3); the others are 4 W and 16 W. Default 1 s.</summary>
    public long BranchingWindowNs { get; init; } = NsPerSecond;

    /// <summary>Windows it looks back, 10 to 1000. Default 64.</summary>
    public int BranchingWindows { get; init; } = 64;

    /// <summary>Leverages that new positions are guessed to have (L5), each above 1, at most 16 of them.</summary>
    public IReadOnlyList<double> Leverages { get; init; } = [5, 10, 20, 50, 100];

    /// <summary>Share of each leverage, adding up to 1.</summary>
    public IReadOnlyList<double> LeverageShares { get; init; } = [0.20, 0.30, 0.25, 0.15, 0.10];

    /// <summary>Maintenance margin of these positions, 0 to 0.5. Default 0.005.</summary>
    public double Maintenance { get; init; } = 0.005;

    /// <summary>Share of the first open interest that is taken as opened at the price of that moment, 0 to 1; the
    /// entries of the rest stay unknown. Default 0.</summary>
    public double SeedShare { get; init; }

    /// <summary>Positions whose forced price is known (L5), at most 10000: an instrument that has any gets its map from
    /// them alone, not from open interest. Default none.</summary>
    public IReadOnlyList<KnownPosition> Positions { get; init; } = [];

    /// <summary>How far from the touch loop gain is looked for (L6), basis points, 1 to 5000: what is farther off has
    /// time to be filled up before the price gets there. Default 25.</summary>
    public int LoopBandBps { get; init; } = 25;

    /// <summary>Time that a venue takes to send a forced order, in which makers refill the book (L6), 0 to a minute.
    /// Default 100 ms.</summary>
    public long CascadeLatencyNs { get; init; } = NsPerSecond / 10;

    /// <summary>Half-life of the second-by-second regression of price on volume (M3), seconds, 1 to 86400. Default
    /// 300.</summary>
    public int KyleHalfLifeSeconds { get; init; } = 300;

    /// <summary>Thresholds of the regime (L9).</summary>
    public RegimeOptions Regime { get; init; } = new();

    /// <summary>Parameters of what set <c>full</c> has beyond the default one.</summary>
    public CatalogueOptions Catalogue { get; init; } = new();

    /// <summary>Throws one <see cref="ArgumentException"/> that names every value out of range.</summary>
    public void Validate()
    {
        var faults = new List<string>();
        Check(faults, nameof(WithdrawalHalfLifeNs), WithdrawalHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(WithdrawalBandBps), WithdrawalBandBps, 1, 10_000);
        Check(faults, nameof(RefillHalfLifeNs), RefillHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(RefillTicks), RefillTicks, 0, 1000);
        Check(faults, nameof(ScoreHalfLifeNs), ScoreHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(ScoreWarmUpNs), ScoreWarmUpNs, 0, MaxNs);
        Check(faults, nameof(VpinBuckets), VpinBuckets, 2, 1000);
        Check(faults, nameof(LiquidationHalfLifeNs), LiquidationHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(BranchingWindowNs), BranchingWindowNs, 1_000_000, MaxNs / 16);
        Check(faults, nameof(BranchingWindows), BranchingWindows, 10, 1000);
        Check(faults, nameof(Maintenance), Maintenance, 0, 0.5);
        Check(faults, nameof(SeedShare), SeedShare, 0, 1);
        Check(faults, nameof(LoopBandBps), LoopBandBps, 1, 5000);
        Check(faults, nameof(CascadeLatencyNs), CascadeLatencyNs, 0, 60 * NsPerSecond);
        Check(faults, nameof(KyleHalfLifeSeconds), KyleHalfLifeSeconds, 1, 86_400);
        CheckAll(faults, nameof(ScoreWeights), ScoreWeights, PerLeg.Count, PerLeg.Count, 0, 1000);
        CheckAll(faults, nameof(ScoreFloors), ScoreFloors, PerLeg.Count, PerLeg.Count, 1e-9, 1e9);
        CheckAll(faults, nameof(Leverages), Leverages, 1, 16, 1.01, 1000);
        CheckAll(faults, nameof(LeverageShares), LeverageShares, Leverages?.Count ?? 0, 16, 0, 1);
        CheckPositions(faults);
        if (Regime is null)
        {
            faults.Add($"{nameof(Regime)} is missing");
        }

        if (Catalogue is null)
        {
            faults.Add($"{nameof(Catalogue)} is missing");
        }

        Catalogue?.Check(faults);
        if (faults.Count > 0)
        {
            throw new ArgumentException("Signal set options: " + string.Join("; ", faults) + ".");
        }
    }

    private void CheckPositions(List<string> faults)
    {
        if (Positions is null || Positions.Count > MostPositions)
        {
            faults.Add($"{nameof(Positions)} has {Positions?.Count ?? 0} entries, must have at most {MostPositions}");
            return;
        }

        for (int i = 0; i < Positions.Count; i++)
        {
            if (Positions[i] is not { Symbol.Length: > 0, Price: > 0 and < double.PositiveInfinity, Lots: not 0 })
            {
                faults.Add($"{nameof(Positions)}[{i}] must have a symbol, a price above 0 and lots other than 0");
            }
        }
    }

    private static long HalfLifeOf(long tauNs) => (long)(tauNs * Elementary.Ln2);

    private static void Check(List<string> faults, string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            faults.Add($"{name} is {value:R}, must be from {least:R} to {most:R}");
        }
    }

    private static void CheckAll(
        List<string> faults, string name, IReadOnlyList<double>? values, int fewest, int mostOf, double least,
        double most)
    {
        if (values is null || values.Count < fewest || values.Count > mostOf)
        {
            faults.Add($"{name} has {values?.Count ?? 0} values, must have {fewest} to {mostOf}");
            return;
        }

        double sum = 0;
        for (int i = 0; i < values.Count; i++)
        {
            Check(faults, $"{name}[{i}]", values[i], least, most);
            sum += values[i];
        }

        if (!(sum > 0))
        {
            faults.Add($"{name} add up to 0");
        }
    }
}
