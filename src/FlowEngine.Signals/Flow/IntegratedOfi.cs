using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>Weights of F3: the first principal component of the levels' flows, scaled so that sizes add up to
/// 1.</summary>
/// <param name="Version">Which fit; 0 before the first.</param>
/// <param name="Levels">Levels that count, 1 to 10.</param>
/// <param name="Weights">One for each level.</param>
public readonly record struct OfiWeights(long Version, int Levels, PerLevel Weights)
{
    /// <summary>Equal weights, the cold start.</summary>
    public static OfiWeights Equal(int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, OfiLevels.Count);
        PerLevel weights = default;
        for (int m = 0; m < levels; m++)
        {
            weights[m] = 1.0 / levels;
        }

        return new OfiWeights(0, levels, weights);
    }
}

/// <summary>
/// F3, over intervals: ofi^m = Σ e^m / Qbar with Qbar the mean, over events and levels, of half the lots on both sides;
/// integrated ofi_I = w · ofi. Dimensionless, + is buy. An interval without events or depth is skipped: the values
/// hold. Cont, Cucuringu &amp; Zhang (2023).
/// </summary>
public struct IntegratedOfi
{
    private const double Half = 0.5;

    private readonly int _levels;
    private PerLevelLots _flow;
    private PerLevel _normalised;
    private double _depth;
    private long _events;

    /// <summary>No interval yet.</summary>
    /// <param name="levels">Levels that count, 1 to 10.</param>
    public IntegratedOfi(int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, OfiLevels.Count);
        _levels = levels;
    }

    /// <summary>ofi^m of the newest whole interval.</summary>
    public readonly PerLevel Normalised => _normalised;

    /// <summary>ofi_I of the same, with the weights of that time.</summary>
    public double Integrated { get; private set; }

    /// <summary>Qbar of the same, lots.</summary>
    public double MeanDepth { get; private set; }

    /// <summary>Intervals that had events and depth.</summary>
    public long Intervals { get; private set; }

    /// <summary>Intervals without, since the start.</summary>
    public long Skipped { get; private set; }

    /// <summary>Takes an event of F2, with the lots that stand after it on the levels that count.</summary>
    /// <param name="flow">e^m.</param>
    /// <param name="bids">The book after the event.</param>
    /// <param name="asks">Its other side.</param>
    [Hot]
    public void Add(in PerLevelLots flow, BookSide bids, BookSide asks)
    {
        double depth = 0;
        for (int m = 0; m < _levels; m++)
        {
            _flow[m] = Saturating.Add(_flow[m], flow[m]);
            depth += (m < bids.Count ? bids[m].Lots : 0) + (double)(m < asks.Count ? asks[m].Lots : 0);
        }

        _depth += depth * Half;
        _events++;
    }

    /// <summary>Takes an event of F2 whose lots on the levels that count are added up already.</summary>
    /// <param name="flow">e^m.</param>
    /// <param name="depthLots">Lots of both sides on these levels after the event.</param>
    /// <param name="first">First level that may have flow.</param>
    /// <param name="end">End of those that may.</param>
    [Hot]
    public void Add(in PerLevelLots flow, long depthLots, int first = 0, int end = OfiLevels.Count)
    {
        end = Math.Min(end, _levels);
        for (int m = first; m < end; m++)
        {
            _flow[m] = Saturating.Add(_flow[m], flow[m]);
        }

        _depth += depthLots * Half;
        _events++;
    }

    /// <summary>Ends the interval.</summary>
    /// <returns>LowSamples when it is skipped.</returns>
    [Hot]
    public ValidityFlags Close(in OfiWeights weights)
    {
        bool known = _depth > 0;
        if (known)
        {
            MeanDepth = _depth / ((double)_events * _levels);
            double integrated = 0;
            for (int m = 0; m < _levels; m++)
            {
                _normalised[m] = _flow[m] / MeanDepth;
                integrated += weights.Weights[m] * _normalised[m];
            }

            Integrated = integrated;
        }

        Intervals += known ? 1 : 0;
        Skipped += known ? 0 : 1;
        Reset();
        return known ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    /// <summary>Forgets the running interval: after a snapshot, a gap or a halt.</summary>
    [Hot]
    public void Reset()
    {
        _flow = default;
        _depth = 0;
        _events = 0;
    }
}
