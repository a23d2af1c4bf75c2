using System.Runtime.InteropServices;
using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Lobster;

/// <summary>The best levels of one row of a LOBSTER order book file, and what a message makes of them.</summary>
internal sealed class LobsterView
{
    private const long NoPrice = 9_999_999_999;

    private readonly List<RunLevel> _bids = [];
    private readonly List<RunLevel> _asks = [];

    public LobsterView(int depth) => Depth = depth;

    /// <summary>Levels a side that the file shows.</summary>
    public int Depth { get; }

    /// <summary>The levels of a side, best first.</summary>
    public ReadOnlySpan<RunLevel> this[Side side] => CollectionsMarshal.AsSpan(Of(side));

    /// <summary>Takes a row's levels: ask price, size, bid price, size, from the best level on.</summary>
    /// <returns>False when the row is no such row; the view is then of no use.</returns>
    public bool TryParse(ReadOnlySpan<byte> row)
    {
        _bids.Clear();
        _asks.Clear();
        var fields = new CsvFields(row);
        for (var level = 0; level < Depth; level++)
        {
            if (!TryLevel(Side.Ask, ref fields) || !TryLevel(Side.Bid, ref fields))
            {
                return false;
            }
        }

        return fields.IsAtEnd;
    }

    public void CopyFrom(LobsterView other)
    {
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Bid, Side.Ask])
        {
            Of(side).Clear();
            Of(side).AddRange(other[side]);
        }
    }

    /// <summary>Adds lots to a level, or takes some away; what is outside of the view is passed over.</summary>
    /// <param name="side">Side of the level.</param>
    /// <param name="price">Its price.</param>
    /// <param name="lots">Change of its lots.</param>
    /// <param name="pushedOut">The level that left the view for it, where one did.</param>
    /// <returns>False when the view has no place for the change.</returns>
    public bool TryChange(Side side, long price, long lots, out RunLevel? pushedOut)
    {
        pushedOut = null;
        if (lots == 0)
        {
            return false;
        }

        List<RunLevel> levels = Of(side);
        var at = 0;
        while (at < levels.Count && (side == Side.Bid ? levels[at].Price > price : levels[at].Price < price))
        {
            at++;
        }

        if (at < levels.Count && levels[at].Price == price)
        {
            long left = levels[at].Lots + lots;
            if (left < 0)
            {
                return false;
            }

            if (left > 0)
            {
                levels[at] = new RunLevel(side, price, left);
            }
            else
            {
                levels.RemoveAt(at);
            }

            return true;
        }

        if (at >= Depth || lots <= 0)
        {
            return false;
        }

        levels.Insert(at, new RunLevel(side, price, lots));
        if (levels.Count > Depth)
        {
            pushedOut = levels[^1];
            levels.RemoveAt(levels.Count - 1);
        }

        return true;
    }

    /// <summary>Puts a level that came from beyond the view behind the others.</summary>
    public void Adopt(in RunLevel level) => Of(level.Side).Add(level);

    private List<RunLevel> Of(Side side) => side == Side.Bid ? _bids : _asks;

    private bool TryLevel(Side side, ref CsvFields fields)
    {
        if (!fields.TryWhole(out long price) || !fields.TryWhole(out long lots))
        {
            return false;
        }

        if (Math.Abs(price) == NoPrice)
        {
            return true;
        }

        Of(side).Add(new RunLevel(side, price, lots));
        return lots > 0;
    }
}
