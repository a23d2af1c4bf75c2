namespace FlowEngine.Core.Memory;

/// <summary>Sizes that keep values of different writers apart.</summary>
public static class CacheLine
{
    /// <summary>Bytes of one cache line on the machines this is built for.</summary>
    public const int Length = 64;

    /// <summary>
    /// Bytes to keep two writers apart: two lines, because the adjacent-line prefetcher pulls lines in pairs.
    /// </summary>
    public const int Pad = 2 * Length;

    /// <summary>Rounds <paramref name="value"/> up to <paramref name="alignment"/>, a power of two.</summary>
    public static int Align(int value, int alignment) => (value + (alignment - 1)) & -alignment;

    /// <summary>Rounds <paramref name="value"/> up to <paramref name="alignment"/>, a power of two.</summary>
    public static long Align(long value, long alignment) => (value + (alignment - 1)) & -alignment;
}
