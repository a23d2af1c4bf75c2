namespace FlowEngine.Aeron.Control;

/// <summary>
/// A client's end of the broadcast buffer. Copies each message to memory of its own and then checks that the writer
/// did not overwrite it meanwhile. One thread.
/// </summary>
public sealed unsafe class BroadcastReceiver
{
    private readonly byte* _buffer;
    private readonly int _capacity;
    private readonly byte[] _scratch;
    private long _next;

    /// <summary>A receiver that starts with the last message sent.</summary>
    public BroadcastReceiver(byte* buffer, int length, object? owner = null)
    {
        _capacity = BroadcastTransmitter.CheckCapacity(length);
        _buffer = buffer;
        Owner = owner;
        _scratch = new byte[_capacity / 8];
        _next = Latest();
    }

    /// <summary>What keeps the memory mapped.</summary>
    public object? Owner { get; }

    /// <summary>How often the writer overtook this reader: messages were lost.</summary>
    public long LappedCount { get; private set; }

    /// <summary>Takes the next message, if there is one.</summary>
    /// <param name="handler">Gets the message.</param>
    /// <returns>Whether a message was handed over.</returns>
    public bool TryReceive<THandler>(ref THandler handler)
        where THandler : IMessageHandler, allows ref struct
    {
        // Pairs with the release of the tail in BroadcastTransmitter.
        if (Volatile.Read(ref Trailer(BroadcastTransmitter.TailOffset)) <= _next)
        {
            return false;
        }

        if (!IsIntact(_next))
        {
            LappedCount++;
            _next = Latest();
        }

        var cursor = _next;
        var index = (int)cursor & (_capacity - 1);
        var length = *(int*)(_buffer + index);
        var type = *(int*)(_buffer + index + Record.TypeOffset);
        if (type == Record.PaddingType)
        {
            cursor += _capacity - index;
            index = 0;
            length = *(int*)_buffer;
            type = *(int*)(_buffer + Record.TypeOffset);
        }

        var messageLength = length - Record.HeaderLength;
        var plausible = messageLength >= 0 && messageLength <= _scratch.Length && length <= _capacity - index;
        if (plausible)
        {
            new ReadOnlySpan<byte>(_buffer + index + Record.HeaderLength, messageLength).CopyTo(_scratch);
        }

        // The copy must not move after the check of the intent; pairs with SignalIntent in BroadcastTransmitter.
        Volatile.ReadBarrier();
        if (!plausible || !IsIntact(cursor))
        {
            LappedCount++;
            _next = Latest();
            return false;
        }

        _next = cursor + Record.Align(length);
        handler.OnMessage(type, _scratch.AsSpan(0, messageLength));
        return true;
    }

    private bool IsIntact(long cursor) =>
        cursor + _capacity > Volatile.Read(ref Trailer(BroadcastTransmitter.TailIntentOffset));

    private long Latest() => Volatile.Read(ref Trailer(BroadcastTransmitter.LatestOffset));

    private ref long Trailer(int offset) => ref *(long*)(_buffer + _capacity + offset);
}
