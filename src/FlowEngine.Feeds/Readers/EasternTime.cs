namespace FlowEngine.Feeds.Readers;

/// <summary>New York's wall clock → nanoseconds since epoch, by the rule since 1987, not this machine's.</summary>
public static class EasternTime
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>Midnight of a day in New York, UTC nanoseconds since epoch.</summary>
    public static long MidnightNs(DateOnly day)
    {
        long utcDays = day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return ((utcDays * 86_400) + (IsSummer(day) ? 4 * 3600 : 5 * 3600)) * SecondNs;
    }

    // The clock changes at two in the night, before anything trades, and midnight still has the time before: on the
    // day of change the trading day's own time is what counts.
    private static bool IsSummer(DateOnly day)
    {
        (DateOnly first, DateOnly end) = day.Year >= 2007
            ? (Sunday(day.Year, 3, 8), Sunday(day.Year, 11, 1))
            : (Sunday(day.Year, 4, 1), Sunday(day.Year, 10, 25));
        return day >= first && day < end;
    }

    private static DateOnly Sunday(int year, int month, int from)
    {
        var day = new DateOnly(year, month, from);
        return day.AddDays((7 - (int)day.DayOfWeek) % 7);
    }
}
