using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron;

/// <summary>
/// A connection to a media driver, ours or Aeron's own. Thread safe. One per process is enough: adding a resource
/// costs a round trip through the driver's conductor, a millisecond or two.
/// </summary>
public sealed class AeronClient : IDisposable
{
    private readonly ClientConductor _conductor;
    private readonly AgentRunner<ClientConductor, SleepingIdle>? _runner;

    private AeronClient(AeronContext context, CncFile cnc)
    {
        Context = context;
        _conductor = new ClientConductor(context, cnc);
        if (!context.UseInvoker)
        {
            _runner = new AgentRunner<ClientConductor, SleepingIdle>(_conductor, default, context.Clock);
            _runner.Start(context.ErrorHandler);
        }
    }

    /// <summary>Settings.</summary>
    public AeronContext Context { get; }

    /// <summary>Id the driver knows this client by.</summary>
    public long ClientId => _conductor.ClientId;

    /// <summary>Whether the client is closed, by <see cref="Dispose"/> or because client or driver timed out.</summary>
    public bool IsClosed => _conductor.IsClosed;

    /// <summary>To be stepped by the caller if <see cref="AeronContext.UseInvoker"/> is set.</summary>
    public IAgent ConductorAgent => _conductor;

    /// <summary>All counters of the driver.</summary>
    public CountersReader CountersReader => _conductor.Cnc.Counters;

    /// <summary>
    /// Connects to the driver of <see cref="AeronContext.Directory"/>, waiting for it up to the driver timeout.
    /// </summary>
    /// <exception cref="DriverTimeoutException">There is no live driver.</exception>
    public static AeronClient Connect(AeronContext? context = null)
    {
        context ??= new AeronContext();
        return new AeronClient(context, AwaitDriver(context));
    }

    /// <summary>
    /// Adds a publication any number of threads may use; a second one of the same stream shares its session.
    /// </summary>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Publication AddPublication(string channel, int streamId) =>
        (Publication)_conductor.AddPublication(channel, streamId, isExclusive: false);

    /// <summary>Adds a publication for one thread, with a session of its own.</summary>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public ExclusivePublication AddExclusivePublication(string channel, int streamId) =>
        (ExclusivePublication)_conductor.AddPublication(channel, streamId, isExclusive: true);

    /// <summary>Adds a subscription. Image handlers run in the conductor: they must be quick and add nothing.</summary>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Subscription AddSubscription(
        string channel,
        int streamId,
        Action<Image>? onAvailableImage = null,
        Action<Image>? onUnavailableImage = null) =>
        _conductor.AddSubscription(channel, streamId, onAvailableImage, onUnavailableImage);

    /// <summary>Adds a counter that every counter viewer shows; gone with this client.</summary>
    /// <param name="typeId">1000 and up are applications' own.</param>
    /// <param name="label">Text for people.</param>
    /// <param name="key">At most 112 bytes.</param>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Counter AddCounter(int typeId, string label, ReadOnlySpan<byte> key = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(typeId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, CounterLayout.MaxKeyLength, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label.Length, CounterLayout.MaxLabelLength, nameof(label));
        return _conductor.AddCounter(typeId, key, label);
    }

    /// <summary>Closes everything this client added.</summary>
    public void Dispose()
    {
        if (_conductor.IsInHandler)
        {
            throw new InvalidOperationException("a handler must not close its client: it runs in the conductor");
        }

        _conductor.CloseClient();
        _runner?.Dispose();
    }

    private static CncFile AwaitDriver(AeronContext context)
    {
        var deadlineNs = SystemClock.Nanos() + context.DriverTimeoutNs;
        while (true)
        {
            context.DriverAgent?.DoWork(context.Clock.NanoTime);
            var cnc = CncFile.TryOpen(context.Directory, readOnly: false, out var reason);
            if (cnc is not null)
            {
                var age = cnc.HeartbeatAgeMs(context.Clock.EpochMillis());
                if (age <= context.DriverTimeoutNs / 1_000_000)
                {
                    return cnc;
                }

                reason = age is null ? "its driver has shut down" : $"its driver was last heard of {age} ms ago";
                cnc.Dispose();
            }

            if (SystemClock.Nanos() - deadlineNs > 0)
            {
                throw new DriverTimeoutException(
                    $"no media driver in {context.Directory}: {CncFile.FileName} {reason}");
            }

            Thread.Sleep(1);
        }
    }
}
