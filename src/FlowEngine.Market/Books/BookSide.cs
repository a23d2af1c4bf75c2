using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// One side of a book as signals see it: populated levels by rank, rank 0 the best. A view over the book's own storage,
/// which is ordered worst to best so that changes at the touch move nothing. Book thread only; dead after the book's
/// next change.
/// </summary>
public readonly ref struct BookSide
{
    private readonly ReadOnlySpan<PriceLevel> _worstToBest;

    /// <summary>A view over levels ordered worst to best.</summary>
    public BookSide(ReadOnlySpan<PriceLevel> worstToBest) => _worstToBest = worstToBest;

    /// <summary>Populated levels.</summary>
    public int Count => _worstToBest.Length;

    /// <summary>Lots at the best level, 0 when the side is empty.</summary>
    [Hot]
    public long BestLots => _worstToBest.Length == 0 ? 0 : _worstToBest[^1].Lots;

    /// <summary>Level by rank: 0 is the best, <see cref="Count"/> - 1 the worst.</summary>
    [Hot]
    public ref readonly PriceLevel this[int rank]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _worstToBest[_worstToBest.Length - 1 - rank];
    }

    /// <summary>Price of the best level.</summary>
    /// <returns>False when the side is empty.</returns>
    [Hot]
    public bool TryBest(out PriceLevel best)
    {
        if (_worstToBest.Length == 0)
        {
            best = default;
            return false;
        }

        best = _worstToBest[^1];
        return true;
    }
}
