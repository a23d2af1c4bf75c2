using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// B5's G*: what to add to the mid, by imbalance bucket and spread. Bucket of imbalance Qb / (Qb + Qa): n
/// equal ones, symmetric: the mirror of bucket i is n - 1 - i, exactly, as it is found with integers.
/// </summary>
public sealed class MicropriceTable
{
    private readonly double[] _adjustments;
    private readonly long[] _visits;
    private readonly long _leastVisits;

    /// <summary>A table of given values.</summary>
    /// <param name="version">Which fit; more than 0.</param>
    /// <param name="buckets">n, imbalance buckets.</param>
    /// <param name="spreads">m; wider spreads count as m ticks.</param>
    /// <param name="tickQuanta">Quanta of a tick.</param>
    /// <param name="adjustments">Quanta to add to the mid, n for one tick, n for two, …</param>
    /// <param name="visits">How often each state was seen, in the same order.</param>
    /// <param name="leastVisits">States seen less often have no value; 200 by default.</param>
    public MicropriceTable(
        long version,
        int buckets,
        int spreads,
        long tickQuanta,
        ReadOnlySpan<double> adjustments,
        ReadOnlySpan<long> visits,
        long leastVisits = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(spreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tickQuanta, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(adjustments.Length, buckets * spreads);
        ArgumentOutOfRangeException.ThrowIfNotEqual(visits.Length, buckets * spreads);
        Version = version;
        Buckets = buckets;
        Spreads = spreads;
        TickQuanta = tickQuanta;
        _leastVisits = leastVisits;
        _adjustments = adjustments.ToArray();
        _visits = visits.ToArray();
    }

    /// <summary>Which fit.</summary>
    public long Version { get; private set; }

    /// <summary>Imbalance buckets.</summary>
    public int Buckets { get; }

    /// <summary>Spreads told apart, ticks.</summary>
    public int Spreads { get; }

    /// <summary>Quanta of a tick.</summary>
    public long TickQuanta { get; }

    /// <summary>Quanta to add to the mid, by spread, then bucket.</summary>
    public ReadOnlySpan<double> Adjustments => _adjustments;

    /// <summary>How often each state was seen.</summary>
    public ReadOnlySpan<long> Visits => _visits;

    /// <summary>Bucket of a touch with lots on both sides, 0 to n - 1.</summary>
    [Hot]
    public static int BucketOf(long bidLots, long askLots, int buckets)
    {
        // Counted from the thinner side, so that the mirror of an edge falls into the mirror of its bucket.
        Int128 all = (Int128)bidLots + askLots;
        bool bidThinner = bidLots < askLots;
        int bucket = (int)((Int128)(bidThinner ? bidLots : askLots) * buckets / all);
        bucket = Math.Min(bucket, (buckets - 1) / 2);
        return bidThinner || bidLots == askLots ? bucket : buckets - 1 - bucket;
    }

    /// <summary>Spread of a touch in ticks, 1 to m.</summary>
    [Hot]
    public static int SpreadOf(long spreadQuanta, long tickQuanta, int spreads) =>
        (int)Math.Clamp(spreadQuanta / tickQuanta, 1, spreads);

    /// <summary>Replaces the values of a table that a set runs on. Its owner's thread only; O(states).</summary>
    /// <param name="version">Which fit; more than 0.</param>
    /// <param name="adjustments">Quanta to add to the mid, as in the constructor.</param>
    /// <param name="visits">Whole numbers, in the same order.</param>
    [Hot]
    internal void Load(long version, ReadOnlySpan<double> adjustments, ReadOnlySpan<double> visits)
    {
        adjustments.CopyTo(_adjustments);
        for (int i = 0; i < _visits.Length; i++)
        {
            _visits[i] = (long)visits[i];
        }

        Version = version;
    }

    /// <summary>What to add to the mid of a touch that has both sides. O(1).</summary>
    /// <returns>False where the state was seen too seldom.</returns>
    [Hot]
    public bool TryLookUp(in TouchState touch, out double quanta)
    {
        int spread = SpreadOf(touch.Spread, TickQuanta, Spreads);
        int state = (spread - 1) * Buckets + BucketOf(touch.BidLots, touch.AskLots, Buckets);

        // Between two buckets, as a balanced touch is where their number is even, their mean is right: 0 by symmetry.
        bool between = touch.BidLots == touch.AskLots && Buckets % 2 == 0;
        quanta = between ? 0 : _adjustments[state];
        return _visits[state] >= _leastVisits;
    }
}
