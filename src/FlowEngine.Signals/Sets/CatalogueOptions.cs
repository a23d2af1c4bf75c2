namespace FlowEngine.Signals;

/// <summary>Parameters of what set <c>full</c> has beyond the default one. All times are venue time.</summary>
public sealed record CatalogueOptions
{
    private const long NsPerSecond = 1_000_000_000;
    private const int MostPools = 1000;
    private const long MaxNs = 365L * 86_400 * NsPerSecond;

    /// <summary>Ticks in which a lot's weight halves (B2), 1 to 100000. Default 2.</summary>
    public int HalfDistanceTicks { get; init; } = 2;

    /// <summary>The same in basis points of the mid where that is wider, 0 to 1000. Default 5.</summary>
    public int HalfDistanceBps { get; init; } = 5;

    /// <summary>Most levels a side that are weighed (B2), 1 to 1000. Default 64.</summary>
    public int WeighedLevels { get; init; } = 64;

    /// <summary>What counts as a tick in the density, where that is wider than a tick, basis points (B3), 0 to 1000.
    /// Default 1.</summary>
    public int DensityTickBps { get; init; } = 1;

    /// <summary>Such ticks from the touch that are asked for, 1 to 64. Default 16.</summary>
    public int DensityTicks { get; init; } = 16;

    /// <summary>Levels a side that the slope is fitted to (B7), 2 to 1000. Default 5.</summary>
    public int SlopeLevels { get; init; } = 5;

    /// <summary>Half-life of the share of time at a spread of one tick (B6). Default 10 minutes.</summary>
    public long OneTickHalfLifeNs { get; init; } = 600 * NsPerSecond;

    /// <summary>A depletion that is not half recovered by then is censored (B8). Default 30 s.</summary>
    public long RecoveryLimitNs { get; init; } = 30 * NsPerSecond;

    /// <summary>Half-life of the median over depletions (B8). Default 30 minutes.</summary>
    public long RecoveryHalfLifeNs { get; init; } = 1800 * NsPerSecond;

    /// <summary>Half-life of consumed and pulled lots (B11). Default 1 minute.</summary>
    public long FateHalfLifeNs { get; init; } = 60 * NsPerSecond;

    /// <summary>Half-life of what spread and depth usually are (B9). Default 30 minutes.</summary>
    public long StressHalfLifeNs { get; init; } = 1800 * NsPerSecond;

    /// <summary>Half-life of sweeps (F10). Default 10 s.</summary>
    public long SweepHalfLifeNs { get; init; } = 10 * NsPerSecond;

    /// <summary>Half-life of squared returns (F11). Default 10 minutes.</summary>
    public long VolatilityHalfLifeNs { get; init; } = 600 * NsPerSecond;

    /// <summary>Half-life of trade sizes (F11). Default 10 minutes.</summary>
    public long SizeHalfLifeNs { get; init; } = 600 * NsPerSecond;

    /// <summary>Y of the square-root estimate (M7), 0.01 to 100. Default 1.</summary>
    public double SquareRootFactor { get; init; } = 1;

    /// <summary>Half-life of the flow slope and the trend, second by second (M4, M6b), seconds, 1 to 86400. Default
    /// 300.</summary>
    public int SlopeHalfLifeSeconds { get; init; } = 300;

    /// <summary>Half-life of the illiquidity (M5), minutes, 1 to 10080. Default 60.</summary>
    public int AmihudHalfLifeMinutes { get; init; } = 60;

    /// <summary>Half-life of impulse and response (M6), trades, 10 to 1000000. Default 500.</summary>
    public int ImpulseHalfLifeTrades { get; init; } = 500;

    /// <summary>After this long what is left of an impact is permanent (M9). Default 60 s.</summary>
    public long PermanentAfterNs { get; init; } = 60 * NsPerSecond;

    /// <summary>Horizons of the realised spread (M11), ascending. Default 100 ms, 1 s, 10 s, 60 s.</summary>
    public IReadOnlyList<long> HorizonsNs { get; init; } =
        [NsPerSecond / 10, NsPerSecond, 10 * NsPerSecond, 60 * NsPerSecond];

    /// <summary>Half-life of permanent share and spreads (M9, M11). Default 10 minutes.</summary>
    public long MarkoutHalfLifeNs { get; init; } = 600 * NsPerSecond;

    /// <summary>Most trades that wait for their horizons (M9, M11), 16 to 65536. Default 1024.</summary>
    public int MarkoutCapacity { get; init; } = 1024;

    /// <summary>How far ahead the next event of a side is foretold (L2), seconds, 0.001 to 3600. Default 1.</summary>
    public double SoonSeconds { get; init; } = 1;

    /// <summary>Fast half-life of the acceleration (L8). Default tau = 5 s.</summary>
    public long FastForcedHalfLifeNs { get; init; } = (long)(5 * NsPerSecond * Elementary.Ln2);

    /// <summary>Slow half-life of the acceleration (L8). Default tau = 60 s.</summary>
    public long SlowForcedHalfLifeNs { get; init; } = (long)(60 * NsPerSecond * Elementary.Ln2);

    /// <summary>Open interest is looked at this far apart at least (L4). Default 5 s.</summary>
    public long OpenInterestStepNs { get; init; } = 5 * NsPerSecond;

    /// <summary>Hours that the venue's funding rate is for (L7), 0.01 to 8760. Default 8.</summary>
    public double FundingHours { get; init; } = 8;

