namespace FlowEngine.Peers.Messaging;

/// <summary>Publishes one message whose first eight bytes are the value given.</summary>
internal interface ISend
{
    /// <returns>A position, or something below 1 if it was not taken.</returns>
    long Send(long value);
}

/// <summary>Polls a subscription and adds up the first eight bytes of each message.</summary>
internal interface IReceive
{
    /// <returns>How many messages.</returns>
    int Receive(int limit, ref long sum);
}
