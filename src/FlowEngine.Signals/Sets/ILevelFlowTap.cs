namespace FlowEngine.Signals;

/// <summary>Somebody else who wants to know what became of levels: a struct type argument, so that nobody costs
/// nothing.</summary>
public interface ILevelFlowTap
{
    /// <summary>What became of a level.</summary>
    /// <param name="flow">Lots added, traded or cancelled.</param>
    /// <param name="mid2">Twice the mid before the event, 0 where there was none.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    void Take(in LevelFlow flow, long mid2, long nowNs);
}

/// <summary>Nobody.</summary>
public readonly struct NoLevelFlowTap : ILevelFlowTap
{
    /// <inheritdoc/>
    public void Take(in LevelFlow flow, long mid2, long nowNs)
    {
    }
}
