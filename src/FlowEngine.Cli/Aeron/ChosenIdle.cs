using FlowEngine.Core.Agents;

namespace FlowEngine.Cli.Aeron;

/// <summary>The idle strategy that the user named; one predictable branch where a loop found nothing to do.</summary>
internal struct ChosenIdle : IIdleStrategy
{
    /// <summary>Names, in order of <see cref="Kind"/>.</summary>
    public static readonly IReadOnlyList<string> Names = ["spin", "noop", "yield", "backoff", "sleep"];

    private readonly Kind _kind;
    private BackoffIdle _backoff;

    /// <summary>A strategy by name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public ChosenIdle(string name) => _kind = (Kind)Names.ToList().IndexOf(name);

    private enum Kind
    {
        Spin,
        Noop,
        Yield,
        Backoff,
        Sleep,
    }

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        switch (_kind)
        {
            case Kind.Spin:
                default(BusySpinIdle).Idle(workCount);
                break;
            case Kind.Yield:
                default(YieldingIdle).Idle(workCount);
                break;
            case Kind.Backoff:
                _backoff.Idle(workCount);
                break;
            case Kind.Sleep:
                default(SleepingIdle).Idle(workCount);
                break;
            default:
                break;
        }
    }
}
