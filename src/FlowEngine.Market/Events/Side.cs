namespace FlowEngine.Market;

/// <summary>Side of a resting level or order, or of the aggressor of a trade.</summary>
public enum Side : byte
{
    /// <summary>Not told by the venue.</summary>
    Unknown = 0,

    /// <summary>Resting bid.</summary>
    Bid = 1,

    /// <summary>Resting ask.</summary>
    Ask = 2,

    /// <summary>Aggressor bought.</summary>
    Buy = Bid,

    /// <summary>Aggressor sold.</summary>
    Sell = Ask,
}
