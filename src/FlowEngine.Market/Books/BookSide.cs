using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

    /// <summary>
    /// The best levels, best first, at most as many as <paramref name="room"/> has. O(levels), O(1) in a book that
    /// changed nothing of them.
    /// </summary>
    /// <param name="room">Taken where the book has them in no such order.</param>
    /// <returns>A view that is dead after the book's next change.</returns>
    [Hot]
    public ReadOnlySpan<PriceLevel> Best(Span<PriceLevel> room)
    {
        int count = Math.Min(Count, room.Length);
        if (count != 0 && count <= _inWindow)
        {
            return _ladder.SeenFirst(count);
        }

        for (var rank = 0; rank < count; rank++)
        {
            room[rank] = this[rank];
        }

        return room[..count];
    }

    /// <summary>
    /// Lots of all levels up to and with each of four prices, as a book keeps them: O(1) while the prices stay.
    /// </summary>
    /// <param name="worst">The prices, each worse than the one before or the same.</param>
    /// <param name="lots">Lots up to each.</param>
    /// <returns>False where the book does not know and they have to be added up.</returns>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLotsWithin(Vector256<long> worst, out Vector256<long> lots)
    {
        if (_inWindow != 0)
        {
            return _ladder.TryLotsWithin(worst, out lots);
        }

        lots = default;
        return false;
    }

    /// <summary>Price of the worst level; the side must not be empty.</summary>
    public long WorstPrice => _worstToBest.Length != 0 ? _worstToBest[0].Price : _ladder.WorstPrice;
}
