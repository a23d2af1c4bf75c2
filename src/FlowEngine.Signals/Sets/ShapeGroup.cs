using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// The shape of the book: decayed imbalance (B2), density and gaps (B3), slope (B7), impact curve (M2). Looks at the
/// book afresh each time and remembers nothing. O(levels): on 100 ms timers. Engine thread only.
/// </summary>
public readonly struct ShapeGroup
{
    private const double Half = 0.5;
    private const int BpsPerUnit = 10_000;

    private readonly CatalogueOptions _options;
    private readonly long _tickQuanta;
    private readonly int _maxWalkLevels;

    /// <summary>A look at books of <paramref name="instrument"/>.</summary>
    public ShapeGroup(CatalogueOptions options, int maxWalkLevels, Instrument instrument)
    {
        _options = options;
        _maxWalkLevels = maxWalkLevels;
        _tickQuanta = instrument.TickQuanta;
    }

    /// <summary>The ticks that lots are told for which move the best price by as many.</summary>
    public static ReadOnlySpan<int> MoveTicks => [1, 5, 10];

    /// <summary>The book as it is.</summary>
    /// <param name="bids">Best bids.</param>
    /// <param name="asks">Best asks.</param>
    /// <param name="mid2">Twice the mid; 0 where there is none.</param>
    /// <param name="sizes">Sweep sizes, lots, ascending.</param>
    /// <param name="values">Receives all of it.</param>
    /// <returns>LowSamples where a side has too few levels or there is no mid; PartialDepth where one ran
    /// out.</returns>
    [Hot]
    public ValidityFlags Evaluate(
        in BookSide bids, in BookSide asks, long mid2, in PerSizeLots sizes, ref ShapeValues values)
    {
        values.HalfDistance = Widest(_options.HalfDistanceTicks, _options.HalfDistanceBps, mid2);
        values.DensityTick = Widest(1, _options.DensityTickBps, mid2);
        ValidityFlags flags = Look(bids, mid2, sizes, values, ref values.Bid)
            | Look(asks, mid2, sizes, values, ref values.Ask);
        values.DecayedImbalance = DecayedImbalance.Of(values.Bid.DecayedLots, values.Ask.DecayedLots);
        values.DistanceImbalance = mid2 > 0
            ? DecayedImbalance.Of(
                DecayedImbalance.WeighByDistance(bids, mid2, _options.WeighedLevels),
                DecayedImbalance.WeighByDistance(asks, mid2, _options.WeighedLevels))
            : 0;
        values.DensityImbalance = BookDensity.Relative(values.Bid.Density, values.Ask.Density);
        values.SlopeImbalance = DecayedImbalance.Of(values.Bid.Slope, values.Ask.Slope);
        return flags | (mid2 > 0 ? ValidityFlags.None : ValidityFlags.LowSamples);
    }

    private ValidityFlags Look(
        in BookSide levels, long mid2, in PerSizeLots sizes, in ShapeValues values, ref ShapeLine line)
    {
        var halfDistance = new HalfLife(values.HalfDistance);
        ValidityFlags flags =
            DecayedImbalance.Weigh(levels, halfDistance, _options.WeighedLevels, out line.DecayedLots)
            | BookDensity.Measure(levels, values.DensityTick, _options.DensityTicks, out line.Density);
        line.Slope = 0;
        if (mid2 > 0)
        {
            flags |= DepthSlope.Measure(levels, mid2, _options.SlopeLevels, out line.Slope);
        }

        flags |= ImpactCurve.Walk(levels, sizes, _maxWalkLevels, out PerSizeLots shifts2)
            | ImpactCurve.Fit(sizes, shifts2, out PowerLaw law);
        line.Curve.Factor = law.Factor;
        line.Curve.Exponent = law.Exponent;
        line.Curve.RSquared = law.RSquared;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            line.Shift2[i] = shifts2[i] == ImpactCurve.Exhausted ? Optional.Null : shifts2[i];
        }

        for (int i = 0; i < CatalogueWidths.Moves; i++)
        {
            line.LotsToMove[i] = ImpactCurve.LotsToMove(levels, MoveTicks[i] * _tickQuanta, _maxWalkLevels);
        }

        return flags;
    }

    // So many ticks, or so many basis points of the mid in whole ticks where that is more.
    private long Widest(int ticks, int bps, long mid2)
    {
        double wide = mid2 > 0 ? mid2 * Half * bps / BpsPerUnit / _tickQuanta : 0;
        return _tickQuanta * Math.Max(ticks, (long)wide);
    }
}
