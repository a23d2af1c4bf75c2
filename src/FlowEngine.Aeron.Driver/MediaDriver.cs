using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// An Aeron media driver to embed: any Aeron client of the machine can attach to its directory. IPC only so far.
/// </summary>
public sealed class MediaDriver : IDisposable
{
    private readonly DriverConductor _conductor;
    private readonly AgentRunner<DriverConductor, BackoffIdle>? _runner;

    private MediaDriver(MediaDriverContext context, CncFile cnc)
    {
        Context = context;
        _conductor = new DriverConductor(context, cnc);
        cnc.SignalReady();
        if (!context.UseInvoker)
        {
            _runner = new AgentRunner<DriverConductor, BackoffIdle>(_conductor, default, context.Clock);
            _runner.Start(context.ErrorHandler);
        }
    }

    /// <summary>Settings.</summary>
    public MediaDriverContext Context { get; }

    /// <summary>Directory for <see cref="AeronContext.Directory"/>.</summary>
    public string Directory => Context.Directory;

    /// <summary>To be stepped by the caller if <see cref="MediaDriverContext.UseInvoker"/> is set.</summary>
    public IAgent ConductorAgent => _conductor;

    /// <summary>All counters.</summary>
    public CountersReader CountersReader => _conductor.Counters.Reader;

    /// <summary>What ended the driver's thread, or null.</summary>
    public Exception? Failure => _runner?.Failure;

    /// <summary>Starts a driver.</summary>
    /// <exception cref="ActiveDriverException">Another driver is alive in the directory.</exception>
    public static MediaDriver Launch(MediaDriverContext? context = null)
    {
        context ??= new MediaDriverContext();
        context.Validate();
        DriverDirectory.Prepare(context);
        CncFile cnc;
        try
        {
            cnc = CncFile.Create(
                context.Directory,
                context.CncLengths,
                context.ClientLivenessTimeoutNs,
                context.Clock.EpochMillis(),
                Environment.ProcessId);
        }
        catch (IOException) when (File.Exists(CncFile.PathIn(context.Directory)))
        {
            throw new ActiveDriverException(context.Directory, "another driver is starting");
        }

        return new MediaDriver(context, cnc);
    }

    /// <summary>Whether a driver is alive in the directory.</summary>
    public static bool IsActive(string directory, long driverTimeoutMs = 10_000) =>
        DriverDirectory.IsActive(directory, driverTimeoutMs, SystemClock.EpochMillisNow());

    /// <summary>Stops the driver: clients see it at once and close.</summary>
    public void Dispose()
    {
        if (_runner is null)
        {
            _conductor.OnClose();
        }
        else
        {
            _runner.Dispose();
        }
    }
}
