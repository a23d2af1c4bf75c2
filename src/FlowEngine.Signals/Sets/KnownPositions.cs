using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// The known positions of one instrument (L5) and which of them still stand: the price went through the others. Where
/// there are any the map is theirs alone, and open interest adds nothing to it. Engine thread only.
/// </summary>
public struct KnownPositions
{
    private readonly (long Price, long Lots)[] _positions;
    private long _lowest = long.MaxValue;
    private long _highest = long.MinValue;

    /// <summary>All stand. Set-up.</summary>
    public KnownPositions(IReadOnlyList<KnownPosition> positions, Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(instrument);
        double quantum = instrument.PriceQuantum.ToDouble();
        var own = new List<(long, long)>();
        foreach (KnownPosition position in positions)
        {
            if (position.Symbol == instrument.Symbol)
            {
                own.Add(((long)Math.Round(position.Price / quantum), position.Lots));
            }
        }

        _positions = [.. own];
    }

    /// <summary>Whether any were told.</summary>
    public readonly bool Any => _positions.Length > 0;

    /// <summary>It traded here.</summary>
    [Hot]
    public void Pass(long price)
    {
        _lowest = Math.Min(_lowest, price);
        _highest = Math.Max(_highest, price);
    }

    /// <summary>Puts those that stand on an empty map. O(positions), when a map is laid.</summary>
    [Hot]
    public readonly void AddTo(LiquidationMap map)
    {
        foreach ((long price, long lots) in _positions)
        {
            if (lots > 0 && price < _lowest)
            {
                map.AddLong(price, lots);
            }
            else if (lots < 0 && price > _highest)
            {
                map.AddShort(price, -(double)lots);
            }
        }
    }
}
