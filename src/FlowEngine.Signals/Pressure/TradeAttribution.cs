using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>What became of lots at one level. Only one of the three is above 0, or Traded and Cancelled both.</summary>
/// <param name="Side">Side the lots rest or rested on.</param>
/// <param name="Price">Quanta.</param>
/// <param name="Added">Lots that came.</param>
/// <param name="Traded">Lots that left because they traded.</param>
/// <param name="Cancelled">Lots that left without a trade.</param>
/// <param name="Before">Lots at the level before the event.</param>
/// <param name="After">Lots after it.</param>
public readonly record struct LevelFlow(
    Side Side, long Price, long Added, long Traded, long Cancelled, long Before, long After)
{
    /// <summary>Lots that left.</summary>
    public long Removed => Traded + Cancelled;
}

/// <summary>
/// B9's attribution: of each decrease of a level, traded = min(decrease, trades at that price not yet accounted for)
/// and cancelled = the rest. Trades wait for their decrease in a small ledger, a while at most; where the venue tells
/// of the book first (<see cref="TradesFollow"/>) decreases wait for their trades instead, and count as cancelled when
/// none came. Trades that never found a decrease met hidden lots.
/// </summary>
public sealed class TradeAttribution
{
    private readonly Pending[] _pending;
    private readonly long _waitNs;
    private int _count;

    /// <summary>Nothing pending.</summary>
    /// <param name="tradesFollow">Whether trades come after the book change they caused.</param>
    /// <param name="waitNs">How long one half waits for the other; 50 ms by default.</param>
    /// <param name="capacity">Most that wait at a time; a sweep through more levels than this, told print by print
    /// before the book, loses the excess (<see cref="Overflows"/>).</param>
    public TradeAttribution(bool tradesFollow, long waitNs = 50_000_000, int capacity = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        TradesFollow = tradesFollow;
        _waitNs = waitNs;
        _pending = new Pending[capacity];
    }

    /// <summary>Whether trades come after the book change they caused.</summary>
    public bool TradesFollow { get; }

    /// <summary>Lots traded that no level showed, since the start.</summary>
    public long HiddenLots { get; private set; }

    /// <summary>Halves that found no room to wait, since the start.</summary>
    public long Overflows { get; private set; }

    /// <summary>Takes a level's change.</summary>
    /// <param name="step">The change; not one that only the feed's window made.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="flow">What is known of it now.</param>
    /// <returns>False when nothing is: a decrease that waits for its trade.</returns>
    [Hot]
    public bool Change(in LevelStep step, long nowNs, out LevelFlow flow)
    {
        long removed = step.Before - step.After;
        flow = new LevelFlow(step.Side, step.Price, Math.Max(0, -removed), 0, 0, step.Before, step.After);
        if (removed <= 0)
        {
            return true;
        }

        long traded = Take(step.Side, step.Price, removed, isTrade: true, out _);
        long rest = removed - traded;
        if (TradesFollow && rest > 0)
        {
            var waiting = new Pending(step.Side, step.Price, rest, nowNs, IsTrade: false, step.Before, step.After);
            rest = TryWait(waiting) ? 0 : rest;
        }

        flow = flow with { Traded = traded, Cancelled = rest };
        return traded + rest > 0;
    }

    /// <summary>Takes a trade against lots resting on <paramref name="side"/>.</summary>
    /// <returns>Whether it explains a decrease that waited; then <paramref name="flow"/> says which.</returns>
    [Hot]
    public bool Trade(Side side, long price, long lots, long nowNs, out LevelFlow flow)
    {
        long traded = Take(side, price, lots, isTrade: false, out Pending found);
        flow = new LevelFlow(side, price, 0, traded, 0, found.Before, found.After);
        if (traded < lots)
        {
            var waiting = new Pending(side, price, lots - traded, nowNs, IsTrade: true, 0, 0);
            HiddenLots = Saturating.Add(HiddenLots, TryWait(waiting) ? 0 : lots - traded);
        }

        return traded > 0;
    }

    /// <summary>
    /// Lets go of what has waited too long. Call until it says no, at each event's end and on timers.
    /// </summary>
    /// <returns>Whether a decrease turned out to be cancelled; then <paramref name="flow"/> says which.</returns>
    [Hot]
    public bool TryExpire(long nowNs, out LevelFlow flow)
    {
        for (int i = 0; i < _count;)
        {
            Pending oldest = _pending[i];
            if (nowNs - oldest.SinceNs <= _waitNs)
            {
                // They stand in the order they came.
                break;
            }

            RemoveAt(i);
            if (!oldest.IsTrade)
            {
                flow = new LevelFlow(oldest.Side, oldest.Price, 0, 0, oldest.Lots, oldest.Before, oldest.After);
                return true;
            }

            HiddenLots = Saturating.Add(HiddenLots, oldest.Lots);
        }

        flow = default;
        return false;
    }

    /// <summary>Forgets what waits: after a snapshot, a gap or a halt.</summary>
    [Hot]
    public void Clear() => _count = 0;

    private long Take(Side side, long price, long lots, bool isTrade, out Pending found)
    {
        found = default;
        long taken = 0;
        for (int i = 0; i < _count && taken < lots;)
        {
            ref Pending entry = ref _pending[i];
            if (entry.IsTrade != isTrade || entry.Side != side || entry.Price != price)
            {
                i++;
                continue;
            }

            found = entry;
            long part = Math.Min(entry.Lots, lots - taken);
            taken += part;
            entry = entry with { Lots = entry.Lots - part };
            if (entry.Lots == 0)
            {
                RemoveAt(i);
            }
        }

        return taken;
    }

    private bool TryWait(in Pending waiting)
    {
        if (_count == _pending.Length)
        {
            Overflows++;
            return false;
        }

        _pending[_count++] = waiting;
        return true;
    }

    private void RemoveAt(int index)
    {
        _count--;
        _pending.AsSpan(index + 1, _count - index).CopyTo(_pending.AsSpan(index));
    }

    private readonly record struct Pending(
        Side Side, long Price, long Lots, long SinceNs, bool IsTrade, long Before, long After);
}
