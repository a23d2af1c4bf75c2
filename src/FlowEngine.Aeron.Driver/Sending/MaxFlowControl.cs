using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// The fastest receiver sets the pace: that of unicast streams, where there is one, and the default of groups.
/// </summary>
/// <param name="receiverWindowLength">Window receivers start with, bytes.</param>
/// <param name="retransmitWindows">How many such windows may be sent again at once.</param>
internal sealed class MaxFlowControl(int receiverWindowLength, int retransmitWindows) : IFlowControl
{
    /// <inheritdoc/>
    public bool HasRequiredReceivers => true;

    /// <inheritdoc/>
    public AtomicCounter Receivers => default;

    /// <inheritdoc/>
    public long OnStatusMessage(in StatusFrame frame, long position, long senderLimit, long nowNs) =>
        Math.Max(senderLimit, position + frame.WindowLength);

    /// <inheritdoc/>
    public void OnSetupElicited(in StatusFrame frame)
    {
    }

    /// <inheritdoc/>
    public void OnSetup(long senderLimit, long nowNs)
    {
    }

    /// <inheritdoc/>
    public long OnIdle(long senderLimit, long nowNs) => senderLimit;

    /// <inheritdoc/>
    public void OnError(long receiverId)
    {
    }

    /// <inheritdoc/>
    public int MaxRetransmitLength(int termOffset, int length, int termLength) =>
        FlowControl.RetransmitLength(termOffset, length, termLength, receiverWindowLength, retransmitWindows);
}
