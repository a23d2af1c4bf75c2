using System.Diagnostics.CodeAnalysis;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron;

/// <summary>
/// A connection to a media driver, ours or Aeron's own. Thread safe. One per process is enough: adding a resource
/// costs a round trip through the driver's conductor, a millisecond or two.
/// <para>
/// Resources are added in two ways: <c>Add...</c> waits for the driver; <c>AsyncAdd...</c> returns an id at once, and
/// <c>TryGet...</c> gives the resource when the driver has answered, or throws what <c>Add...</c> would have thrown.
/// </para>
/// </summary>
public sealed class AeronClient : IDisposable
{
    private readonly ClientConductor _conductor;
    private readonly IDisposable? _runner;

    private AeronClient(AeronContext context, ClientConductor conductor, IDisposable? runner)
    {
        Context = context;
        _conductor = conductor;
        _runner = runner;
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
    public CountersReader CountersReader => _conductor.Counters;

    /// <summary>Log buffers this client has mapped, each once.</summary>
    public int MappedLogCount => _conductor.MappedLogCount;

    /// <summary>Called when a counter of any client comes; until removed.</summary>
    public event CounterHandler AvailableCounter
    {
        add => _conductor.Events.AvailableCounter.Add(value);
        remove => _conductor.Events.AvailableCounter.Remove(value);
    }

    /// <summary>Called when a counter of any client goes; until removed.</summary>
    public event CounterHandler UnavailableCounter
    {
        add => _conductor.Events.UnavailableCounter.Add(value);
        remove => _conductor.Events.UnavailableCounter.Remove(value);
    }

    /// <summary>Called when the client closes, for whatever reason.</summary>
    public event Action Closed
    {
        add => _conductor.Events.Closed.Add(value);
        remove => _conductor.Events.Closed.Remove(value);
    }

    /// <summary>
    /// Connects to the driver of <see cref="AeronContext.Directory"/>, waiting for it up to the driver timeout. The
    /// conductor's thread sleeps a millisecond when it has nothing to do.
    /// </summary>
    /// <exception cref="DriverTimeoutException">There is no live driver.</exception>
    public static AeronClient Connect(AeronContext? context = null) =>
        Connect(context ?? new AeronContext(), default(SleepingIdle));

    /// <summary><see cref="Connect(AeronContext?)"/> with another way to idle for the conductor's thread.</summary>
    /// <exception cref="DriverTimeoutException">There is no live driver.</exception>
    public static AeronClient Connect<TIdle>(AeronContext context, TIdle idle)
        where TIdle : struct, IIdleStrategy
    {
        var conductor = new ClientConductor(context, AwaitDriver(context));
        return context.UseInvoker
            ? new AeronClient(context, conductor, runner: null)
            : new AeronClient(
                context,
                conductor,
                new AgentRunner<ClientConductor, TIdle>(conductor, idle, context.Clock).Start(context.ErrorHandler));
    }

    /// <summary>
    /// Adds a publication any number of threads may use; a second one of the same stream shares its session.
    /// </summary>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Publication AddPublication(string channel, int streamId) =>
        Await<Publication>(AsyncAddPublication(channel, streamId));

    /// <summary>Asks for a publication.</summary>
    /// <returns>Id for <see cref="TryGetPublication"/>.</returns>
    public long AsyncAddPublication(string channel, int streamId) =>
        _conductor.AsyncAddPublication(channel, streamId, isExclusive: false);

    /// <summary>The publication asked for, if it is ready, or that is open.</summary>
    /// <exception cref="AeronException">The driver refused, or did not answer in time.</exception>
    public bool TryGetPublication(long registrationId, [NotNullWhen(true)] out Publication? publication) =>
        _conductor.TryGet(registrationId, out publication);

    /// <summary>Adds a publication for one thread, with a session of its own.</summary>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public ExclusivePublication AddExclusivePublication(string channel, int streamId) =>
        Await<ExclusivePublication>(AsyncAddExclusivePublication(channel, streamId));

    /// <summary>Asks for an exclusive publication.</summary>
    /// <returns>Id for <see cref="TryGetExclusivePublication"/>.</returns>
    public long AsyncAddExclusivePublication(string channel, int streamId) =>
        _conductor.AsyncAddPublication(channel, streamId, isExclusive: true);

    /// <summary>The publication asked for, if it is ready, or that is open.</summary>
    /// <exception cref="AeronException">The driver refused, or did not answer in time.</exception>
    public bool TryGetExclusivePublication(
        long registrationId, [NotNullWhen(true)] out ExclusivePublication? publication) =>
        _conductor.TryGet(registrationId, out publication);

    /// <summary>Adds a subscription. Image handlers run in the conductor: they must be quick and add nothing.</summary>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Subscription AddSubscription(
        string channel,
        int streamId,
        Action<Image>? onAvailableImage = null,
        Action<Image>? onUnavailableImage = null) =>
        Await<Subscription>(AsyncAddSubscription(channel, streamId, onAvailableImage, onUnavailableImage));

