namespace FlowEngine.Market;

/// <summary>How a contract pays.</summary>
public enum ContractKind : byte
{
    /// <summary>Not told.</summary>
    Unknown = 0,

    /// <summary>Spot: quantity changes hands at price.</summary>
    Spot = 1,

    /// <summary>Value is price × quantity in the quote currency.</summary>
    Linear = 2,

    /// <summary>Value is quantity / price in the base currency: a lot is a fixed quote amount.</summary>
    Inverse = 3,

    /// <summary>Settled in a third currency.</summary>
    Quanto = 4,
}
