using System.Diagnostics.CodeAnalysis;

namespace FlowEngine.Aeron;

/// <summary>The commands of a client that the driver has not answered, or nobody has asked about since.</summary>
internal sealed class Registrations
{
    private readonly Dictionary<long, Registration> _byId = [];

    public void Add(Registration registration) => _byId.Add(registration.CorrelationId, registration);

    public bool Remove(long correlationId) => _byId.Remove(correlationId);

    /// <summary>A registration of any state.</summary>
    public bool TryFind(long correlationId, [NotNullWhen(true)] out Registration? registration) =>
        _byId.TryGetValue(correlationId, out registration);

    /// <summary>A registration of this kind that waits for its answer.</summary>
    public bool TryFindOpen(
        long correlationId, RegistrationKind kind, [NotNullWhen(true)] out Registration? registration) =>
        _byId.TryGetValue(correlationId, out registration) && registration.Kind == kind && !registration.IsDone;

    /// <summary>Fails those whose time is over.</summary>
    public void CheckDeadlines(long nowNs, long driverTimeoutNs)
    {
        foreach (var registration in _byId.Values)
        {
            if (!registration.IsDone && nowNs - registration.DeadlineNs > 0)
            {
                registration.Fail(Timeout(registration, driverTimeoutNs));
            }
        }
    }

    /// <summary>Fails all that wait: the client is closed.</summary>
    public void FailAll(Exception reason)
    {
        foreach (var registration in _byId.Values)
        {
            if (!registration.IsDone)
            {
                registration.Fail(reason);
            }
        }
    }

    /// <summary>What to say when the driver did not answer.</summary>
    public static DriverTimeoutException Timeout(Registration registration, long driverTimeoutNs) =>
        new($"no answer from the driver in {driverTimeoutNs / 1_000_000} ms for {registration.What}");
}
