using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>
/// Two handlers fused into one on the same thread: each event goes through <see cref="First"/>, then
/// <see cref="Second"/>. If the first throws, the second does not see that event.
/// </summary>
public struct Then<T, TFirst, TSecond> : IEventHandler<T>
    where T : unmanaged
    where TFirst : struct, IEventHandler<T>
    where TSecond : struct, IEventHandler<T>
{
    /// <summary>Sees each event first.</summary>
    public TFirst First;

    /// <summary>Sees each event, as the first left it.</summary>
    public TSecond Second;

    static bool IEventHandler<T>.TakesTimeouts => TFirst.TakesTimeouts || TSecond.TakesTimeouts;

    /// <summary>Fuses the two.</summary>
    public Then(TFirst first, TSecond second)
    {
        First = first;
        Second = second;
    }

    /// <inheritdoc/>
    public void OnStart()
    {
        First.OnStart();
        Second.OnStart();
    }

    /// <inheritdoc/>
    [Hot]
    public void OnEvent(ref T evt, long sequence, bool endOfBatch)
    {
        Handle(ref First, ref evt, sequence, endOfBatch);
        Handle(ref Second, ref evt, sequence, endOfBatch);
    }

    /// <inheritdoc/>
    public void OnTimeout(long sequence)
    {
        if (TFirst.TakesTimeouts)
        {
            First.OnTimeout(sequence);
        }

        if (TSecond.TakesTimeouts)
        {
            Second.OnTimeout(sequence);
        }
    }

    /// <summary>Shuts the second down even if the first fails to.</summary>
    public void OnShutdown()
    {
        try
        {
            First.OnShutdown();
        }
        finally
        {
            Second.OnShutdown();
        }
    }

    // One event is a span too, for a handler that wants those; it has that method itself then, so nothing is boxed.
    private static void Handle<THandler>(ref THandler handler, ref T evt, long sequence, bool endOfBatch)
        where THandler : struct, IEventHandler<T>
    {
        if (THandler.TakesBatches)
        {
            handler.OnBatch(new Span<T>(ref evt), sequence, endOfBatch);
        }
        else
        {
            handler.OnEvent(ref evt, sequence, endOfBatch);
        }
    }
}
