using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// One side of a book as signals see it: populated levels by rank, rank 0 the best. A view over the book's own storage:
/// the levels of its window, laid out as far as they are asked for, then those behind it, ordered worst to best so that
/// changes at the touch move nothing. Walk ranks upwards. Book thread only; dead after the book's next change.
/// </summary>
public readonly ref struct BookSide
{
    private readonly ReadOnlySpan<PriceLevel> _worstToBest;
    private readonly ref LadderSide _ladder;
    private readonly int _inWindow;

    /// <summary>A view over levels ordered worst to best.</summary>
    public BookSide(ReadOnlySpan<PriceLevel> worstToBest) => _worstToBest = worstToBest;

    /// <summary>A view over a side of a book.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BookSide(ref LadderSide ladder)
    {
        _worstToBest = ladder.Rest;
        _ladder = ref ladder;
        _inWindow = ladder.InWindow;
    }

    /// <summary>Populated levels.</summary>
    public int Count => _inWindow + _worstToBest.Length;

    /// <summary>Lots at the best level, 0 when the side is empty.</summary>
    [Hot]
    public long BestLots => TryBest(out var best) ? best.Lots : 0;

    /// <summary>Level by rank: 0 is the best, <see cref="Count"/> - 1 the worst.</summary>
    [Hot]
    public ref readonly PriceLevel this[int rank]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)rank >= (uint)_inWindow)
            {
                return ref _worstToBest[_worstToBest.Length - 1 - (rank - _inWindow)];
            }

            return ref _ladder.Seen(rank);
        }
    }

    /// <summary>Price of the best level. O(1).</summary>
    /// <returns>False when the side is empty.</returns>
    [Hot]
    public bool TryBest(out PriceLevel best)
    {
        if (_inWindow != 0)
        {
            best = _ladder.Best;
            return true;
        }

        if (_worstToBest.Length == 0)
        {
            best = default;
            return false;
        }

        best = _worstToBest[^1];
        return true;
    }
}
