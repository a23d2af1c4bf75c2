using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M5: decayed mean of |r| / notional over bars (1 min), times 1e9, r the bar's return of the mid. Bars without trades
/// are skipped and counted. For ranking instruments. Amihud (2002).
/// </summary>
public struct Amihud
{
    private const double Scale = 1e9;
    private const long LeastBars = 30;

    private readonly double _newShare;
    private double _weight;
    private double _sum;
    private double _notional;
    private long _mid2;

    /// <summary>No bar yet.</summary>
    /// <param name="newShare">Weight of a new bar, 0 to 1, against those before it.</param>
    public Amihud(double newShare) => _newShare = newShare;

    /// <summary>Bars that counted.</summary>
    public long Bars { get; private set; }

    /// <summary>Bars without trades.</summary>
    public long Skipped { get; private set; }

    /// <summary>A trade's notional, in the currency the figure is to be in.</summary>
    [Hot]
    public void Trade(double notional) => _notional += notional;

    /// <summary>Ends the bar at a mid; 0 or less where there is none, which breaks the chain.</summary>
    [Hot]
    public void Close(long mid2)
    {
        if (_mid2 > 0 && mid2 > 0)
        {
            double move = ((double)mid2 - _mid2) / _mid2;
            AddBar(Math.Abs(move), _notional);
        }

        _mid2 = mid2;
        _notional = 0;
    }

    /// <summary>One bar.</summary>
    [Hot]
    public void AddBar(double absoluteReturn, double notional)
    {
        if (!(notional > 0))
        {
            Skipped++;
            return;
        }

        _sum = (1 - _newShare) * _sum + absoluteReturn / notional;
        _weight = (1 - _newShare) * _weight + 1;
        Bars++;
    }

    /// <summary>The figure, per 1e9 of notional; 0 before the first bar.</summary>
    /// <returns>LowSamples below thirty bars.</returns>
    [Hot]
    public readonly ValidityFlags Read(out double perBillion)
    {
        perBillion = _weight > 0 ? Scale * _sum / _weight : 0;
        return Bars >= LeastBars ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
