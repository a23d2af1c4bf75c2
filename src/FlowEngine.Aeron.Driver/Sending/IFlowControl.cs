using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// How far a sender may run ahead of its receivers: turns their status messages into the sender's limit. Sender's
/// thread, but for <see cref="HasRequiredReceivers"/>.
/// </summary>
internal interface IFlowControl
{
    /// <summary>Whether there are as many receivers as the stream needs to be connected. Any thread.</summary>
    bool HasRequiredReceivers { get; }

    /// <summary>Counter of receivers; not valid where none are counted.</summary>
    AtomicCounter Receivers { get; }

    /// <summary>A receiver says where it is.</summary>
    /// <param name="frame">What it says.</param>
    /// <param name="position">Its consumption as position.</param>
    /// <param name="senderLimit">Limit so far.</param>
    /// <param name="nowNs">Time of the duty cycle.</param>
    /// <returns>The new limit.</returns>
    long OnStatusMessage(in StatusFrame frame, long position, long senderLimit, long nowNs);

    /// <summary>A receiver that does not know the stream has asked for a SETUP.</summary>
    void OnSetupElicited(in StatusFrame frame);

    /// <summary>A SETUP that was asked for goes out.</summary>
    void OnSetup(long senderLimit, long nowNs);

    /// <summary>Nothing was sent in this duty cycle.</summary>
    /// <returns>The new limit; may be lower than <paramref name="senderLimit"/>.</returns>
    long OnIdle(long senderLimit, long nowNs);

    /// <summary>A receiver refuses the stream.</summary>
    void OnError(long receiverId);

    /// <summary>How much of <paramref name="length"/> missing bytes to send again at once.</summary>
    int MaxRetransmitLength(int termOffset, int length, int termLength);
}
