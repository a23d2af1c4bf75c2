using FlowEngine.Core.Agents;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// An idle strategy chosen by name: the driver's threads are set up by properties. A switch, not a call.
/// </summary>
internal struct ConfiguredIdle : IIdleStrategy
{
    private readonly Kind _kind;
    private BackoffIdle _backoff;

    private ConfiguredIdle(Kind kind) => _kind = kind;

    private enum Kind
    {
        Backoff,
        Spin,
        Yield,
        Sleep,
        None,
    }

    /// <summary>
    /// The strategy of a name: Aeron's short ones (<c>backoff</c>, <c>spin</c>, <c>yield</c>, <c>sleep</c>,
    /// <c>noop</c>) and its class names.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that name.</exception>
    public static ConfiguredIdle Parse(string name, string setting)
    {
        var shortName = name[(name.LastIndexOf('.') + 1)..];
        return new ConfiguredIdle(shortName switch
        {
            "backoff" or "BackoffIdleStrategy" => Kind.Backoff,
            "spin" or "busy_spin" or "BusySpinIdleStrategy" => Kind.Spin,
            "yield" or "yielding" or "YieldingIdleStrategy" => Kind.Yield,
            "sleep" or "sleeping" or "sleep-ns" or "SleepingIdleStrategy" or "SleepingMillisIdleStrategy" => Kind.Sleep,
            "noop" or "no_op" or "NoOpIdleStrategy" => Kind.None,
            _ => throw new ArgumentOutOfRangeException(
                setting, name, $"{setting} must be backoff, spin, yield, sleep or noop"),
        });
    }

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        switch (_kind)
        {
            case Kind.Backoff:
                _backoff.Idle(workCount);
                return;
            case Kind.Spin:
                default(BusySpinIdle).Idle(workCount);
                return;
            case Kind.Yield:
                default(YieldingIdle).Idle(workCount);
                return;
            case Kind.Sleep:
                default(SleepingIdle).Idle(workCount);
                return;
            default:
                return;
        }
    }
}
