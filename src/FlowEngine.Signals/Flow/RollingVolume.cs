using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// F11: lots of the last 24 hours, exactly, in buckets of a minute: the running minute and the 1439 before it.
/// </summary>
public sealed class RollingVolume
{
    private const int Minutes = 1440;
    private const long NsPerMinute = 60L * 1_000_000_000;

    private readonly long[] _lots = new long[Minutes];
    private Int128 _total;
    private long _minute;
    private long _firstMinute = -1;

    /// <summary>Adds a trade. O(1), O(1440) after a day's silence.</summary>
    [Hot]
    public void Add(long lots, long nowNs)
    {
        long minute = nowNs / NsPerMinute;
        _firstMinute = _firstMinute < 0 ? minute : _firstMinute;
        if (minute > _minute)
        {
            _total -= Expired(minute);
            long stale = Math.Min(minute - _minute, Minutes);
            for (long i = 0; i < stale; i++)
            {
                _lots[(int)((minute - i) % Minutes)] = 0;
            }

            _minute = minute;
        }

        int slot = (int)(_minute % Minutes);
        long before = _lots[slot];
        _lots[slot] = Saturating.Add(before, lots);
        _total += _lots[slot] - before;
    }

    /// <summary>Lots of 24 hours as of <paramref name="nowNs"/>.</summary>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="lots">What was seen; while less than a day was watched, scaled up to a day.</param>
    /// <returns>LowSamples while less than a day was watched.</returns>
    [Hot]
    public ValidityFlags Read(long nowNs, out double lots)
    {
        long minute = Math.Max(nowNs / NsPerMinute, _minute);
        lots = (double)(_total - Expired(minute));
        if (_firstMinute < 0)
        {
            return ValidityFlags.LowSamples;
        }

        long watched = minute - _firstMinute + 1;
        lots *= watched >= Minutes ? 1 : (double)Minutes / watched;
        return watched >= Minutes ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    // What falls out of the day when its last minute is this one.
    private Int128 Expired(long minute)
    {
        long gone = Math.Min(minute - _minute, Minutes);
        Int128 lots = 0;
        for (long i = 1; i <= gone; i++)
        {
            lots += _lots[(int)((_minute + i) % Minutes)];
        }

        return lots;
    }
}
