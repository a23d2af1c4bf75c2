using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>
/// The handlers a client's user has set. All run in the conductor, under its lock; what they throw goes to the error
/// handler.
/// </summary>
internal sealed class ClientEvents(AeronContext context)
{
    private readonly Handlers<CounterHandler> _availableCounter = new(context.OnAvailableCounter);
    private readonly Handlers<CounterHandler> _unavailableCounter = new(context.OnUnavailableCounter);
    private readonly Handlers<Action> _closed = new(context.OnClose);

    /// <summary>Whether one of them is running.</summary>
    public bool IsInHandler { get; private set; }

    public Handlers<CounterHandler> AvailableCounter => _availableCounter;

    public Handlers<CounterHandler> UnavailableCounter => _unavailableCounter;

    public Handlers<Action> Closed => _closed;

    public void Report(Exception exception) => context.ErrorHandler?.Invoke(exception);

    public void RaiseImage(Action<Image>? handler, Image image)
    {
        if (handler is not null)
        {
            Run(() => handler(image));
        }
    }

    public void RaiseAvailableCounter(CountersReader counters, long registrationId, int counterId)
    {
        foreach (var handler in _availableCounter.All)
        {
            Run(() => handler(counters, registrationId, counterId));
        }
    }

    public void RaiseUnavailableCounter(CountersReader counters, long registrationId, int counterId)
    {
        foreach (var handler in _unavailableCounter.All)
        {
            Run(() => handler(counters, registrationId, counterId));
        }
    }

    public void RaisePublicationError(PublicationErrorFrame frame)
    {
        if (context.OnPublicationError is { } handler)
        {
            Run(() => handler(frame));
        }
    }

    public void RaiseClosed()
    {
        foreach (var handler in _closed.All)
        {
            Run(handler);
        }
    }

    private void Run(Action handler)
    {
        var wasInHandler = IsInHandler;
        IsInHandler = true;
        try
        {
            handler();
        }
        catch (Exception exception)
        {
            Report(exception);
        }
        finally
        {
            IsInHandler = wasInHandler;
        }
    }

    /// <summary>Handlers that come and go: any thread, and a handler may remove itself while it runs.</summary>
    internal sealed class Handlers<T>(T? first)
        where T : Delegate
    {
        private readonly Lock _gate = new();
        private volatile T[] _all = first is null ? [] : [first];

        public T[] All => _all;

        public void Add(T handler)
        {
            lock (_gate)
            {
                _all = [.. _all, handler];
            }
        }

        public bool Remove(T handler)
        {
            lock (_gate)
            {
                var index = Array.IndexOf(_all, handler);
                if (index < 0)
                {
                    return false;
                }

                _all = [.. _all[..index], .. _all[(index + 1)..]];
                return true;
            }
        }
    }
}
