using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>A counter of this client's own in the driver's file, seen by every counter viewer.</summary>
public sealed class Counter : IDisposable
{
    private readonly ClientConductor _conductor;
    private volatile bool _isClosed;

    internal Counter(ClientConductor conductor, long registrationId, AtomicCounter handle, bool isStatic)
    {
        IsStatic = isStatic;
        _conductor = conductor;
        RegistrationId = registrationId;
        Handle = handle;
    }

    /// <summary>Id of this registration.</summary>
    public long RegistrationId { get; }

    /// <summary>Counter id.</summary>
    public int Id => Handle.Id;

    /// <summary>The value. After closing it may be somebody else's: stop writing first.</summary>
    public AtomicCounter Handle { get; }

    /// <summary>Whether the counter was given back.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Whether the driver keeps it when this client has gone.</summary>
    public bool IsStatic { get; }

    /// <summary>Gives the counter back; a static one stays.</summary>
    public void Dispose() => _conductor.Close(this);

    internal void MarkClosed() => _isClosed = true;
}
