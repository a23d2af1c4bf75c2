namespace FlowEngine.Market;

/// <summary>What a feed tells of an instrument's book.</summary>
public enum BookKind : byte
{
    /// <summary>Lots by price (L2): level events.</summary>
    PriceLevels = 0,

    /// <summary>Every order by its id (L3): order events.</summary>
    Orders = 1,
}
