using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Client;

/// <summary>
/// What an execution system does with answers. All members are called by the thread that polls; the message is a view
/// over Aeron's buffer: read it, do not keep it.
/// </summary>
public abstract class PreTradeHandler
{
    /// <summary>The answer to a question of this client, once; look at its status first.</summary>
    public abstract void OnAnswer(in CostAnswerReader answer);

    /// <summary>No answer came in time; one that still comes is counted as late and not shown.</summary>
    public virtual void OnTimeout(ulong correlationId)
    {
    }
}
