using System.Runtime.CompilerServices;

namespace FlowEngine.Core.Counters;

/// <summary>
/// A handle on one counter's value: a pointer, so an update is one store. Keeps the memory it points to alive. One
/// writer at a time, any number of readers; <see cref="AddShared"/> is for counters of several writers.
/// </summary>
[Hot]
public readonly unsafe struct AtomicCounter
{
    private readonly long* _value;
    private readonly object? _owner;

    /// <summary>A handle on the value at <paramref name="value"/>.</summary>
    /// <param name="value">8-byte aligned.</param>
    /// <param name="id">Id of the counter.</param>
    /// <param name="owner">What owns the memory; kept reachable by the handle.</param>
    public AtomicCounter(long* value, int id, object? owner)
    {
        _value = value;
        _owner = owner;
        Id = id;
    }

    /// <summary>Counter id.</summary>
    public int Id { get; }

    /// <summary>Whether this handle points to a counter.</summary>
    public bool IsValid => _value != null;

    /// <summary>What keeps the memory mapped.</summary>
    public object? Owner => _owner;

    /// <summary>The value; pairs with the release of <see cref="Set"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Get() => Volatile.Read(ref *_value);

    /// <summary>The value as its own single writer last wrote it.</summary>
    public long GetPlain() => *_value;

    /// <summary>Publishes <paramref name="value"/>; pairs with the acquire of <see cref="Get"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(long value) => Volatile.Write(ref *_value, value);

    /// <summary>Adds one; single writer.</summary>
    public void Increment() => Volatile.Write(ref *_value, *_value + 1);

    /// <summary>Adds <paramref name="amount"/>; single writer.</summary>
    public void Add(long amount) => Volatile.Write(ref *_value, *_value + amount);

    /// <summary>Adds <paramref name="amount"/>; any number of writers.</summary>
    public void AddShared(long amount) => Interlocked.Add(ref *_value, amount);

    /// <summary>Raises the value to <paramref name="value"/> if it is lower; single writer.</summary>
    public void ProposeMax(long value)
    {
        if (*_value < value)
        {
            Volatile.Write(ref *_value, value);
        }
    }
}
