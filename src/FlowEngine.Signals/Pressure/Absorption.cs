using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// B12, one side: lots traded at the touch while it stood, over the most it ever showed. Well above 1 somebody refills
/// it or hides behind it. A description, not a forecast.
/// </summary>
public struct Absorption
{
    /// <summary>From here on the ratio is worth telling.</summary>
    public const double TellingRatio = 3;

    private long _price;
    private bool _hasPrice;

    /// <summary>Price of the touch, quanta; only after the first.</summary>
    public readonly long Price => _price;

    /// <summary>Lots traded at it since it became the touch.</summary>
    public long AbsorbedLots { get; private set; }

    /// <summary>Most lots it showed in that time.</summary>
    public long MostShownLots { get; private set; }

    /// <summary>The best level of the side after a venue event, <paramref name="lots"/> 0 when it is empty.</summary>
    [Hot]
    public void Set(long price, long lots)
    {
        bool stays = _hasPrice && lots > 0 && price == _price;
        AbsorbedLots = stays ? AbsorbedLots : 0;
        MostShownLots = stays ? Math.Max(MostShownLots, lots) : lots;
        _price = price;
        _hasPrice = lots > 0;
    }

    /// <summary>A trade against this side.</summary>
    [Hot]
    public void Trade(long price, long lots)
    {
        if (_hasPrice && price == _price)
        {
            AbsorbedLots = Saturating.Add(AbsorbedLots, lots);
        }
    }

    /// <summary>Traded over shown.</summary>
    /// <param name="largeTradeLots">The 95th percentile of trade sizes (F11): less than that is nothing to
    /// tell.</param>
    /// <param name="ratio">0 when the side is empty.</param>
    /// <returns>Whether it is worth telling: three times what was shown, and no small trade.</returns>
    [Hot]
    public readonly bool Read(double largeTradeLots, out double ratio)
    {
        ratio = _hasPrice ? (double)AbsorbedLots / MostShownLots : 0;
        return ratio >= TellingRatio && AbsorbedLots >= largeTradeLots;
    }
}
