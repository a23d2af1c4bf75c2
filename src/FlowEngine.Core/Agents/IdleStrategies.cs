namespace FlowEngine.Core.Agents;

/// <summary>Spins with a pause hint: lowest latency, takes a core.</summary>
public struct BusySpinIdle : IIdleStrategy
{
    /// <inheritdoc/>
    public readonly void Idle(int workCount)
    {
        if (workCount <= 0)
        {
            Thread.SpinWait(1);
        }
    }
}

/// <summary>Gives the rest of the time slice away: low latency where threads share cores.</summary>
public struct YieldingIdle : IIdleStrategy
{
    /// <inheritdoc/>
    public readonly void Idle(int workCount)
    {
        if (workCount <= 0)
        {
            Thread.Yield();
        }
    }
}

/// <summary>Sleeps one millisecond: for agents whose work can wait.</summary>
public struct SleepingIdle : IIdleStrategy
{
    /// <inheritdoc/>
    public readonly void Idle(int workCount)
    {
        if (workCount <= 0)
        {
            Thread.Sleep(1);
        }
    }
}

/// <summary>
/// Aeron's backoff: 10 spins, 20 yields, then sleeps. The runtime cannot park for less than a millisecond, so the park
/// is one millisecond where Aeron starts at a microsecond.
/// </summary>
public struct BackoffIdle : IIdleStrategy
{
    private const int Spins = 10;
    private const int Yields = 20;
    private int _idleCycles;

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount > 0)
        {
            _idleCycles = 0;
            return;
        }

        if (_idleCycles < Spins)
        {
            _idleCycles++;
            Thread.SpinWait(1);
        }
        else if (_idleCycles < Spins + Yields)
        {
            _idleCycles++;
            Thread.Yield();
        }
        else
        {
            Thread.Sleep(1);
        }
    }
}
