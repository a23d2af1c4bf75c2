using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron.Driver;

/// <summary>An Aeron media driver to embed: any Aeron client of the machine can attach to its directory.</summary>
public sealed class MediaDriver : IDisposable
{
    private readonly DriverConductor _conductor;
    private readonly List<AgentRunner<DriverAgents, ConfiguredIdle>> _runners = [];

    private MediaDriver(MediaDriverContext context, CncFile cnc)
    {
        Context = context;
        _conductor = new DriverConductor(context, cnc);
        ConductorAgent = Compose(context);
        cnc.SignalReady();
        _runners.ForEach(runner => runner.Start(context.ErrorHandler));
    }

    /// <summary>Settings.</summary>
    public MediaDriverContext Context { get; }

    /// <summary>Directory for <see cref="AeronContext.Directory"/>.</summary>
    public string Directory => Context.Directory;

    /// <summary>
    /// The whole driver, to be stepped by the caller in <see cref="ThreadingMode.Invoker"/>; otherwise not to be
    /// touched.
    /// </summary>
    public IAgent ConductorAgent { get; }

    /// <summary>All counters.</summary>
    public CountersReader CountersReader => _conductor.Counters.Reader;

    /// <summary>What ended one of the driver's threads, or null.</summary>
    public Exception? Failure => _runners.Find(runner => runner.Failure is not null)?.Failure;

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
                Environment.ProcessId,
                context.ReserveFiles);
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
        if (_runners.Count == 0)
        {
            ConductorAgent.OnClose();
        }

        // The conductor's comes first and stops last: it frees what the others use.
        for (var i = _runners.Count - 1; i >= 0; i--)
        {
            _runners[i].Dispose();
        }
    }

    private DriverAgents Compose(MediaDriverContext context)
    {
        switch (context.EffectiveThreadingMode)
        {
            case ThreadingMode.Dedicated:
                var conductor = Run("aeron-conductor", context.ConductorIdleStrategy, _conductor);
                Run("aeron-sender", context.SenderIdleStrategy, _conductor.Sender);
                Run("aeron-receiver", context.ReceiverIdleStrategy, _conductor.Receiver);
                return conductor;

            case ThreadingMode.SharedNetwork:
                conductor = Run("aeron-conductor", context.ConductorIdleStrategy, _conductor);
                Run(
                    "aeron-network",
                    context.SharedNetworkIdleStrategy,
                    _conductor.Sender,
                    _conductor.Receiver);
                return conductor;

            case ThreadingMode.Shared:
                return Run(
                    "aeron-driver",
                    context.SharedIdleStrategy,
                    _conductor,
                    _conductor.Sender,
                    _conductor.Receiver);

            default:
                return new DriverAgents(
                    "aeron-driver", _conductor.OnFailure, _conductor, _conductor.Sender, _conductor.Receiver);
        }
    }

    private DriverAgents Run(string name, string idleStrategy, params IAgent[] agents)
    {
        var composed = new DriverAgents(name, _conductor.OnFailure, agents);
        var idle = ConfiguredIdle.Parse(idleStrategy, nameof(idleStrategy));
        _runners.Add(new AgentRunner<DriverAgents, ConfiguredIdle>(composed, idle, Context.Clock));
        return composed;
    }
}
