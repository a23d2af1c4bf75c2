using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>What a change of open interest with a change of price says (L4).</summary>
public enum PositionFlow : byte
{
    /// <summary>Neither moved, or not known.</summary>
    None = 0,

    /// <summary>Price up, open interest up.</summary>
    NewLongs = 1,

    /// <summary>Price down, open interest up.</summary>
    NewShorts = 2,

    /// <summary>Price down, open interest down.</summary>
    LongsUnwinding = 3,

    /// <summary>Price up, open interest down.</summary>
    ShortsCovering = 4,
}

/// <summary>A change of open interest over some time.</summary>
public struct OpenInterestChange
{
    /// <summary>Lots.</summary>
    public long Lots;

    /// <summary>Over what there was, as a fraction.</summary>
    public double Share;

    /// <summary>Twice the mid's change, quanta.</summary>
    public long Mid2Change;

    /// <summary>What it says.</summary>
    public PositionFlow Flow;
}

/// <summary>
/// L4: change of open interest over 1 min and 5 min with what the price did, and the fuel it makes: over the exchange's
/// reserve (the estimated leverage ratio), over the book's depth, over the day's volume, each under its own name. Open
/// interest is polled: three polls missing and it is stale.
/// </summary>
public sealed class OpenInterestFlow
{
    private const int StalePolls = 3;

    private readonly Poll[] _polls;
    private readonly long _pollNs;
    private long _count;

    /// <summary>No poll yet.</summary>
    /// <param name="pollNs">Usual time between polls.</param>
    /// <param name="capacity">Polls kept: five minutes of them.</param>
    public OpenInterestFlow(long pollNs, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pollNs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _pollNs = pollNs;
        _polls = new Poll[capacity];
    }

    /// <summary>Newest open interest, lots; 0 before the first poll.</summary>
    public long Lots => _count > 0 ? Newest.Lots : 0;

    private Poll Newest => _polls[(int)((_count - 1) % _polls.Length)];

    /// <summary>A poll, with the mid of its time.</summary>
    [Hot]
    public void Add(long lots, long mid2, long nowNs)
    {
        _polls[(int)(_count % _polls.Length)] = new Poll(lots, mid2, nowNs);
        _count++;
    }

    /// <summary>Change from the newest poll at least <paramref name="spanNs"/> older than the newest one.
    /// O(polls).</summary>
    /// <returns>Stale after three polls' time without one, LowSamples where none is old enough.</returns>
    [Hot]
    public ValidityFlags Read(long spanNs, long nowNs, out OpenInterestChange change)
    {
        change = default;
        if (_count == 0)
        {
            return ValidityFlags.LowSamples;
        }

        Poll newest = Newest;
        ValidityFlags flags = nowNs - newest.TimeNs > StalePolls * _pollNs ? ValidityFlags.Stale : ValidityFlags.None;
        long held = Math.Min(_count, _polls.Length);
        for (long age = 1; age < held; age++)
        {
            Poll then = _polls[(int)((_count - 1 - age) % _polls.Length)];
            if (newest.TimeNs - then.TimeNs >= spanNs)
            {
                change.Lots = newest.Lots - then.Lots;
                change.Share = then.Lots > 0 ? (double)change.Lots / then.Lots : 0;
                change.Mid2Change = newest.Mid2 - then.Mid2;
                change.Flow = Classify(change.Lots, change.Mid2Change);
                return flags;
            }
        }

        return flags | ValidityFlags.LowSamples;
    }

    /// <summary>The quadrant.</summary>
    [Hot]
    public static PositionFlow Classify(long openInterestChange, long priceChange) =>
        openInterestChange == 0 || priceChange == 0 ? PositionFlow.None
        : openInterestChange > 0 ? (priceChange > 0 ? PositionFlow.NewLongs : PositionFlow.NewShorts)
        : priceChange > 0 ? PositionFlow.ShortsCovering : PositionFlow.LongsUnwinding;

    /// <summary>Open interest over something: reserves, depth within 2 %, lots of 24 hours.</summary>
    /// <returns>LowSamples, and 0, where that is not above 0.</returns>
    [Hot]
    public static ValidityFlags Ratio(double openInterest, double over, out double ratio)
    {
        ratio = over > 0 ? openInterest / over : 0;
        return over > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    private readonly record struct Poll(long Lots, long Mid2, long TimeNs);
}
