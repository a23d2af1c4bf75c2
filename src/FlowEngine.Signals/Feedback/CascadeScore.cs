using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// How well the map (L5) foretold the liquidations that followed: when the price passes a bucket its lots are a
/// forecast; forced trades within a distance of it and a time after are its hits. Precision is hits over forecast lots,
/// recall hits over lots that were liquidated, both decayed. A lot hits once.
/// </summary>
public sealed class CascadeScore
{
    private readonly Forecast[] _forecasts;
    private readonly HalfLife _halfLife;
    private long _reachQuanta;
    private readonly long _waitNs;
    private long _next;
    private DecayedPair _foretold;
    private DecayedSum _seen;

    /// <summary>Nothing foretold.</summary>
    /// <param name="reachQuanta">How far from a bucket a forced trade may print.</param>
    /// <param name="waitNs">How long after the bucket was passed.</param>
    /// <param name="halfLife">Of the score.</param>
    /// <param name="capacity">Forecasts kept.</param>
    public CascadeScore(long reachQuanta, long waitNs, HalfLife halfLife, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _reachQuanta = reachQuanta;
        _waitNs = waitNs;
        _halfLife = halfLife;
        _forecasts = new Forecast[capacity];
    }

    /// <summary>From now on a forced trade may print this far from a bucket.</summary>
    [Hot]
    public void SetReach(long quanta) => _reachQuanta = quanta;

    /// <summary>Lots are to be closed at a price now; 0 is no forecast.</summary>
    [Hot]
    public void Predict(long price, double lots, long nowNs)
    {
        if (lots > 0)
        {
            _forecasts[(int)(_next++ % _forecasts.Length)] = new Forecast(price, lots, nowNs);
            _foretold.Add(lots, 0, nowNs, _halfLife);
        }
    }

    /// <summary>A forced trade. O(forecasts).</summary>
    [Hot]
    public void Liquidated(long price, long lots, long nowNs)
    {
        _seen.Add(lots, nowNs, _halfLife);
        double left = lots;
        long held = Math.Min(_next, _forecasts.Length);
        for (long age = 1; age <= held && left > 0; age++)
        {
            ref Forecast forecast = ref _forecasts[(int)((_next - age) % _forecasts.Length)];
            if (nowNs - forecast.TimeNs > _waitNs)
            {
                break;
            }

            if (Saturating.Abs(forecast.Price - price) <= _reachQuanta)
            {
                double hit = Math.Min(forecast.Lots, left);
                forecast = forecast with { Lots = forecast.Lots - hit };
                left -= hit;
            }
        }

        _foretold.Add(0, lots - left, nowNs, _halfLife);
    }

    /// <summary>Precision and recall as of <paramref name="nowNs"/>, 0 to 1 each.</summary>
    /// <returns>LowSamples where nothing was foretold or nothing liquidated.</returns>
    [Hot]
    public ValidityFlags Read(long nowNs, out double precision, out double recall)
    {
        _foretold.At(nowNs, _halfLife, out double foretold, out double hits);
        double seen = _seen.At(nowNs, _halfLife);

        // A hit is younger than its forecast and has faded less.
        precision = foretold > 0 ? Math.Min(1, hits / foretold) : 0;
        recall = seen > 0 ? Math.Min(1, hits / seen) : 0;
        return foretold > 0 && seen > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    private readonly record struct Forecast(long Price, double Lots, long TimeNs);
}
