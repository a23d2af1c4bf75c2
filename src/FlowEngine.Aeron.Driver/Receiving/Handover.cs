using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// One value that one thread writes over and over and another reads when it likes: begin and end change numbers around
/// it tell the reader whether it caught the writer in the middle. Neither waits.
/// </summary>
internal sealed class Handover<T>(T initial)
    where T : unmanaged
{
    private long _begin;
    private T _value = initial;
    private long _end;

    /// <summary>The value as the writer last wrote it. Writer's thread.</summary>
    public T Written => _value;

    /// <summary>Number of the last whole change; pairs with the release in <see cref="Write"/>.</summary>
    public long ChangeNumber => Volatile.Read(ref _end);

    /// <summary>Writer's thread.</summary>
    [Hot]
    public void Write(T value)
    {
        var number = _begin + 1;

        // Pairs with the acquire of _begin in TryRead: whoever sees any part of the value sees this number.
        Volatile.Write(ref _begin, number);
        Volatile.WriteBarrier();
        _value = value;

        // Pairs with the acquire in ChangeNumber: whoever sees this number sees the whole value.
        Volatile.Write(ref _end, number);
    }

    /// <summary>Reads the value of change <paramref name="number"/>. Reader's thread.</summary>
    /// <returns>Whether it was whole; otherwise a newer one is being written, for the next duty cycle.</returns>
    [Hot]
    public bool TryRead(long number, out T value)
    {
        value = _value;

        // The value is read before the number that says whether it was being changed; pairs with Write.
        Volatile.ReadBarrier();
        return Volatile.Read(ref _begin) == number;
    }
}
