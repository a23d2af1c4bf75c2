using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// The five sizes of M1: given in lots, or percentages (10, 25, 50, 100, 200 by default) of the mean minute's volume,
/// and until there is one, of a multiple of the average depth at the touch. Rounded to the nearest lot, at least 1.
/// </summary>
public readonly struct SweepSizes
{
    private const double PerPercent = 0.01;
    private const double Half = 0.5;
    private const double MostLots = 1L << 62;

    private readonly PerSizeLots _fixed;
    private readonly PerSize _shares;
    private readonly bool _isFixed;
    private readonly int _depthMultiple;

    /// <summary>Sizes as the options say.</summary>
    public SweepSizes(SignalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _isFixed = options.SweepLots is not null;
        _depthMultiple = options.FallbackDepthMultiple;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            _fixed[i] = options.SweepLots?[i] ?? 0;
            _shares[i] = options.SweepPercents[i] * PerPercent;
        }
    }

    /// <summary>The sizes as of <paramref name="nowNs"/>.</summary>
    /// <param name="volume">The mean minute's volume.</param>
    /// <param name="averageDepth">Lots, for as long as there is no such mean.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="sizes">Receives the sizes, ascending.</param>
    /// <returns>False when there is too little volume yet and the sizes follow the depth.</returns>
    [Hot]
    public bool Fill(in MinuteVolume volume, double averageDepth, long nowNs, out PerSizeLots sizes)
    {
        sizes = _fixed;
        if (_isFixed)
        {
            return true;
        }

        bool known = volume.TryMean(nowNs, out double whole);
        whole = known ? whole : averageDepth * _depthMultiple;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            double lots = whole * _shares[i] + Half;
            sizes[i] = lots < 1 ? 1 : lots >= MostLots ? (long)MostLots : (long)lots;
        }

        return known;
    }
}
