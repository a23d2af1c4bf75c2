using System.Numerics;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Control;

/// <summary>
/// The ring through which clients send commands to the driver: many producers, one consumer, across processes.
/// <code>
/// | records, capacity = power of two | trailer 768 B:  128 tail | 256 head cache | 384 head | 512 correlation counter
///                       640 consumer heartbeat, epoch ms, -1 after an orderly shutdown |
/// </code>
/// Positions never wrap; index = position modulo capacity. A producer claims by moving the tail, stores -length,
/// writes, and stores +length; the consumer zeroes what it has read before it moves the head, because a zero length
/// means "not yet". Bad case: a producer that dies between claim and commit stops the consumer until <see
/// cref="Unblock"/>.
/// </summary>
public sealed unsafe class ManyToOneRing
{
    /// <summary>Bytes of the trailer.</summary>
    public const int TrailerLength = 768;

    private const int TailOffset = 128;
    private const int HeadCacheOffset = 256;
    private const int HeadOffset = 384;
    private const int CorrelationOffset = 512;
    private const int HeartbeatOffset = 640;

    private readonly byte* _buffer;
    private readonly int _capacity;
    private readonly int _mask;
    private readonly object? _owner;

    /// <summary>A ring over shared memory.</summary>
    /// <param name="buffer">8-byte aligned.</param>
    /// <param name="length">Capacity, a power of two, plus <see cref="TrailerLength"/>.</param>
    /// <param name="owner">Kept reachable, so that the memory stays mapped.</param>
    public ManyToOneRing(byte* buffer, int length, object? owner = null)
    {
        var capacity = length - TrailerLength;
        if (capacity < 64 || !BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"capacity must be a power of two of at least 64, plus {TrailerLength}");
        }

