namespace FlowEngine.Core.Agents;

/// <summary>
/// What a thread does when a duty cycle found nothing. A struct type argument, so that it costs no call.
/// </summary>
public interface IIdleStrategy
{
    /// <summary>Backs off when <paramref name="workCount"/> is 0, starts afresh otherwise.</summary>
    void Idle(int workCount);
}
