using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>What the orders of one level did within a venue event, lots.</summary>
/// <param name="Side">Side they rest or rested on.</param>
/// <param name="Price">Quanta.</param>
/// <param name="Added">Lots that came.</param>
/// <param name="Traded">Lots that the venue said were executed.</param>
/// <param name="Cancelled">Lots that left otherwise.</param>
public readonly record struct OrderFlow(Side Side, long Price, long Added, long Traded, long Cancelled)
{
    /// <summary>What they add to the level.</summary>
    public long Net => Added - Traded - Cancelled;
}

/// <summary>
/// B9 where orders are known one by one: what each event did to its order, added up by level over a venue event. An
/// execution traded, whatever else leaves was cancelled, a move to another price is both a cancellation and an
/// addition; so lots that come and go within one event are told, which the difference of two books can't.
/// <para>A feed that never tells executions deletes what traded: then <see cref="TellsExecutions"/> stays false, and
/// what left is to be held against the trades.</para>
/// </summary>
public sealed class OrderLedger
{
    /// <summary>Most levels that one venue event may touch; beyond them it is not <see cref="IsWhole"/>.</summary>
    public const int MostLevels = 64;

    private readonly OrderFlow[] _flows = new OrderFlow[MostLevels];
    private int _count;
    private bool _overflowed;

    /// <summary>Whether an execution was ever told.</summary>
    public bool TellsExecutions { get; private set; }

    /// <summary>Whether the running event had order events, and all of them found room.</summary>
    public bool IsWhole => _count > 0 && !_overflowed;

    /// <summary>Events that touched too many levels, since the start.</summary>
    public long Overflows { get; private set; }

    /// <summary>What the running event did, in the order levels were touched first.</summary>
    public ReadOnlySpan<OrderFlow> Flows => _flows.AsSpan(0, _count);

    /// <summary>Takes what an event did to its order. O(levels touched).</summary>
    /// <param name="kind">What the venue said.</param>
    /// <param name="before">The order before it; no lots where it did not rest.</param>
    /// <param name="after">The same after it.</param>
    [Hot]
    public void Take(EventKind kind, in RestingOrder before, in RestingOrder after)
    {
        bool isExecution = kind == EventKind.OrderExecute;
        TellsExecutions |= isExecution && before.Lots > 0;
        bool stays = after.Lots > 0 && before.Lots > 0 && kind != EventKind.OrderAdd
            && after.Price == before.Price && after.Side == before.Side;
        long left = stays ? Math.Max(0, before.Lots - after.Lots) : before.Lots;
        long came = stays ? Math.Max(0, after.Lots - before.Lots) : after.Lots;
        if (left > 0)
        {
            Add(new OrderFlow(before.Side, before.Price, 0, isExecution ? left : 0, isExecution ? 0 : left));
        }

        if (came > 0)
        {
            Add(new OrderFlow(after.Side, after.Price, came, 0, 0));
        }
    }

    /// <summary>Ends the venue event.</summary>
    [Hot]
    public void Clear()
    {
        _count = 0;
        _overflowed = false;
    }

    private void Add(in OrderFlow flow)
    {
        for (int i = 0; i < _count; i++)
        {
            ref OrderFlow known = ref _flows[i];
            if (known.Price == flow.Price && known.Side == flow.Side)
            {
                known = new OrderFlow(
                    flow.Side,
                    flow.Price,
                    Saturating.Add(known.Added, flow.Added),
                    Saturating.Add(known.Traded, flow.Traded),
                    Saturating.Add(known.Cancelled, flow.Cancelled));
                return;
            }
        }

        if (_count == MostLevels)
        {
            Overflows += _overflowed ? 0 : 1;
            _overflowed = true;
            return;
        }

        _flows[_count++] = flow;
    }
}
