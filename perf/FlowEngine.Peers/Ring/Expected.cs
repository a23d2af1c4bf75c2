namespace FlowEngine.Peers.Ring;

/// <summary>
/// What a consumer must have seen; a ring that loses, repeats or tears an event does not get a figure.
/// </summary>
internal static class Expected
{
    /// <summary>0 + 1 + .. + (events - 1), what a consumer of a chain adds up.</summary>
    public static long Sum(long events) => events * (events - 1) / 2;

    public static void Check(string who, long expected, long seen)
    {
        if (expected != seen)
        {
            throw new InvalidOperationException($"{who}: the events add up to {seen}, not {expected}");
        }
    }

    /// <summary>Waits, off the path that is timed, for a state another thread is about to reach.</summary>
    public static void Await(string what, Func<bool> condition)
    {
        var spinner = new SpinWait();
        var deadline = Environment.TickCount64 + 60_000;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException($"waited 60 s for {what}");
            }

            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }
}
