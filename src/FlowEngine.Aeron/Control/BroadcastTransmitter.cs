using System.Numerics;

namespace FlowEngine.Aeron.Control;

/// <summary>
/// The driver's end of the broadcast buffer: one writer, any number of readers, none of which it waits for.
/// <code>| records, capacity = power of two | trailer 128 B: 0 tail intent | 8 tail | 16 latest record |</code>
/// The intent moves before bytes are overwritten, so a reader that was lapped while copying can tell.
/// </summary>
public sealed unsafe class BroadcastTransmitter
{
    /// <summary>Bytes of the trailer.</summary>
    public const int TrailerLength = 128;

    internal const int TailIntentOffset = 0;
    internal const int TailOffset = 8;
    internal const int LatestOffset = 16;

    private readonly byte* _buffer;
    private readonly int _capacity;

    /// <summary>A transmitter over shared memory of capacity plus <see cref="TrailerLength"/> bytes.</summary>
    public BroadcastTransmitter(byte* buffer, int length, object? owner = null)
    {
        _capacity = CheckCapacity(length);
        _buffer = buffer;
        Owner = owner;
        MaxMessageLength = _capacity / 8;
    }

    /// <summary>Longest message.</summary>
    public int MaxMessageLength { get; }

    /// <summary>What keeps the memory mapped.</summary>
    public object? Owner { get; }

    /// <summary>Sends a message to all readers.</summary>
    /// <param name="type">1 or more.</param>
    /// <param name="body">At most <see cref="MaxMessageLength"/> bytes.</param>
    public void Transmit(int type, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(type, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxMessageLength, nameof(body));
        var tail = Trailer(TailOffset);
        var index = (int)tail & (_capacity - 1);
        var recordLength = body.Length + Record.HeaderLength;
        var aligned = Record.Align(recordLength);
        var toEnd = _capacity - index;
        if (aligned > toEnd)
        {
            SignalIntent(tail + toEnd + aligned);
            *(int*)(_buffer + index) = toEnd;
            *(int*)(_buffer + index + Record.TypeOffset) = Record.PaddingType;
            tail += toEnd;
            index = 0;
        }
        else
        {
            SignalIntent(tail + aligned);
        }

        var record = _buffer + index;
        *(int*)record = recordLength;
        *(int*)(record + Record.TypeOffset) = type;
        body.CopyTo(new Span<byte>(record + Record.HeaderLength, body.Length));

        // Pair with BroadcastReceiver: the record is seen before the tail that reveals it.
        Volatile.Write(ref Trailer(LatestOffset), tail);
        Volatile.Write(ref Trailer(TailOffset), tail + aligned);
    }

    internal static int CheckCapacity(int length)
    {
        var capacity = length - TrailerLength;
        if (capacity < 64 || !BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"capacity must be a power of two of at least 64, plus {TrailerLength}");
        }

        return capacity;
    }

    private void SignalIntent(long position)
    {
        // Pairs with the validation in BroadcastReceiver: the intent is visible before any byte is overwritten.
        Volatile.Write(ref Trailer(TailIntentOffset), position);
        Volatile.WriteBarrier();
    }

    private ref long Trailer(int offset) => ref *(long*)(_buffer + _capacity + offset);
}
