using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M6 without a model: R(l) = decayed mean of s_t × (mid_{t+l} - mid_t), l = 1, 2, 5, 10, 20, 50, 100 trades later;
/// quanta, + goes with the trade. Mids are those before each trade. Bouchaud, Gefen, Potters &amp; Wyart (2004).
/// </summary>
public sealed class ResponseFunction
{
    private const int RingLength = 128;
    private const double Half = 0.5;
    private const long LeastTrades = 100;

    private static readonly int[] s_lags = [1, 2, 5, 10, 20, 50, 100];

    private readonly long[] _mids2 = new long[RingLength];
    private readonly int[] _signs = new int[RingLength];
    private readonly double[] _sums = new double[7];
    private readonly double[] _weights = new double[7];
    private readonly double _kept;
    private long _trades;

    /// <summary>No trade yet.</summary>
    /// <param name="newShare">Weight of a new trade, 0 to 1.</param>
    public ResponseFunction(double newShare) => _kept = 1 - newShare;

    /// <summary>Lags in trades.</summary>
    public static ReadOnlySpan<int> Lags => s_lags;

    /// <summary>A trade of sign 1 or -1; 0 is nobody's and left out. O(lags).</summary>
    [Hot]
    public void Trade(int sign, long mid2)
    {
        if (sign == 0)
        {
            return;
        }

        for (int i = 0; i < s_lags.Length && s_lags[i] <= _trades; i++)
        {
            int then = (int)((_trades - s_lags[i]) % RingLength);
            _sums[i] = _sums[i] * _kept + _signs[then] * ((double)mid2 - _mids2[then]) * Half;
            _weights[i] = _weights[i] * _kept + 1;
        }

        int slot = (int)(_trades % RingLength);
        _mids2[slot] = mid2;
        _signs[slot] = sign;
        _trades++;
    }

    /// <summary>Forgets the running trades, not what was learnt: after a snapshot, a gap, a halt.</summary>
    [Hot]
    public void Reset() => _trades = 0;

    /// <summary>R of a lag by its index.</summary>
    /// <returns>LowSamples while the weight is below that of a hundred trades, or all that can be.</returns>
    [Hot]
    public ValidityFlags Read(int lag, out double quanta)
    {
        double weight = _weights[lag];
        quanta = weight > 0 ? _sums[lag] / weight : 0;
        double enough = Math.Min(LeastTrades, _kept < 1 ? Half / (1 - _kept) : LeastTrades);
        return weight >= enough ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
