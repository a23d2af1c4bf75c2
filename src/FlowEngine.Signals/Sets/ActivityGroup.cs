using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>How much moves and trades: volatility, day's volume, trade sizes (F11), and what they say an order costs
/// (M7). Engine thread only.</summary>
public struct ActivityGroup
{
    private const long NsPerSecond = 1_000_000_000;
    private const long LongStepNs = 10 * NsPerSecond;

    private readonly RollingVolume _volume = new();
    private readonly TradeSizes _sizes;
    private readonly double _squareRootFactor;
    private RealisedVolatility _oneSecond;
    private RealisedVolatility _tenSeconds;

    /// <summary>Nothing seen yet.</summary>
    public ActivityGroup(CatalogueOptions options)
    {
        var halfLife = new HalfLife(options.VolatilityHalfLifeNs);
        _oneSecond = new RealisedVolatility(halfLife, NsPerSecond);
        _tenSeconds = new RealisedVolatility(halfLife, LongStepNs);
        _sizes = new TradeSizes(new HalfLife(options.SizeHalfLifeNs));
        _squareRootFactor = options.SquareRootFactor;
    }

    /// <summary>Whether the volatility over a second is known.</summary>
    public readonly ValidityFlags VolatilityFlags => _oneSecond.Read(out _, out _);

    /// <summary>The end of a venue event.</summary>
    /// <param name="orders">What it traded.</param>
    /// <param name="step">What the touch made of its book.</param>
    /// <param name="mid2">Twice the mid; 0 where there is none.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void EndEvent(in EventOrders orders, BookStep step, long mid2, long nowNs)
    {
        Trade(orders.BoughtLots, nowNs);
        Trade(orders.SoldLots, nowNs);
        Trade(orders.UnsignedLots, nowNs);
        if (step != BookStep.Stepped)
        {
            // From one book to another is no return.
            _oneSecond.Set(0, nowNs);
            _tenSeconds.Set(0, nowNs);
        }

        _oneSecond.Set(mid2, nowNs);
        _tenSeconds.Set(mid2, nowNs);
    }

    /// <summary>Everything as of <paramref name="nowNs"/>: each second.</summary>
    /// <param name="sizes">Sweep sizes, lots.</param>
    /// <param name="parameters">Seasons in force.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">Receives all of it.</param>
    /// <returns>LowSamples below thirty steps, a day or a hundred trades.</returns>
    [Hot]
    public readonly ValidityFlags Read(
        in PerSizeLots sizes, SetParameters parameters, long nowNs, ref ActivityValues values)
    {
        ValidityFlags flags = Read(_oneSecond, ref values.OneSecond) | Read(_tenSeconds, ref values.TenSeconds)
            | _volume.Read(nowNs, out values.DayLots)
            | _sizes.Read(out values.MeanTradeLots, out values.LargeTradeLots);
        values.VolumeSeason = parameters.VolumeSeason.At(nowNs);
        values.VolumeSeasonVersion = parameters.VersionOf(ParameterKind.VolumeSeason);
        values.VolatilitySeason = parameters.VolatilitySeason.At(nowNs);
        values.VolatilitySeasonVersion = parameters.VersionOf(ParameterKind.VolatilitySeason);
        values.Sizes = sizes;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            values.SquareRootBps[i] =
                SquareRootImpact.Of(_squareRootFactor, values.OneSecond.DailyBps, sizes[i], values.DayLots);
        }

        return flags;
    }

    private void Trade(long lots, long nowNs)
    {
        if (lots > 0)
        {
            _volume.Add(lots, nowNs);
            _sizes.Add(lots, nowNs);
        }
    }

    private static ValidityFlags Read(in RealisedVolatility volatility, ref VolatilityLine line) =>
        volatility.Read(out line.Variance, out line.DailyBps);
}
