namespace FlowEngine.Concurrency;

/// <summary>Where two actors wait for each other between chunks of rounds, without sleeping.</summary>
internal sealed class Meeting
{
    private int _arrived;

    /// <summary>Returns when both have called it <paramref name="time"/> times, counted from 1.</summary>
    public void Wait(int time)
    {
        Interlocked.Increment(ref _arrived);
        var spinner = new SpinWait();
        while (Volatile.Read(ref _arrived) < 2 * time)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }
}
