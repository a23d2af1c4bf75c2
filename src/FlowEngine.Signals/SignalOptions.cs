namespace FlowEngine.Signals;

/// <summary>
/// Parameters of an instrument's signals. All times are venue time. Half-lives are short where a signal is about now
/// (order flow) and longer where it is a yardstick (depth, spread, volume).
/// </summary>
public sealed record SignalOptions
{
    private const long NsPerSecond = 1_000_000_000;
    private const long MaxHalfLifeNs = 365L * 86_400 * NsPerSecond;
    private const int MaxBandBps = 10_000;
    private const int MinWalkLevels = 10;

    /// <summary>Half-life of the order flow imbalance (F1). Default 1 s.</summary>
    public long OfiHalfLifeNs { get; init; } = NsPerSecond;

    /// <summary>Half-life of the average depth at the touch (F1). Default 10 s.</summary>
    public long AverageDepthHalfLifeNs { get; init; } = 10 * NsPerSecond;

    /// <summary>Half-life of bought and sold lots (F5). Default 10 s.</summary>
    public long SignedVolumeHalfLifeNs { get; init; } = 10 * NsPerSecond;

    /// <summary>Half-life of up-tick and down-tick lots (F6). Default 10 s.</summary>
    public long TickVolumeHalfLifeNs { get; init; } = 10 * NsPerSecond;

    /// <summary>Half-life of the time-weighted spread (B10). Default 10 s.</summary>
    public long SpreadHalfLifeNs { get; init; } = 10 * NsPerSecond;

    /// <summary>Half-life of the four quote steps (B10). Default 10 s.</summary>
    public long QuoteStepHalfLifeNs { get; init; } = 10 * NsPerSecond;

    /// <summary>Half-life of the mean minute's volume that sweep sizes follow (M1). Default 10 minutes.</summary>
    public long MinuteVolumeHalfLifeNs { get; init; } = 600 * NsPerSecond;

    /// <summary>Four bands around the mid in basis points, ascending (B1). Default 5, 10, 25, 50.</summary>
    public IReadOnlyList<int> BandBps { get; init; } = [5, 10, 25, 50];

    /// <summary>
    /// Five sweep sizes in percent of the mean minute's volume, ascending (M1). Default 10, 25, 50, 100, 200.
    /// </summary>
    public IReadOnlyList<int> SweepPercents { get; init; } = [10, 25, 50, 100, 200];

    /// <summary>Five sweep sizes in lots, ascending, instead of percentages (M1). Default none.</summary>
    public IReadOnlyList<long>? SweepLots { get; init; }

    /// <summary>
    /// Until there is a minute's volume its percentages are of this many times the average depth at the touch (M1).
    /// Default 10: 1, 2.5, 5, 10 and 20 times the touch.
    /// </summary>
    public int FallbackDepthMultiple { get; init; } = 10;

    /// <summary>Most levels a side that a band or a sweep looks at (B1, M1). Default 1000.</summary>
    public int MaxWalkLevels { get; init; } = 1000;

    /// <summary>Throws one <see cref="ArgumentException"/> that names every value out of range.</summary>
    public void Validate()
    {
        var faults = new List<string>();
        CheckHalfLife(faults, nameof(OfiHalfLifeNs), OfiHalfLifeNs);
        CheckHalfLife(faults, nameof(AverageDepthHalfLifeNs), AverageDepthHalfLifeNs);
        CheckHalfLife(faults, nameof(SignedVolumeHalfLifeNs), SignedVolumeHalfLifeNs);
        CheckHalfLife(faults, nameof(TickVolumeHalfLifeNs), TickVolumeHalfLifeNs);
        CheckHalfLife(faults, nameof(SpreadHalfLifeNs), SpreadHalfLifeNs);
        CheckHalfLife(faults, nameof(QuoteStepHalfLifeNs), QuoteStepHalfLifeNs);
        CheckHalfLife(faults, nameof(MinuteVolumeHalfLifeNs), MinuteVolumeHalfLifeNs);
        CheckAscending(faults, nameof(BandBps), BandBps, SignalWidths.Bands, MaxBandBps);
        CheckAscending(faults, nameof(SweepPercents), SweepPercents, SignalWidths.Sizes, int.MaxValue);
        CheckSweepLots(faults);
        CheckRange(faults, nameof(FallbackDepthMultiple), FallbackDepthMultiple, 1, 1_000_000);
        CheckRange(faults, nameof(MaxWalkLevels), MaxWalkLevels, MinWalkLevels, 1_000_000);
        if (faults.Count > 0)
        {
            throw new ArgumentException("Signal options: " + string.Join("; ", faults) + ".");
        }
    }

    private static void CheckHalfLife(List<string> faults, string name, long ns) =>
        CheckRange(faults, name, ns, 1, MaxHalfLifeNs);

    private static void CheckRange(List<string> faults, string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            faults.Add($"{name} is {value}, must be from {least} to {most}");
        }
    }

    private static void CheckAscending(
        List<string> faults, string name, IReadOnlyList<int>? values, int count, int most)
    {
        if (values is null || values.Count != count)
        {
            faults.Add($"{name} has {values?.Count ?? 0} values, must have {count}");
            return;
        }

        for (int i = 0; i < count; i++)
        {
            if (values[i] > most || values[i] <= (i == 0 ? 0 : values[i - 1]))
            {
                faults.Add($"{name}[{i}] is {values[i]}, must be above the one before and 0, and at most {most}");
            }
        }
    }

    private void CheckSweepLots(List<string> faults)
    {
        if (SweepLots is not { } lots)
        {
            return;
        }

        if (lots.Count != SignalWidths.Sizes)
        {
            faults.Add($"{nameof(SweepLots)} has {lots.Count} values, must have {SignalWidths.Sizes} or be left out");
            return;
        }

        for (int i = 0; i < lots.Count; i++)
        {
            if (lots[i] <= (i == 0 ? 0 : lots[i - 1]))
            {
                faults.Add($"{nameof(SweepLots)}[{i}] is {lots[i]}, must be above the one before and 0");
            }
        }
    }
}
