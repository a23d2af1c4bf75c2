namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>Who can send a part of a stream again.</summary>
internal interface IRetransmitter
{
    /// <summary>Sends again what begins there, in whole frames.</summary>
    void Resend(int termId, int termOffset, int length, long nowNs);
}
