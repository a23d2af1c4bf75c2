namespace FlowEngine.Market;

/// <summary>
/// What a consumer must know before it trusts a value (signals.md 0.4). The bits are those of <c>signals.xml</c>.
/// </summary>
[Flags]
public enum ValidityFlags : uint
{
    /// <summary>Fully valid.</summary>
    None = 0,

    /// <summary>First value after start, snapshot or recovery: no difference-type signal yet.</summary>
    Warmup = 1 << 0,

    /// <summary>No venue event for longer than the instrument's limit.</summary>
    Stale = 1 << 1,

    /// <summary>Best bid above best ask at an event boundary: book signals are frozen.</summary>
    Crossed = 1 << 2,

    /// <summary>Best bid equals best ask.</summary>
    Locked = 1 << 3,

    /// <summary>One side is empty.</summary>
    OneSided = 1 << 4,

    /// <summary>Both sides are empty.</summary>
    Empty = 1 << 5,

    /// <summary>Increments were lost; the book waits for a snapshot.</summary>
    Gap = 1 << 6,

    /// <summary>Trading is halted or not open.</summary>
    Halted = 1 << 7,

    /// <summary>The window asked for exceeds the depth held.</summary>
    PartialDepth = 1 << 8,

    /// <summary>The source throttles: flow is understated.</summary>
    ThrottledInput = 1 << 9,

    /// <summary>A time ran backwards and was clamped.</summary>
    Clamped = 1 << 10,

    /// <summary>Too few samples for the estimate.</summary>
    LowSamples = 1 << 11,

    /// <summary>Input for this instrument was damaged (NaN, off-grid price, bad enum) and left out.</summary>
    DamagedInput = 1 << 12,
}
