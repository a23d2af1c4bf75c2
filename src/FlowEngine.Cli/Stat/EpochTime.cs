namespace FlowEngine.Cli.Stat;

/// <summary>Times that another process wrote.</summary>
internal static class EpochTime
{
    private static readonly long s_minMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_maxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time, or the nearest one there is.</summary>
    public static DateTimeOffset Of(long epochMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(epochMs, s_minMs, s_maxMs));
}
