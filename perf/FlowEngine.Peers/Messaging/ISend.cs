namespace FlowEngine.Peers.Messaging;

/// <summary>Publishes one message whose first eight bytes are the value given.</summary>
internal interface ISend
{
    /// <returns>A position, or something below 1 if it was not taken.</returns>
    long Send(long value);
}
