namespace FlowEngine.Peers.Messaging;

/// <summary>One client on one driver, asked for each figure.</summary>
internal interface IStreamPeer : IDisposable
{
    /// <summary>Million messages a second from a publishing thread to a polling thread.</summary>
    double Throughput(string channel, int length, int count, Publishing publishing);

    /// <summary>Round trips of one message to another thread and back, over two streams, in nanoseconds.</summary>
    RoundTrips RoundTrip(string channel, int length, int count);

    /// <summary>Nanoseconds to poll one fragment that is there already, on one thread.</summary>
    double PollCost(int length, int count);

    /// <summary>Nanoseconds to claim and commit one message, on one thread, nobody waiting.</summary>
    double ClaimCost(int length, int count);
}

/// <summary>How a message is published.</summary>
internal enum Publishing
{
    ExclusiveOffer,
    ExclusiveClaim,
    ConcurrentOffer,
    ConcurrentClaim,
}

/// <summary>Percentiles of round trips, nanoseconds.</summary>
internal readonly record struct RoundTrips(double P50, double P99, double P999);