    /// <summary>Asks for a subscription.</summary>
    /// <returns>Id for <see cref="TryGetSubscription"/>.</returns>
    public long AsyncAddSubscription(
        string channel,
        int streamId,
        Action<Image>? onAvailableImage = null,
        Action<Image>? onUnavailableImage = null) =>
        _conductor.AsyncAddSubscription(channel, streamId, onAvailableImage, onUnavailableImage);

    /// <summary>The subscription asked for, if it is ready, or that is open.</summary>
    /// <exception cref="AeronException">The driver refused, or did not answer in time.</exception>
    public bool TryGetSubscription(long registrationId, [NotNullWhen(true)] out Subscription? subscription) =>
        _conductor.TryGet(registrationId, out subscription);

    /// <summary>Adds a counter that every counter viewer shows; gone with this client.</summary>
    /// <param name="typeId">1000 and up are applications' own.</param>
    /// <param name="label">Text for people, at most 380 characters.</param>
    /// <param name="key">At most 112 bytes.</param>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Counter AddCounter(int typeId, string label, ReadOnlySpan<byte> key = default) =>
        Await<Counter>(AsyncAddCounter(typeId, label, key));

    /// <summary>Asks for a counter.</summary>
    /// <returns>Id for <see cref="TryGetCounter"/>.</returns>
    public long AsyncAddCounter(int typeId, string label, ReadOnlySpan<byte> key = default)
    {
        CheckCounter(typeId, label, key);
        return _conductor.AsyncAddCounter(typeId, key, label);
    }

    /// <summary>
    /// Adds a counter that stays when this client has gone, or finds it if one of this type and registration is there.
    /// </summary>
    /// <param name="typeId">1000 and up are applications' own.</param>
    /// <param name="label">Text for people, at most 380 characters.</param>
    /// <param name="registrationId">An id of the application's own, to find the counter by.</param>
    /// <param name="key">At most 112 bytes.</param>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Counter AddStaticCounter(int typeId, string label, long registrationId, ReadOnlySpan<byte> key = default) =>
        Await<Counter>(AsyncAddStaticCounter(typeId, label, registrationId, key));

    /// <summary>Asks for a static counter.</summary>
    /// <returns>Id for <see cref="TryGetCounter"/>.</returns>
    public long AsyncAddStaticCounter(
        int typeId, string label, long registrationId, ReadOnlySpan<byte> key = default)
    {
        CheckCounter(typeId, label, key);
        return _conductor.AsyncAddStaticCounter(typeId, key, label, registrationId);
    }

    /// <summary>The counter asked for, if it is ready, or that is open.</summary>
    /// <exception cref="AeronException">The driver refused, or did not answer in time.</exception>
    public bool TryGetCounter(long registrationId, [NotNullWhen(true)] out Counter? counter) =>
        _conductor.TryGet(registrationId, out counter);

    /// <summary>Closes a publication of either kind by its id, ready or not; does not wait.</summary>
    public void AsyncRemovePublication(long registrationId) =>
        _conductor.Remove(RegistrationKind.Publication, registrationId);

    /// <summary>Closes a subscription by its id, ready or not; does not wait.</summary>
    public void AsyncRemoveSubscription(long registrationId) =>
        _conductor.Remove(RegistrationKind.Subscription, registrationId);

    /// <summary>Gives back a counter by its id, ready or not; does not wait.</summary>
    public void AsyncRemoveCounter(long registrationId) =>
        _conductor.Remove(RegistrationKind.Counter, registrationId);

    /// <summary>A session id that is free on a stream, for <c>session-id</c> of a channel.</summary>
    /// <exception cref="AeronException">The driver refused, or is older than control protocol 1.0.0.</exception>
    public int NextAvailableSessionId(int streamId) => Await<int>(AsyncNextAvailableSessionId(streamId));

    /// <summary>Asks for a free session id.</summary>
    /// <returns>Id for <see cref="TryGetNextAvailableSessionId"/>.</returns>
    public long AsyncNextAvailableSessionId(int streamId) => _conductor.AsyncNextSessionId(streamId);

    /// <summary>The session id asked for, once, if it is there.</summary>
    public bool TryGetNextAvailableSessionId(long correlationId, out int sessionId) =>
        _conductor.TryGet(correlationId, out sessionId);

    /// <summary>
    /// Whether the driver has done what <c>AsyncAddDestination</c> or <c>AsyncRemoveDestination</c> asked for; to be
    /// called until it says yes or throws.
    /// </summary>
    /// <exception cref="AeronException">The driver refused, or did not answer in time.</exception>
    public bool IsCommandDone(long correlationId) => _conductor.TryGet<long>(correlationId, out _);

    /// <summary>An id that nothing else of this driver has.</summary>
    public long NextCorrelationId() => _conductor.NextCorrelationId();

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

    private static void CheckCounter(int typeId, string label, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(typeId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, CounterLayout.MaxKeyLength, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label.Length, CounterLayout.MaxLabelLength, nameof(label));
    }

    private T Await<T>(long correlationId)
        where T : notnull => _conductor.Await<T>(correlationId);

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
