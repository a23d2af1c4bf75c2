namespace FlowEngine.Core.Agents;

/// <summary>
/// The only place where the project creates threads. Runs a body on a named background thread; an exception that leaves
/// the body is kept and handed to the error handler, never lost.
/// </summary>
public sealed class AgentThread
{
    private readonly Thread _thread;
    private readonly Action _body;
    private readonly Action<Exception>? _onError;
    private readonly int? _cpu;
    private volatile Pinning _pinning;

    private AgentThread(string name, Action body, Action<Exception>? onError, int? cpu)
    {
        _body = body;
        _onError = onError;
        _cpu = cpu;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>What ended the body, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the body is still running.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>Whether it is pinned as asked; known when the body starts. Any thread.</summary>
    public Pinning Pinning => _pinning;

    /// <summary>Starts <paramref name="body"/> on a new thread.</summary>
    /// <param name="name">Name of the thread.</param>
    /// <param name="body">What it runs.</param>
    /// <param name="onError">Called on the thread with what ended it.</param>
    /// <param name="cpu">Processor to pin it to, from 0; null for any. It runs unpinned if that is refused.</param>
    public static AgentThread Start(string name, Action body, Action<Exception>? onError = null, int? cpu = null)
    {
        var thread = new AgentThread(name, body, onError, cpu);
        thread._thread.Start();
        return thread;
    }

    /// <summary>Waits for the body to end.</summary>
    /// <returns>False if it still runs after <paramref name="timeout"/>.</returns>
    public bool Join(TimeSpan timeout) => _thread.Join(timeout);

    private void Run()
    {
        try
        {
            if (_cpu is { } cpu)
            {
                _pinning = ThreadAffinity.PinCurrent(cpu);
            }

            _body();
        }
        catch (Exception exception)
        {
            Failure = exception;
            _onError?.Invoke(exception);
        }
    }
}
