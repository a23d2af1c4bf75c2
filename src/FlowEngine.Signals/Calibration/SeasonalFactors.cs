using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// F11: how much of a thing (volume, volatility) is usual in each hour of the week, against the mean of all: 168
/// factors, Monday 00:00 UTC first.
/// </summary>
public sealed class SeasonalFactors
{
    /// <summary>Hours of a week.</summary>
    public const int Hours = 168;

    private const long NsPerHour = 3_600L * 1_000_000_000;

    // 1970-01-01 was a Thursday.
    private const long HoursFromMonday = 72;

    private readonly double[] _factors;

    /// <summary>Factors of given values.</summary>
    /// <param name="version">Which fit; 0 for none.</param>
    /// <param name="factors">168 of them.</param>
    public SeasonalFactors(long version, ReadOnlySpan<double> factors)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(factors.Length, Hours);
        Version = version;
        _factors = factors.ToArray();
    }

    /// <summary>Which fit.</summary>
    public long Version { get; private set; }

    /// <summary>All factors.</summary>
    public ReadOnlySpan<double> Factors => _factors;

    /// <summary>No season: all factors are 1, version 0.</summary>
    internal static SeasonalFactors Flat()
    {
        double[] factors = new double[Hours];
        Array.Fill(factors, 1);
        return new SeasonalFactors(0, factors);
    }

    /// <summary>Replaces the values of factors that a set runs on. Its owner's thread only.</summary>
    [Hot]
    internal void Load(long version, ReadOnlySpan<double> factors)
    {
        factors.CopyTo(_factors);
        Version = version;
    }

    /// <summary>Hour of the week of a time after 1970, 0 to 167.</summary>
    [Hot]
    public static int HourOf(long nowNs) => (int)((nowNs / NsPerHour + HoursFromMonday) % Hours);

    /// <summary>The factor of a time after 1970.</summary>
    [Hot]
    public double At(long nowNs) => _factors[HourOf(nowNs)];
}

/// <summary>Gathers hourly values into <see cref="SeasonalFactors"/>. Slow work.</summary>
public sealed class SeasonalFit
{
    private readonly double[] _means = new double[SeasonalFactors.Hours];
    private readonly bool[] _seen = new bool[SeasonalFactors.Hours];
    private readonly double _newShare;

    /// <summary>Nothing gathered.</summary>
    /// <param name="newShare">Weight of a new week, 0 to 1.</param>
    public SeasonalFit(double newShare) => _newShare = newShare;

    /// <summary>Takes what an hour of the week had.</summary>
    public void Add(int hour, double value)
    {
        _means[hour] = _seen[hour] ? _means[hour] + _newShare * (value - _means[hour]) : value;
        _seen[hour] = true;
    }

    /// <summary>Each hour over the mean of those seen; 1 for hours not seen, or where all are 0.</summary>
    public SeasonalFactors Solve(long version)
    {
        double sum = 0;
        int count = 0;
        for (int hour = 0; hour < _means.Length; hour++)
        {
            sum += _seen[hour] ? _means[hour] : 0;
            count += _seen[hour] ? 1 : 0;
        }

        double[] factors = new double[SeasonalFactors.Hours];
        for (int hour = 0; hour < factors.Length; hour++)
        {
            factors[hour] = _seen[hour] && sum > 0 ? _means[hour] * count / sum : 1;
        }

        return new SeasonalFactors(version, factors);
    }
}
