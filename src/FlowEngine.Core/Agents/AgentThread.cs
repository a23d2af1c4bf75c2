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

    private AgentThread(string name, Action body, Action<Exception>? onError)
    {
        _body = body;
        _onError = onError;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>What ended the body, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the body is still running.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>Starts <paramref name="body"/> on a new thread.</summary>
    public static AgentThread Start(string name, Action body, Action<Exception>? onError = null)
    {
        var thread = new AgentThread(name, body, onError);
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
            _body();
        }
        catch (Exception exception)
        {
            Failure = exception;
            _onError?.Invoke(exception);
        }
    }
}
