using FlowEngine.Core;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// Prices by position of all instruments, as far as they are known: the venue speaks of positions where several levels
/// go, or another price takes a position, or an implied level is pushed out. One flat array, instrument by instrument:
/// <code>
/// bids 1..20 | offers 1..20 | implied bids 1..4 | implied offers 1..4
/// </code>
/// Ingress thread.
/// </summary>
[Hot]
internal sealed class CmeLadders
{
    /// <summary>A position of which nothing is known.</summary>
    public const long Unknown = long.MinValue;

    public const int MaxDepth = 20;
    public const int MaxImpliedDepth = 4;

    private const int Stride = 2 * (MaxDepth + MaxImpliedDepth);

    private readonly long[] _prices;

    public CmeLadders(int instruments)
    {
        _prices = new long[instruments * Stride];
        Array.Fill(_prices, Unknown);
    }

    /// <summary>The positions of one side, best first.</summary>
    public Span<long> Side(int instrument, bool isBid, bool isImplied)
    {
        int start = instrument * Stride;
        return isImplied
            ? _prices.AsSpan(start + (2 * MaxDepth) + (isBid ? 0 : MaxImpliedDepth), MaxImpliedDepth)
            : _prices.AsSpan(start + (isBid ? 0 : MaxDepth), MaxDepth);
    }

    /// <summary>Forgets all positions of an instrument.</summary>
    public void Forget(int instrument) => _prices.AsSpan(instrument * Stride, Stride).Fill(Unknown);

    /// <summary>Puts a price at a position; those from there on move back.</summary>
    /// <param name="levels">One side.</param>
    /// <param name="depth">Positions that the feed shows.</param>
    /// <param name="position">From 1.</param>
    /// <param name="price">In quanta.</param>
    /// <returns>The price that was pushed out, or <see cref="Unknown"/>.</returns>
    public static long Insert(Span<long> levels, int depth, int position, long price)
    {
        if ((uint)(position - 1) >= (uint)depth)
        {
            return Unknown;
        }

        long last = levels[depth - 1];
        levels[(position - 1)..(depth - 1)].CopyTo(levels[position..]);
        levels[position - 1] = price;
        return last;
    }

    /// <summary>Takes a position out; those behind move up.</summary>
    public static void Remove(Span<long> levels, int depth, int position)
    {
        if ((uint)(position - 1) < (uint)depth)
        {
            levels[position..depth].CopyTo(levels[(position - 1)..]);
            levels[depth - 1] = Unknown;
        }
    }
}
