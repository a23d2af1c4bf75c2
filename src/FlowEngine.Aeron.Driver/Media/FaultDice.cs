using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>What is to happen to a datagram.</summary>
internal enum Fault
{
    None,
    Lose,
    Duplicate,
    HoldBack,
}

/// <summary>Decides about the datagrams of one direction of one transport. One thread.</summary>
internal sealed class FaultDice(FaultPlan plan, bool isSend, int seed)
{
    private const int MaxDelay = 4;

    private readonly double _loss = isSend ? plan.LossSend : plan.LossReceive;
    private readonly double _duplicate = isSend ? plan.DuplicateSend : plan.DuplicateReceive;
    private readonly double _reorder = isSend ? plan.ReorderSend : plan.ReorderReceive;
    private ulong _state = unchecked((ulong)seed * 0x9e3779b97f4a7c15);

    /// <summary>Decides, and counts that.</summary>
    public Fault Throw(ReadOnlySpan<byte> datagram, bool canHoldBack)
    {
        plan.Counts.CountSeen();
        if (plan.MessagesOnly && !HasMessage(datagram))
        {
            return Fault.None;
        }

        // Three throws for each datagram, whatever they show: a change of one chance leaves the others' luck as it was.
        var (loss, duplicate, reorder) = (Next(), Next(), Next());
        if (loss < _loss)
        {
            plan.Counts.CountLoss(isSend);
            return Fault.Lose;
        }

        if (reorder < _reorder && canHoldBack)
        {
            plan.Counts.CountReorder();
            return Fault.HoldBack;
        }

        if (duplicate < _duplicate)
        {
            plan.Counts.CountDuplicate();
            return Fault.Duplicate;
        }

        return Fault.None;
    }

    /// <summary>How many of the next datagrams overtake one that is held back: 1 to 4.</summary>
    public int Delay() => 1 + (int)(Next() * MaxDelay);

    // SplitMix64: the same numbers on every machine and runtime, 0 to 1.
    private double Next()
    {
        unchecked
        {
            _state += 0x9e3779b97f4a7c15;
            var mixed = (_state ^ (_state >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }

    private static bool HasMessage(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= DataFrame.HeaderLength
        && FrameTypes.Type(datagram) is FrameTypes.Data or FrameTypes.Padding
        && FrameTypes.Length(datagram) > 0;
}
