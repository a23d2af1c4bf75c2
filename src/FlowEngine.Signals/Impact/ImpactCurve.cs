using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M2: how far the mid moves when a size is swept, the best price of the swept side being all that changes; and the
/// lots that must go for the best price to give way by some quanta. Quanta. What is left of a book that runs out has no
/// mid.
/// </summary>
public static class ImpactCurve
{
    /// <summary>A shift that is not known: the side ran out.</summary>
    public const long Exhausted = long.MaxValue;

    private const double Half = 0.5;

    /// <summary>Shift of the mid in half-quanta after sweeping each of five sizes; 0 below the touch, never negative,
    /// <see cref="Exhausted"/> where nothing is left. O(levels + sizes).</summary>
    /// <param name="levels">Bids for sells, asks for buys.</param>
    /// <param name="sizes">Lots, ascending.</param>
    /// <param name="maxLevels">Most levels to walk.</param>
    /// <param name="shifts2">The shifts.</param>
    /// <returns>PartialDepth where a size took all that is held.</returns>
    [Hot]
    public static ValidityFlags Walk(in BookSide levels, in PerSizeLots sizes, int maxLevels, out PerSizeLots shifts2)
    {
        shifts2 = default;
        int next = 0;
        if (levels.TryBest(out PriceLevel best))
        {
            int limit = Math.Min(levels.Count, maxLevels);
            long through = 0;
            for (int rank = 0; rank < limit && next < SignalWidths.Sizes; rank++)
            {
                ref readonly PriceLevel level = ref levels[rank];
                through = Saturating.Add(through, level.Lots);
                for (; next < SignalWidths.Sizes && sizes[next] < through; next++)
                {
                    shifts2[next] = Saturating.Abs(level.Price - best.Price);
                }
            }
        }

        bool ranOut = next < SignalWidths.Sizes;
        for (; next < SignalWidths.Sizes; next++)
        {
            shifts2[next] = Exhausted;
        }

        return ranOut ? ValidityFlags.PartialDepth : ValidityFlags.None;
    }

    /// <summary>Lots at prices less than <paramref name="quanta"/> from the best: what it takes to move it by that
    /// much. O(levels).</summary>
    [Hot]
    public static long LotsToMove(in BookSide levels, long quanta, int maxLevels)
    {
        long lots = 0;
        if (!levels.TryBest(out PriceLevel best))
        {
            return lots;
        }

        int limit = Math.Min(levels.Count, maxLevels);
        for (int rank = 0; rank < limit; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            if (Saturating.Abs(level.Price - best.Price) >= quanta)
            {
                break;
            }

            lots = Saturating.Add(lots, level.Lots);
        }

        return lots;
    }

    /// <summary>Fits shift = a × size^b to the five points, those of 0 and the exhausted left out.</summary>
    /// <returns>LowSamples below two different sizes that moved the mid.</returns>
    [Hot]
    public static ValidityFlags Fit(in PerSizeLots sizes, in PerSizeLots shifts2, out PowerLaw law)
    {
        PowerLawFit fit = default;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            if (shifts2[i] > 0 && shifts2[i] != Exhausted)
            {
                fit.Add(sizes[i], shifts2[i] * Half);
            }
        }

        return fit.Solve(out law);
    }
}
