namespace FlowEngine.Disruptor;

/// <summary>
/// A handler that is told when nothing came for the time of its consumer's <see cref="TimeoutWait{TWait}"/>.
/// </summary>
public interface ITimeoutHandler<T> : IEventHandler<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    static bool IEventHandler<T>.TakesTimeouts => true;

    /// <inheritdoc/>
    abstract void IEventHandler<T>.OnTimeout(long sequence);
}
