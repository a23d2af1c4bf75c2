using FlowEngine.Market;

namespace FlowEngine.Feeds.Simulation;

/// <summary>
/// The venue's own book of one instrument: the truth that its packets tell. Never crossed, never one-sided.
/// </summary>
public sealed class SimulatedBook
{
    /// <summary>Most levels of a side.</summary>
    public const int MaxLevels = 64;

    private readonly PriceLevel[] _bids = new PriceLevel[MaxLevels];
    private readonly PriceLevel[] _asks = new PriceLevel[MaxLevels];
    private int _bidCount;
    private int _askCount;

    /// <summary>The venue's sequence of this book.</summary>
    public ulong Sequence { get; internal set; } = 1000;

    /// <summary>Bids by rank; dead after the next packet.</summary>
    public BookSide Bids => new(_bids.AsSpan(0, _bidCount));

    /// <summary>Asks by rank; dead after the next packet.</summary>
    public BookSide Asks => new(_asks.AsSpan(0, _askCount));

    /// <summary>A side by rank.</summary>
    internal BookSide this[Side side] => side == Side.Bid ? Bids : Asks;

    /// <summary>Lots at a price, 0 where there is no level.</summary>
    internal long LotsAt(Side side, long price)
    {
        int index = Find(side, price, out bool isThere);
        return isThere ? Levels(side)[index].Lots : 0;
    }

    /// <summary>
    /// Makes a level hold lots in all; 0 removes it. The caller keeps within <see cref="MaxLevels"/>.
    /// </summary>
    internal void Set(Side side, long price, long lots)
    {
        PriceLevel[] levels = Levels(side);
        ref int count = ref CountOf(side);
        int index = Find(side, price, out bool isThere);
        if (lots == 0)
        {
            if (isThere)
            {
                Array.Copy(levels, index + 1, levels, index, count - index - 1);
                count--;
            }

            return;
        }

        if (!isThere)
        {
            Array.Copy(levels, index, levels, index + 1, count - index);
            count++;
        }

        levels[index] = new PriceLevel(price, lots);
    }

    private PriceLevel[] Levels(Side side) => side == Side.Bid ? _bids : _asks;

    private ref int CountOf(Side side)
    {
        if (side == Side.Bid)
        {
            return ref _bidCount;
        }

        return ref _askCount;
    }

    // Levels lie worst to best, so bids ascend and asks descend.
    private int Find(Side side, long price, out bool isThere)
    {
        PriceLevel[] levels = Levels(side);
        int count = CountOf(side);
        int index = count;
        while (index > 0 && (side == Side.Bid ? levels[index - 1].Price >= price : levels[index - 1].Price <= price))
        {
            index--;
        }

        isThere = index < count && levels[index].Price == price;
        return index;
    }
}
