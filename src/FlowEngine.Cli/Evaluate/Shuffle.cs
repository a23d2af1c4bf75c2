namespace FlowEngine.Cli.Evaluate;

/// <summary>The ablation control's shuffle: the same values in an order that a seed alone decides.</summary>
internal static class Shuffle
{
    /// <summary>A shuffled copy (Fisher &amp; Yates, SplitMix64).</summary>
    public static double[] Of(ReadOnlySpan<double> values, long seed)
    {
        var shuffled = values.ToArray();
        var state = (ulong)seed;
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            // The high half of a 128-bit product picks without a division.
            var other = (int)Math.BigMul(Next(ref state), (ulong)i + 1, out _);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
