using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// Lots before each of four ticks of a <see cref="TickWindow"/>, kept up by every change of lots: what a reader of
/// depth within a band around the mid asks for after each event, whatever the depth.
/// </summary>
internal struct BandSums
{
    // With lots below this a sum over all ticks of a window can't overflow.
    private const int SummableBits = 47;

    private Vector256<long> _ends;
    private Vector256<long> _lots;
    private long _bits;

    /// <summary>The prices that the reader asked for.</summary>
    public Vector256<long> Limits { get; private set; }

    /// <summary>Lots before each tick.</summary>
    public readonly Vector256<long> Lots => _lots;

    /// <summary>Whether no lots were so many that a sum might not fit.</summary>
    public readonly bool Fit => _bits >> SummableBits == 0;

    /// <summary>The lots of a tick change.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Change(int tick, long before, long after)
    {
        var inside = Vector256.LessThan(Vector256.Create((long)tick), _ends);
        _lots += inside & Vector256.Create(unchecked(after - before));
        _bits |= after;
    }

    /// <summary>The bands now end elsewhere. O(ticks between).</summary>
    /// <param name="limits">Prices that stand for the ends.</param>
    /// <param name="ends">Ticks before which the lots count, 0 to all.</param>
    /// <param name="ticks">Lots by tick.</param>
    [Hot]
    public void Move(Vector256<long> limits, Vector256<long> ends, ReadOnlySpan<long> ticks)
    {
        Limits = limits;
        for (var band = 0; band < Vector256<long>.Count; band++)
        {
            var was = (int)_ends[band];
            var end = (int)ends[band];
            long moved = end >= was ? Sum(ticks[was..end]) : -Sum(ticks[end..was]);
            _lots = _lots.WithElement(band, unchecked(_lots[band] + moved));
        }

        _ends = ends;
    }

    /// <summary>Looks for a sum that is wrong. O(ticks).</summary>
    /// <returns>What is wrong, or null.</returns>
    public readonly string? FindBroken(ReadOnlySpan<long> ticks)
    {
        for (var band = 0; band < Vector256<long>.Count; band++)
        {
            long sum = Sum(ticks[..(int)_ends[band]]);
            if (_lots[band] != sum)
            {
                return $"{_lots[band]} lots before tick {_ends[band]}, but they add up to {sum}";
            }
        }

        return null;
    }

    private static long Sum(ReadOnlySpan<long> ticks)
    {
        long sum = 0;
        foreach (long lots in ticks)
        {
            sum = unchecked(sum + lots);
        }

        return sum;
    }
}
