namespace FlowEngine.Aeron.Driver;

/// <summary>A subscription to UDP streams, and the endpoint it receives them by.</summary>
internal sealed record NetworkSubscription(DriverSubscription Link, ReceiveChannel Channel);
