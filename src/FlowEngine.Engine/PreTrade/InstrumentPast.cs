using FlowEngine.Core;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// What the price of an order rests on and no signal tells: the deviation of a second's return (F11) and the scale of
/// M8, the move of the mid over a second on the sum of signed roots of the lots traded in it. Both forget by half in
/// ten minutes. O(1) a trade, O(1) a second. Engine thread only.
/// </summary>
[Hot]
public sealed class InstrumentPast
{
    private const long NsPerSecond = 1_000_000_000;
    private const long MostOfSecondNs = NsPerSecond + (NsPerSecond / 2);
    private const double Half = 0.5;

    private static readonly HalfLife s_halfLife = new(600 * NsPerSecond);

    private readonly double _newShare = s_halfLife.Lost(NsPerSecond);
    private RealisedVolatility _volatility = new(s_halfLife, NsPerSecond);
    private DecayedRegression _moves;
    private double _roots;
    private long _mid2;
    private long _closedNs;

    /// <summary>Deviation of one second's log return; 0 below thirty seconds, or where nothing moved.</summary>
    public double SecondDeviation =>
        _volatility.Read(out var variance, out _) == ValidityFlags.None && variance > 0 ? Math.Sqrt(variance) : 0;

    /// <summary>Quanta for √lot, through the origin; 0 where it is not above 0.</summary>
    public double MoveForRoot => Math.Max(0, _moves.Fit.OriginSlope);

    /// <summary>A print of the continuous market, of more than 0 lots.</summary>
    public void Trade(int sign, long lots) => _roots += sign * Math.Sqrt(lots);

    /// <summary>Ends a second.</summary>
    /// <param name="mid2">Twice the mid; 0 or less where there is none.</param>
    /// <param name="clockNs">The pipeline's clock.</param>
    public void CloseSecond(long mid2, long clockNs)
    {
        _volatility.Set(mid2, clockNs);
        if (mid2 > 0 && _mid2 > 0 && clockNs - _closedNs <= MostOfSecondNs)
        {
            _moves.Add(_roots, Half * (mid2 - _mid2), _newShare);
        }

        (_roots, _mid2, _closedNs) = (0, mid2, clockNs);
    }
}
