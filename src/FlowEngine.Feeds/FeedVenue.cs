namespace FlowEngine.Feeds;

/// <summary>Who sent a packet; the numbers of <c>venue</c> in <c>market-data.xml</c>.</summary>
public static class FeedVenue
{
    /// <summary>FlowEngine's simulated venue.</summary>
    public const ushort Simulator = 1;

    /// <summary>Deribit.</summary>
    public const ushort Deribit = 2;
}