    /// <summary>Half-life of the mean premium (L7). Default 10 minutes.</summary>
    public long PremiumHalfLifeNs { get; init; } = 600 * NsPerSecond;

    /// <summary>Width of a distance's bucket (F2 by distance), ticks, 1 to 100000. Default 1.</summary>
    public int DistanceTicks { get; init; } = 1;

    /// <summary>Slices of the schedule that is always priced (M10), 1 to 32. Default 10.</summary>
    public int ScheduleSlices { get; init; } = 10;

    /// <summary>Seconds in which it is done, 1 to 86400. Default 300.</summary>
    public int ScheduleSeconds { get; init; } = 300;

    /// <summary>Its risk aversion, for one of the quote currency, 0 to 1. Default 1e-6.</summary>
    public double ScheduleAversion { get; init; } = 1e-6;

    /// <summary>Pools that trade beside a book (M12), at most 1000, one for an instrument. Default none.</summary>
    public IReadOnlyList<AutomatedPool> Pools { get; init; } = [];

    /// <summary>Names every value out of range.</summary>
    internal void Check(List<string> faults)
    {
        Check(faults, nameof(HalfDistanceTicks), HalfDistanceTicks, 1, 100_000);
        Check(faults, nameof(HalfDistanceBps), HalfDistanceBps, 0, 1000);
        Check(faults, nameof(WeighedLevels), WeighedLevels, 1, 1000);
        Check(faults, nameof(DensityTickBps), DensityTickBps, 0, 1000);
        Check(faults, nameof(DensityTicks), DensityTicks, 1, BookDensity.MaskTicks);
        Check(faults, nameof(SlopeLevels), SlopeLevels, 2, 1000);
        Check(faults, nameof(OneTickHalfLifeNs), OneTickHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(RecoveryLimitNs), RecoveryLimitNs, 1, MaxNs);
        Check(faults, nameof(RecoveryHalfLifeNs), RecoveryHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(FateHalfLifeNs), FateHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(StressHalfLifeNs), StressHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(SweepHalfLifeNs), SweepHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(VolatilityHalfLifeNs), VolatilityHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(SizeHalfLifeNs), SizeHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(SquareRootFactor), SquareRootFactor, 0.01, 100);
        Check(faults, nameof(SlopeHalfLifeSeconds), SlopeHalfLifeSeconds, 1, 86_400);
        Check(faults, nameof(AmihudHalfLifeMinutes), AmihudHalfLifeMinutes, 1, 10_080);
        Check(faults, nameof(ImpulseHalfLifeTrades), ImpulseHalfLifeTrades, 10, 1_000_000);
        Check(faults, nameof(PermanentAfterNs), PermanentAfterNs, 1, MaxNs);
        Check(faults, nameof(MarkoutHalfLifeNs), MarkoutHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(MarkoutCapacity), MarkoutCapacity, 16, 65_536);
        Check(faults, nameof(SoonSeconds), SoonSeconds, 0.001, 3600);
        Check(faults, nameof(FastForcedHalfLifeNs), FastForcedHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(SlowForcedHalfLifeNs), SlowForcedHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(OpenInterestStepNs), OpenInterestStepNs, NsPerSecond, MaxNs);
        Check(faults, nameof(FundingHours), FundingHours, 0.01, 8760);
        Check(faults, nameof(PremiumHalfLifeNs), PremiumHalfLifeNs, 1, MaxNs);
        Check(faults, nameof(DistanceTicks), DistanceTicks, 1, 100_000);
        Check(faults, nameof(ScheduleSlices), ScheduleSlices, 1, ExecutionGroup.MostSlices);
        Check(faults, nameof(ScheduleSeconds), ScheduleSeconds, 1, 86_400);
        Check(faults, nameof(ScheduleAversion), ScheduleAversion, 0, 1);
        CheckHorizons(faults);
        CheckPools(faults);
    }

    private static void Check(List<string> faults, string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            faults.Add($"{name} is {value:R}, must be from {least:R} to {most:R}");
        }
    }

    private void CheckPools(List<string> faults)
    {
        if (Pools is null || Pools.Count > MostPools)
        {
            faults.Add($"{nameof(Pools)} has {Pools?.Count ?? 0} entries, must have at most {MostPools}");
            return;
        }

        for (int i = 0; i < Pools.Count; i++)
        {
            if (Pools[i] is not
                {
                    Symbol.Length: > 0,
                    Base: > 0 and < double.PositiveInfinity,
                    Quote: > 0 and < double.PositiveInfinity,
                    Fee: >= 0 and < 1,
                })
            {
                faults.Add(
                    $"{nameof(Pools)}[{i}] must have a symbol, base and quote above 0 and a fee from 0 to below 1");
            }
        }
    }

    private void CheckHorizons(List<string> faults)
    {
        if (HorizonsNs is null || HorizonsNs.Count != CatalogueWidths.Horizons)
        {
            faults.Add($"{nameof(HorizonsNs)} has {HorizonsNs?.Count ?? 0} values, must have "
                + $"{CatalogueWidths.Horizons}");
            return;
        }

        for (int i = 0; i < HorizonsNs.Count; i++)
        {
            Check(faults, $"{nameof(HorizonsNs)}[{i}]", HorizonsNs[i], i == 0 ? 1 : HorizonsNs[i - 1] + 1, MaxNs);
        }
    }
}
