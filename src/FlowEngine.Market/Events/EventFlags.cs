namespace FlowEngine.Market;

/// <summary>What else is known of a <see cref="MarketEvent"/>.</summary>
[Flags]
public enum EventFlags : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Last event of one venue event: signals are evaluated after it.</summary>
    EndOfEvent = 1 << 0,

    /// <summary>Part of a snapshot: never order flow.</summary>
    Snapshot = 1 << 1,

    /// <summary>The level is implied from other instruments.</summary>
    ImpliedLevel = 1 << 2,

    /// <summary>The aggressor's side was inferred, not told by the venue.</summary>
    SignInferred = 1 << 3,

    /// <summary>The source throttles or samples its events.</summary>
    ThrottledSource = 1 << 4,

    /// <summary>The trade was (also) a liquidation of the resting side.</summary>
    MakerLiquidation = 1 << 5,

    /// <summary>
    /// Some of this venue event could not be represented (off-grid price, NaN, bad enum) and was left out.
    /// </summary>
    Damaged = 1 << 6,

    /// <summary>Not a print of the continuous market (block, combo, auction): no sign, no tick direction.</summary>
    OffBook = 1 << 7,

    /// <summary>The order goes to the end of its level's queue, whatever price and quantity say.</summary>
    LosesPriority = 1 << 8,

    /// <summary>The order keeps its place at an unchanged price, although its quantity grew.</summary>
    KeepsPriority = 1 << 9,
}
