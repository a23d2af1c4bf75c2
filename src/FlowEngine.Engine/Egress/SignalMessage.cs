namespace FlowEngine.Engine;

/// <summary>The messages of one instrument that carry provenance and are conflated, in slot order.</summary>
public enum SignalMessage
{
    /// <summary>Template topOfBook.</summary>
    TopOfBook = 0,

    /// <summary>Template pressure.</summary>
    Pressure = 1,

    /// <summary>Template impact.</summary>
    Impact = 2,

    /// <summary>Template liquidity.</summary>
    Liquidity = 3,

    /// <summary>Template cascade.</summary>
    Cascade = 4,

    /// <summary>Template depthFlow.</summary>
    DepthFlow = 5,

    /// <summary>Template sellPressure.</summary>
    SellPressure = 6,

    /// <summary>Template feedback.</summary>
    Feedback = 7,

    /// <summary>Template estimates.</summary>
    Estimates = 8,

    /// <summary>Template fairValue.</summary>
    FairValue = 9,

    /// <summary>Template bookShape.</summary>
    BookShape = 10,

    /// <summary>Template resilience.</summary>
    Resilience = 11,

    /// <summary>Template excitation.</summary>
    Excitation = 12,

    /// <summary>Template activity.</summary>
    Activity = 13,

    /// <summary>Template priceImpact.</summary>
    PriceImpact = 14,

    /// <summary>Template leverage.</summary>
    Leverage = 15,

    /// <summary>Template loopGains.</summary>
    LoopGains = 16,

    /// <summary>Template execution.</summary>
    Execution = 17,
}
