using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// F7: VPIN = Σ |Vb - Vs| / Σ V over the last n buckets of exactly V lots; trades are split at bucket ends, and the
/// open bucket does not count. 0 to 1. V changes only once n buckets of the old are whole. What it foretells is
/// disputed (Andersen &amp; Bondarenko 2014, 2015), and it differs with venue signs from what bulk classification
/// gives. Easley, Lopez de Prado &amp; O'Hara (2012).
/// </summary>
public sealed class Vpin
{
    // A thousandth of its range: history in as many steps is exact enough and never grows.
    private const int RankSteps = 1000;

    private readonly double[] _imbalances;
    private readonly double[] _volumes;
    private readonly long[] _history = new long[RankSteps + 1];
    private int _next;
    private int _held;
    private double _imbalance;
    private double _volume;
    private double _bucketLots;
    private double _nextBucketLots;
    private double _buy;
    private double _sell;

    /// <summary>No bucket yet.</summary>
    /// <param name="buckets">n; 50 by default.</param>
    /// <param name="bucketLots">V, lots; a fiftieth of the mean day's volume.</param>
    public Vpin(int buckets, long bucketLots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bucketLots, 1);
        _imbalances = new double[buckets];
        _volumes = new double[buckets];
        _bucketLots = bucketLots;
        _nextBucketLots = bucketLots;
    }

    /// <summary>Buckets filled since the start.</summary>
    public long Buckets { get; private set; }

    /// <summary>Values that <see cref="Rank"/> looks back on: one for each bucket that made n or more whole.</summary>
    public long Ranked { get; private set; }

    /// <summary>Share of <see cref="Ranked"/> that were not above the newest, to a thousandth of VPIN: its own
    /// empirical distribution, 0 to 1; 0 before the first.</summary>
    public double Rank { get; private set; }

    /// <summary>V of the open bucket, lots.</summary>
    public double BucketLots => _bucketLots;

    /// <summary>Begins with this V at once; only before the first trade, and below 1 is 1.</summary>
    [Hot]
    public void Start(double lots)
    {
        _nextBucketLots = Math.Max(1, lots);
        _bucketLots = Buckets == 0 && _buy + _sell == 0 ? _nextBucketLots : _bucketLots;
    }

    /// <summary>Asks for another V, from the next window of n buckets on; below 1 is 1.</summary>
    [Hot]
    public void SetBucketLots(double lots) => _nextBucketLots = Math.Max(1, lots);

    /// <summary>A trade of sign 1 or -1; 0 is nobody's and adds nothing. O(1) amortised, O(n) at most.</summary>
    [Hot]
    public void Trade(int sign, long lots)
    {
        if (sign != 0 && lots > 0)
        {
            Add(sign > 0 ? lots : 0, sign < 0 ? lots : 0);
        }
    }

    /// <summary>Lots bought and sold, as bulk classification tells them (<see cref="BulkVolume"/>).</summary>
    [Hot]
    public void Add(double buy, double sell)
    {
        double lots = buy + sell;
        while (lots > 0)
        {
            double room = _bucketLots - (_buy + _sell);
            if (lots < room)
            {
                _buy += buy;
                _sell += sell;
                return;
            }

            // One-sided lots stay integers: no share is taken of them.
            double buyPart = sell == 0 ? room : buy == 0 ? 0 : buy * (room / lots);
            double sellPart = room - buyPart;
            buy -= buyPart;
            sell -= sellPart;
            Close(_buy + buyPart, _sell + sellPart);
            (buy, sell) = SkipWholeWindows(Math.Max(0, buy), Math.Max(0, sell));
            lots = buy + sell;
        }
    }

    /// <summary>VPIN over the buckets held.</summary>
    /// <returns>LowSamples below n buckets.</returns>
    [Hot]
    public ValidityFlags Read(out double vpin)
    {
        vpin = _volume > 0 ? Math.Min(1, _imbalance / _volume) : 0;
        return _held == _imbalances.Length ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    private void Remember(double vpin, long buckets)
    {
        int step = (int)(vpin * RankSteps);
        _history[step] += buckets;
        Ranked += buckets;
        long below = 0;
        for (int i = 0; i <= step; i++)
        {
            below += _history[i];
        }

        Rank = (double)below / Ranked;
    }

    // What an order of many windows leaves is the last of them: all buckets the same.
    private (double Buy, double Sell) SkipWholeWindows(double buy, double sell)
    {
        double window = _bucketLots * _imbalances.Length;
        double lots = buy + sell;
        if (_next != 0 || lots < 2 * window)
        {
            return (buy, sell);
        }

        double windows = Math.Floor(lots / window) - 1;
        long skipped = (long)Math.Min(windows * _imbalances.Length, long.MaxValue / 4);
        Buckets += skipped;
        Remember(Math.Min(1, Math.Abs(buy - sell) / lots), skipped);

        // Beyond 2^53 lots the difference is rounding.
        double kept = Math.Clamp(lots - windows * window, window, 2 * window);
        return sell == 0 ? (kept, 0) : buy == 0 ? (0, kept) : (buy * (kept / lots), sell * (kept / lots));
    }

    private void Close(double buy, double sell)
    {
        _imbalances[_next] = Math.Abs(buy - sell);
        _volumes[_next] = _bucketLots;
        _next++;
        _held = Math.Max(_held, _next);
        Buckets++;
        _buy = 0;
        _sell = 0;
        if (_next == _imbalances.Length)
        {
            _next = 0;
            _bucketLots = _nextBucketLots;
        }

        // Summed afresh: n is small, buckets are rare, and there is nothing to drift.
        _imbalance = 0;
        _volume = 0;
        for (int i = 0; i < _held; i++)
        {
            _imbalance += _imbalances[i];
            _volume += _volumes[i];
        }

        if (Read(out double vpin) == ValidityFlags.None)
        {
            Remember(vpin, 1);
        }
    }
}
