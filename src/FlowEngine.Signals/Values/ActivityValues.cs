namespace FlowEngine.Signals;

/// <summary>Realised volatility over steps of one length.</summary>
public struct VolatilityLine
{
    /// <summary>Mean squared log return of a step.</summary>
    public double Variance;

    /// <summary>σ of a day, basis points.</summary>
    public double DailyBps;
}

/// <summary>Volatility, volume and sizes, and the square-root estimate from them (F11, M7): message
/// <c>activity</c>.</summary>
public struct ActivityValues
{
    /// <summary>Over steps of 1 s.</summary>
    public VolatilityLine OneSecond;

    /// <summary>Over steps of 10 s: where it is the lesser, the touch is noisy.</summary>
    public VolatilityLine TenSeconds;

    /// <summary>Lots of 24 hours, scaled up while less was watched.</summary>
    public double DayLots;

    /// <summary>Decayed mean lots of a trade: one side's prints of one venue event.</summary>
    public double MeanTradeLots;

    /// <summary>Their 95th percentile, within an eighth.</summary>
    public double LargeTradeLots;

    /// <summary>Volume usual in this hour of the week over the mean of all; 1 before the first fit.</summary>
    public double VolumeSeason;

    /// <summary>The same of volatility.</summary>
    public double VolatilitySeason;

    /// <summary>The sizes of <see cref="ImpactValues.Sizes"/> as they were, lots.</summary>
    public PerSizeLots Sizes;

    /// <summary>Y × σ × √(size / day's lots), basis points (M7).</summary>
    public PerSize SquareRootBps;

    /// <summary>Which fit of the volume's seasons; 0 before the first.</summary>
    public uint VolumeSeasonVersion;

    /// <summary>Which fit of the volatility's seasons; 0 before the first.</summary>
    public uint VolatilitySeasonVersion;
}
