using FlowEngine.Core;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Sums of whole hours of venue time for F11's seasonal factors, which are found anew with each hour once a day of them
/// was watched. Calibrator's thread only.
/// </summary>
public sealed class HourlySums
{
    private const long NsPerHour = 60 * HawkesWindow.NsPerMinute;
    private const long LeastHours = 24;
    private const double NewShare = 0.25;

    private readonly SeasonalFit _fit = new(NewShare);
    private double _sum;
    private long _hour = -1;
    private bool _isWhole;
    private long _hours;
    private long _solved;

    /// <summary>A day was watched, and an hour has ended since the last fit.</summary>
    public bool IsDue => _hours >= LeastHours && _hours > _solved;

    /// <summary>Adds to the running hour; the first one, which was not watched from its start, does not count, nor does
    /// one of silence.</summary>
    [Hot]
    public void Add(double value, long nowNs)
    {
        var hour = nowNs / NsPerHour;
        if (hour != _hour)
        {
            if (_isWhole)
            {
                _fit.Add(SeasonalFactors.HourOf(_hour * NsPerHour), _sum);
                _hours++;
            }

            _isWhole = _hour >= 0;
            _hour = hour;
            _sum = 0;
        }

        _sum += value;
    }

    /// <summary>The factors.</summary>
    public bool TrySolve(uint version, Span<double> values)
    {
        _solved = _hours;
        _fit.Solve(version).Factors.CopyTo(values);
        return true;
    }
}
