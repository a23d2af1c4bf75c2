namespace FlowEngine.Market;

/// <summary>
/// When a feed of limited depth takes the level for gone that a better one pushed out. The level may live on at the
/// venue: it was not cancelled.
/// </summary>
public enum DepthRule : byte
{
    /// <summary>With the very change that pushed it out (CME).</summary>
    AtOnce = 0,

    /// <summary>When the venue event has ended: what was pushed out and came back within it never left (Kraken).</summary>
    AtEventEnd = 1,
}
