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
        First.OnEvent(ref evt, sequence, endOfBatch);
        Second.OnEvent(ref evt, sequence, endOfBatch);
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
}
