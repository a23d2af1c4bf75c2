using FlowEngine.Cli.Frame;
using FlowEngine.Core.Time;
using FlowEngine.Engine;

namespace FlowEngine.Cli.Run;

/// <summary>
/// What <c>demo</c>, <c>replay</c> and <c>run</c> have in common: watching over a running engine, and the verdict at
/// its end.
/// </summary>
internal sealed class EngineSession
{
    private readonly EngineHost _host;
    private readonly AeronHome _home;
    private readonly StopSignal _stop;

    /// <summary>A session of one engine.</summary>
    public EngineSession(EngineHost host, AeronHome home, StopSignal stop)
    {
        _host = host;
        _home = home;
        _stop = stop;
    }

    /// <summary>Waits until the subscriber's image is there.</summary>
    public void AwaitSubscriber(SignalProbe probe)
    {
        while (!_host.HasSubscriber || !probe.Signals.IsConnected)
        {
            ThrowIfFailed();
            Thread.Sleep(1);
        }
    }

    /// <summary>Whether the session has to end: asked to, out of time, or failed.</summary>
    public bool IsOver(long endNs) =>
        _stop.IsRequested || SystemClock.Nanos() >= endNs || _host.Failure is not null || _home.Fault is not null;

    /// <summary>Ends the command if a thread or the driver has.</summary>
    /// <exception cref="UserError">The driver went away.</exception>
    /// <exception cref="InvalidOperationException">A thread of the engine failed: a fault of ours.</exception>
    public void ThrowIfFailed()
    {
        if (_host.Failure is { } failure)
        {
            throw new InvalidOperationException("a thread of the engine has failed", failure);
        }

        if (_home.Fault is { } fault)
        {
            throw _home.IsEmbedded ? new UserError(fault) : DriverAccess.DriverLost(_home.Directory);
        }
    }

    /// <summary>
    /// Holds the engine's count against the subscriber's: every message computed was received or conflated.
    /// </summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Imbalance(EngineResult result)
    {
        var missing = result.Evaluated - result.Signals - result.Conflated - result.Unsubscribed;
        return missing == 0 && result.Lost is null or 0
            ? null
            : $"{result.Evaluated} signals computed, but {result.Signals} received, {result.Conflated} conflated and "
                + $"{result.Unsubscribed} unsubscribed: {missing} are missing, {result.Lost ?? 0} known to be lost";
    }

    /// <summary>One paragraph for people.</summary>
    public static string Summary(EngineResult result)
    {
        var rate = result.ElapsedSeconds > 0 ? result.Events / result.ElapsedSeconds : 0;
        var text = $"{result.Events:N0} events of {result.Instruments} instruments in {result.ElapsedSeconds:F1} s "
            + $"({rate:N0}/s): {result.Evaluated:N0} signals computed, {result.Signals:N0} received, "
            + $"{result.Conflated:N0} conflated; {result.CompleteBooks} complete books, {result.Gaps} gaps, "
            + $"{result.Recoveries} recoveries; {result.AllocatedBytesPerEvent} bytes allocated per event";
        if (result.LatencyMicros is { } latency)
        {
            text += $"; latency p50 {latency.P50} µs, p99 {latency.P99} µs, p99.9 {latency.P999} µs, "
                + $"max {latency.Max} µs ({result.Threads} threads, {result.Idle} wait, "
                + $"{Environment.ProcessorCount} cores)";
        }

        return result.Digest is null ? text : $"{text}\ndigest {result.Digest}";
    }
}
