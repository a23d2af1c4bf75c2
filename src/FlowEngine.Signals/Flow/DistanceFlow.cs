using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// F2 by distance instead of rank: net lots that came to the bids less those that came to the asks, by distance from
/// the better of the side's bests before and after the event; + is buy. No index shifts: what did not change counts
/// nowhere. The last bucket takes all beyond.
/// </summary>
public struct DistanceFlow
{
    private readonly long _bucketQuanta;
    private PerLevelLots _event;
    private PerLevelLots _sum;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="bucketQuanta">Width of a bucket.</param>
    public DistanceFlow(long bucketQuanta) => _bucketQuanta = bucketQuanta;

    /// <summary>Net lots of the newest event, nearest first.</summary>
    public readonly PerLevelLots Event => _event;

    /// <summary>Their sum since the start; saturates.</summary>
    public readonly PerLevelLots Sum => _sum;

    /// <summary>Begins an event.</summary>
    [Hot]
    public void Begin() => _event = default;

    /// <summary>Takes a level's change within the event.</summary>
    [Hot]
    public void Add(in LevelStep step, in TouchState before, in TouchState after)
    {
        bool bid = step.Side == Side.Bid;
        long best = bid ? Math.Max(before.BidPrice, after.BidPrice) : Math.Min(before.AskPrice, after.AskPrice);
        long bucket = Math.Clamp((bid ? best - step.Price : step.Price - best) / _bucketQuanta, 0, OfiLevels.Count - 1);
        long lots = bid ? step.After - step.Before : step.Before - step.After;
        _event[(int)bucket] = Saturating.Add(_event[(int)bucket], lots);
        _sum[(int)bucket] = Saturating.Add(_sum[(int)bucket], lots);
    }
}
