using System.Runtime.InteropServices;

namespace FlowEngine.Cli.Frame;

/// <summary>
/// Asks a command to come to an orderly end: Ctrl-C, SIGTERM or a closed terminal in a process, <see cref="Request"/>
/// in tests. A second signal ends the process at once. Any thread.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Whether the command shall end.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    /// <summary>The same for what takes a token.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>A signal that listens to this process's signals.</summary>
    public static StopSignal OfProcess()
    {
        var signal = new StopSignal();
        foreach (var kind in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            signal._registrations.Add(PosixSignalRegistration.Create(kind, signal.OnSignal));
        }

        return signal;
    }

    /// <summary>Asks the command to end.</summary>
    public void Request() => _source.Cancel();

    /// <summary>Waits for the request.</summary>
    /// <returns>Whether it came before <paramref name="timeout"/>.</returns>
    public bool Wait(TimeSpan timeout) => _source.Token.WaitHandle.WaitOne(timeout);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // The first one is ours, the second one kills: nobody shall be stuck in a command that does not end.
        context.Cancel = !IsRequested;
        Request();
    }
}
