namespace FlowEngine.Feeds;

/// <summary>
/// How a venue packet's payload is encoded; the numbers of <c>payloadFormat</c> in <c>market-data.xml</c>.
/// </summary>
public enum FeedFormat : byte
{
    /// <summary>Messages of <c>market-data.xml</c>, back to back.</summary>
    Normalised = 1,

    /// <summary>One Deribit multicast datagram.</summary>
    DeribitMulticast = 2,

    /// <summary>One CME MDP 3.0 multicast datagram.</summary>
    CmeMdp3 = 3,

    /// <summary>
    /// Messages of <c>market-data.xml</c> that stand in for what a CME capture lacks; none of them at its end.
    /// </summary>
    CmeAssumed = 4,

    /// <summary>One message of Binance's SBE streams.</summary>
    BinanceSbe = 5,
}