        _buffer = buffer;
        _capacity = capacity;
        _mask = capacity - 1;
        _owner = owner;
        MaxMessageLength = capacity / 8;
    }

    /// <summary>Bytes of records.</summary>
    public int Capacity => _capacity;

    /// <summary>Longest message.</summary>
    public int MaxMessageLength { get; }

    /// <summary>Records dropped because their length made no sense. Consumer's thread.</summary>
    public long CorruptRecords { get; private set; }

    /// <summary>What keeps the memory mapped.</summary>
    public object? Owner => _owner;

    /// <summary>Where the next producer will claim.</summary>
    public long ProducerPosition => Volatile.Read(ref Trailer(TailOffset));

    /// <summary>Where the consumer reads next.</summary>
    public long ConsumerPosition => Volatile.Read(ref Trailer(HeadOffset));

    /// <summary>The value the next <see cref="NextCorrelationId"/> will return.</summary>
    public long PeekCorrelationId => Volatile.Read(ref Trailer(CorrelationOffset));

    /// <summary>
    /// Last sign of life of the consumer, epoch ms; -1 after an orderly shutdown, 0 before its start.
    /// </summary>
    public long ConsumerHeartbeatMs
    {
        // Pairs with the setter in the driver.
        get => Volatile.Read(ref Trailer(HeartbeatOffset));
        set => Volatile.Write(ref Trailer(HeartbeatOffset), value);
    }

    /// <summary>A number nobody else gets: correlation, registration and client ids come from here.</summary>
    public long NextCorrelationId() => Interlocked.Increment(ref Trailer(CorrelationOffset)) - 1;

    /// <summary>Writes a message; any thread of any process.</summary>
    /// <param name="type">1 or more.</param>
    /// <param name="body">At most <see cref="MaxMessageLength"/> bytes.</param>
    /// <returns>False if the ring is full.</returns>
    public bool TryWrite(int type, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(type, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxMessageLength, nameof(body));
        var recordLength = body.Length + Record.HeaderLength;
        var index = Claim(Record.Align(recordLength));
        if (index < 0)
        {
            return false;
        }

        var record = _buffer + index;

        // Pairs with Read and Unblock: a negative length is a claim.
        Volatile.Write(ref *(int*)record, -recordLength);
        Volatile.WriteBarrier();
        *(int*)(record + Record.TypeOffset) = type;
        body.CopyTo(new Span<byte>(record + Record.HeaderLength, body.Length));

        // Pairs with Read: whoever sees the length sees type and message.
        Volatile.Write(ref *(int*)record, recordLength);
        return true;
    }

    /// <summary>Hands up to <paramref name="limit"/> messages to the handler; consumer's thread.</summary>
    /// <returns>Messages handed over.</returns>
    public int Read<THandler>(ref THandler handler, int limit)
        where THandler : IMessageHandler, allows ref struct
    {
        var head = Trailer(HeadOffset);
        var headIndex = (int)head & _mask;
        var contiguous = _capacity - headIndex;
        var consumed = 0;
        var messages = 0;
        try
        {
            while (consumed < contiguous && messages < limit)
            {
                var record = _buffer + headIndex + consumed;

                // Pairs with the commit in TryWrite.
                var length = Volatile.Read(ref *(int*)record);
                if (length <= 0)
                {
                    break;
                }

                if (length < Record.HeaderLength || length > contiguous - consumed)
                {
                    CorruptRecords++;
                    consumed = SkipCorrupt(head, contiguous);
                    break;
                }

                consumed += Record.Align(length);
                var type = *(int*)(record + Record.TypeOffset);
                if (type != Record.PaddingType)
                {
                    messages++;
                    handler.OnMessage(
                        type, new ReadOnlySpan<byte>(record + Record.HeaderLength, length - Record.HeaderLength));
                }
            }
        }
        finally
        {
            if (consumed > 0)
            {
                new Span<byte>(_buffer + headIndex, consumed).Clear();

                // Pairs with Claim: a producer that sees the head sees zeroes behind it.
                Volatile.Write(ref Trailer(HeadOffset), head + consumed);
            }
        }

        return messages;
    }

    /// <summary>
    /// Removes what a dead producer left at the head; consumer's thread, when the head has stood still for long.
    /// </summary>
    /// <returns>Whether something was removed.</returns>
    public bool Unblock()
    {
        var head = Trailer(HeadOffset);
        var tail = ProducerPosition;
        if (tail <= head)
        {
            return false;
        }

        var headIndex = (int)head & _mask;
        var record = _buffer + headIndex;
        var length = Volatile.Read(ref *(int*)record);
        if (length < 0)
        {
            Pad(headIndex, -length);
            return true;
        }

        if (length > 0)
        {
            return false;
        }

        var tailIndex = (int)tail & _mask;
        var limit = tailIndex > headIndex ? tailIndex : _capacity;
        for (var index = headIndex + Record.Alignment; index < limit; index += Record.Alignment)
        {
            if (Volatile.Read(ref *(int*)(_buffer + index)) != 0)
            {
                if (!IsZeroBetween(headIndex, index))
                {
                    return false;
                }

                Pad(headIndex, index - headIndex);
                return true;
            }
        }

        return false;
    }

    private int Claim(int required)
    {
        // Pairs with the releases of head and head cache below and in Read.
        var head = Volatile.Read(ref Trailer(HeadCacheOffset));
        while (true)
        {
            var tail = Volatile.Read(ref Trailer(TailOffset));
            if (required > _capacity - (int)(tail - head))
            {
                head = Volatile.Read(ref Trailer(HeadOffset));
                if (required > _capacity - (int)(tail - head))
                {
                    return -1;
                }

                Volatile.Write(ref Trailer(HeadCacheOffset), head);
            }

            var padding = 0;
            var tailIndex = (int)tail & _mask;
            var toEnd = _capacity - tailIndex;
            if (required > toEnd)
            {
                padding = toEnd;
                if (required > ((int)head & _mask))
                {
                    head = Volatile.Read(ref Trailer(HeadOffset));
                    if (required > ((int)head & _mask))
                    {
                        return -1;
                    }

                    Volatile.Write(ref Trailer(HeadCacheOffset), head);
                }
            }

            var next = tail + required + padding;
            if (Interlocked.CompareExchange(ref Trailer(TailOffset), next, tail) == tail)
            {
                if (padding == 0)
                {
                    return tailIndex;
                }

                Pad(tailIndex, padding);
                return 0;
            }
        }
    }

    private void Pad(int index, int length)
    {
        var record = _buffer + index;

        // Pairs with Read, in the order of a claim and a commit.
        Volatile.Write(ref *(int*)record, -length);
        Volatile.WriteBarrier();
        *(int*)(record + Record.TypeOffset) = Record.PaddingType;
        Volatile.Write(ref *(int*)record, length);
    }

    private bool IsZeroBetween(int from, int to)
    {
        for (var index = to - Record.Alignment; index >= from; index -= Record.Alignment)
        {
            if (Volatile.Read(ref *(int*)(_buffer + index)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private int SkipCorrupt(long head, int contiguous) =>
        (int)Math.Min(CacheLine.Align(ProducerPosition - head, Record.Alignment), contiguous);

    private ref long Trailer(int offset) => ref *(long*)(_buffer + _capacity + offset);
}
