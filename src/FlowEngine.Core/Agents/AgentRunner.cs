using FlowEngine.Core.Time;

namespace FlowEngine.Core.Agents;

/// <summary>Runs an agent's duty cycles on a thread of its own until disposed or until the agent fails.</summary>
public sealed class AgentRunner<TAgent, TIdle> : IDisposable
    where TAgent : IAgent
    where TIdle : struct, IIdleStrategy
{
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(10);

    private readonly TAgent _agent;
    private readonly IClock _clock;
    private TIdle _idle;
    private AgentThread? _thread;
    private volatile bool _running;

    /// <summary>Prepares the runner; nothing runs before <see cref="Start"/>.</summary>
    public AgentRunner(TAgent agent, TIdle idle, IClock? clock = null)
    {
        _agent = agent;
        _idle = idle;
        _clock = clock ?? SystemClock.Instance;
    }

    /// <summary>What ended the agent, or null.</summary>
    public Exception? Failure => _thread?.Failure;

    /// <summary>Starts the thread.</summary>
    /// <param name="onError">Called on the agent's thread with what ended it.</param>
    public AgentRunner<TAgent, TIdle> Start(Action<Exception>? onError = null)
    {
        if (_thread is not null)
        {
            throw new InvalidOperationException($"agent '{_agent.Name}' was started before");
        }

        _running = true;
        _thread = AgentThread.Start(_agent.Name, Run, onError);
        return this;
    }

    /// <summary>Asks the agent to stop after its current duty cycle and waits for it.</summary>
    public void Dispose()
    {
        _running = false;
        _thread?.Join(s_closeTimeout);
    }

    private void Run()
    {
        try
        {
            _agent.OnStart();
            while (_running)
            {
                _idle.Idle(_agent.DoWork(_clock.NanoTime));
            }
        }
        finally
        {
            _agent.OnClose();
        }
    }
}
