namespace FlowEngine.Peers.Messaging;

/// <summary>Polls a subscription and adds up the first eight bytes of each message.</summary>
internal interface IReceive
{
    /// <returns>How many messages.</returns>
    int Receive(int limit, ref long sum);
}
