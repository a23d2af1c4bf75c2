namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// How long a receiver waits before it asks for what is missing, first and again. One receiver waits a fixed time;
/// those of a group each wait a random time of a truncated exponential distribution, so that with high probability
/// one asks and the others hear the answer (optimal feedback of Nonnenmacher and Biersack). Conductor's thread.
/// </summary>
internal sealed class NakDelay
{
    private readonly long _delayNs;
    private readonly long _retryNs;
    private readonly double _randomMax;
    private readonly double _base;
    private readonly double _constantNs;
    private readonly double _factorNs;
    private readonly Random? _random;

    private NakDelay(long delayNs, long retryNs)
    {
        _delayNs = delayNs;
        _retryNs = retryNs;
    }

    private NakDelay(long maxBackoffNs, int groupSize, Random random)
    {
        var lambda = Math.Log(groupSize) + 1;
        var spread = Math.Exp(lambda) - 1;
        _randomMax = lambda / maxBackoffNs;
        _base = lambda / (maxBackoffNs * spread);
        _constantNs = maxBackoffNs / lambda;
        _factorNs = spread * _constantNs;
        _random = random;
    }

    /// <summary>A fixed wait, and another one for each repetition.</summary>
    public static NakDelay Fixed(long delayNs, long retryNs) => new(delayNs, retryNs);

    /// <summary>Random waits of up to <paramref name="maxBackoffNs"/> in a group of so many receivers.</summary>
    public static NakDelay Group(long maxBackoffNs, int groupSize, Random random) =>
        new(Math.Max(maxBackoffNs, 1), Math.Max(groupSize, 1), random);

    /// <summary>The next wait.</summary>
    public long NextNs(bool isRetry)
    {
        if (_random is null)
        {
            return isRetry ? _retryNs : _delayNs;
        }

        var x = (_random.NextDouble() * _randomMax) + _base;
        return (long)(_constantNs * Math.Log(x * _factorNs));
    }
}
