using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>
/// The sending end of a stream for one thread, with a session of its own: cheaper than <see cref="Publication"/>,
/// because the tail is stored, not contended for. Calls return a position, or one of <see
/// cref="PublicationResult"/>.
/// </summary>
public sealed unsafe class ExclusivePublication : IDisposable
{
    private readonly PublicationParts _parts;
    private readonly LogBuffers _log;
    private readonly AtomicCounter _limit;
    private readonly FrameWriter _writer;
    private readonly int _termLength;
    private readonly int _maxPayloadLength;
    private volatile bool _isClosed;
    private ExclusiveCursor _cursor;

    internal ExclusivePublication(PublicationParts parts)
    {
        _parts = parts;
        _log = parts.Log;
        _limit = parts.Limit;
        _termLength = _log.TermLength;
        _maxPayloadLength = _log.MtuLength - DataFrame.HeaderLength;
        MaxMessageLength = LogBufferDescriptor.MaxMessageLength(_termLength);
        MaxPossiblePosition = (long)_termLength << 31;
        _writer = new FrameWriter(parts.SessionId, parts.StreamId, _maxPayloadLength);

        var termCount = _log.ActiveTermCount;
        _cursor.Partition = (int)((uint)termCount % LogBufferDescriptor.PartitionCount);
        _cursor.Tail = _log.Tail(_cursor.Partition);
        _cursor.Term = _log.Term(_cursor.Partition);

        // Pairs with the driver's set-up of the tails.
        var rawTail = Volatile.Read(ref *_cursor.Tail);
        _cursor.TermId = LogBufferDescriptor.TermId(rawTail);
        _cursor.TermOffset = (int)Math.Min(LogBufferDescriptor.RawOffset(rawTail), _termLength);
        _cursor.TermBeginPosition = (long)termCount << _log.PositionBitsToShift;
    }

    /// <summary>Channel as it was asked for.</summary>
    public string Channel => _parts.Channel;

    /// <summary>Stream id.</summary>
    public int StreamId => _parts.StreamId;

    /// <summary>Session id, this publication's own.</summary>
    public int SessionId => _parts.SessionId;

    /// <summary>Id of this registration.</summary>
    public long RegistrationId => _parts.RegistrationId;

    /// <summary>Id of the registration that created the log: this one.</summary>
    public long OriginalRegistrationId => _parts.OriginalRegistrationId;

    /// <summary>Term id at position 0.</summary>
    public int InitialTermId => _log.InitialTermId;

    /// <summary>Longest claim, and longest message that is not split.</summary>
    public int MaxPayloadLength => _maxPayloadLength;

    /// <summary>Longest message.</summary>
    public int MaxMessageLength { get; }

    /// <summary>Bytes of one term.</summary>
    public int TermLength => _termLength;

    /// <summary>log2 of the term length.</summary>
    public int PositionBitsToShift => _log.PositionBitsToShift;

    /// <summary>Where the stream is used up.</summary>
    public long MaxPossiblePosition { get; }

    /// <summary>Whether the publication takes no more messages.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Whether there are subscribers.</summary>
    public bool IsConnected => !_isClosed && _log.IsConnected;

    /// <summary>
    /// Position behind the last message, or <see cref="PublicationResult.Closed"/>. Publishing thread.
    /// </summary>
    public long Position => _isClosed ? PublicationResult.Closed : _cursor.TermBeginPosition + _cursor.TermOffset;

    /// <summary>Term being written. Publishing thread.</summary>
    public int TermId => _cursor.TermId;

    /// <summary>Where the next frame will start in the term. Publishing thread.</summary>
    public int TermOffset => _cursor.TermOffset;

    /// <summary>Position up to which messages are taken, or <see cref="PublicationResult.Closed"/>.</summary>
    public long PositionLimit => _isClosed ? PublicationResult.Closed : _limit.Get();

    /// <summary>Id of the counter of <see cref="PositionLimit"/>.</summary>
    public int PositionLimitId => _limit.Id;

    /// <summary>
    /// Bytes that will be taken before back pressure, or <see cref="PublicationResult.Closed"/>. Publishing thread.
    /// </summary>
    public long AvailableWindow =>
        _isClosed ? PublicationResult.Closed : _limit.Get() - (_cursor.TermBeginPosition + _cursor.TermOffset);

    /// <summary>One of <see cref="Aeron.ChannelStatus"/>.</summary>
    public long ChannelStatus => _parts.ChannelStatus(_isClosed);

    /// <summary>Id of the counter of <see cref="ChannelStatus"/>, or -1 for IPC.</summary>
    public int ChannelStatusId => _parts.ChannelStatusId;

    /// <summary>Addresses and ports the channel's sockets are bound to; none for IPC. O(counters).</summary>
    public IReadOnlyList<string> LocalSocketAddresses => _parts.LocalSocketAddresses(_isClosed);

    /// <summary>
    /// Publishes a message, split if it is longer than <see cref="MaxPayloadLength"/>. Publishing thread.
    /// </summary>
    /// <param name="payload">At most <see cref="MaxMessageLength"/> bytes.</param>
    /// <param name="reservedValue">Goes into the header of each frame.</param>
    /// <returns>Position behind the message, or one of <see cref="PublicationResult"/>.</returns>
    [Hot]
    public long Offer(ReadOnlySpan<byte> payload, long reservedValue = 0)
    {
        if (payload.Length > _maxPayloadLength)
        {
            return OfferFragments(payload, reservedValue);
        }

        var required = DataFrame.Align(payload.Length + DataFrame.HeaderLength);
        var result = Claim(required, payload.Length, out var frame, out var termOffset);
        if (result > 0)
        {
            _writer.WriteFrame(frame, payload, _cursor.TermId, termOffset, reservedValue);
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>
    /// Publishes a message; the supplier makes the reserved value of each frame. Publishing thread.
    /// </summary>
    [Hot]
    public long Offer<TSupplier>(ReadOnlySpan<byte> payload, ref TSupplier supplier)
        where TSupplier : struct, IReservedValueSupplier, allows ref struct
    {
        var message = new SpanPayload(payload);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>Publishes a message made of two parts, such as header and body. Publishing thread.</summary>
    [Hot]
    public long Offer(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, long reservedValue = 0)
    {
        var message = new PairPayload(first, second);
        var supplier = new FixedReservedValue(reservedValue);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>Publishes a message made of any number of parts. Publishing thread.</summary>
    [Hot, OverloadResolutionPriority(-1)] // So that [] means an empty message.
    public long Offer(ReadOnlySpan<ReadOnlyMemory<byte>> parts, long reservedValue = 0)
    {
        var message = new PartsPayload(parts);
        var supplier = new FixedReservedValue(reservedValue);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>
    /// Publishes a message made of parts, with a reserved value made for each frame. Publishing thread.
    /// </summary>
    [Hot, OverloadResolutionPriority(-1)]
    public long Offer<TSupplier>(ReadOnlySpan<ReadOnlyMemory<byte>> parts, ref TSupplier supplier)
        where TSupplier : struct, IReservedValueSupplier, allows ref struct
    {
        var message = new PartsPayload(parts);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>Claims space to write a message in place. Publishing thread.</summary>
    /// <param name="length">At most <see cref="MaxPayloadLength"/>.</param>
    /// <param name="claim">To be committed or aborted, if the result is a position.</param>
    /// <returns>Position behind the message, or one of <see cref="PublicationResult"/>.</returns>
    [Hot]
    public long TryClaim(int length, out BufferClaim claim)
    {
        if ((uint)length > (uint)_maxPayloadLength)
        {
            Publication.ThrowTooLong(length, _maxPayloadLength);
        }

        var frameLength = length + DataFrame.HeaderLength;
        var result = Claim(DataFrame.Align(frameLength), length, out var frame, out var termOffset);
        if (result > 0)
        {
            _writer.Begin(frame, frameLength, _cursor.TermId, termOffset, DataFrame.Unfragmented, DataFrame.TypeData);
            *(long*)(frame + DataFrame.ReservedValueOffset) = 0;
            claim = new BufferClaim(frame, length, _log);
        }
        else
        {
            claim = default;
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Appends filler that subscribers skip. Publishing thread.</summary>
    /// <param name="length">Bytes besides the frame header, at most <see cref="MaxMessageLength"/>.</param>
    /// <returns>Position behind the filler, or one of <see cref="PublicationResult"/>.</returns>
    public long AppendPadding(int length)
    {
        if ((uint)length > (uint)MaxMessageLength)
        {
            Publication.ThrowTooLong(length, MaxMessageLength);
        }

        var frameLength = length + DataFrame.HeaderLength;
        var result = Claim(DataFrame.Align(frameLength), length, out var frame, out var termOffset);
        if (result > 0)
        {
            _writer.WritePadding(frame, frameLength, _cursor.TermId, termOffset);
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>
    /// Publishes a block of complete frames, as <see cref="Image.BlockPoll"/> delivers them, whose first frame is the
    /// very next one of this stream: same session, stream, term and offset. Frames behind it are not looked at.
    /// Publishing thread.
    /// </summary>
    /// <param name="block">A multiple of 32 bytes, and no more than the term has left.</param>
    /// <returns>Position behind the block, or one of <see cref="PublicationResult"/>.</returns>
    /// <exception cref="ArgumentException">The block does not belong here.</exception>
    public long OfferBlock(ReadOnlySpan<byte> block)
    {
        if (_isClosed)
        {
            return PublicationResult.Closed;
        }

        // At the end of a term, unlike the other calls: a caller that filled the term exactly goes on in the next.
        if (_cursor.TermOffset >= _termLength && EndTerm() != PublicationResult.AdminAction)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        CheckBlock(block);
        var result = Claim(block.Length, block.Length, out var frame, out _);
        if (result > 0)
        {
            block[sizeof(int)..].CopyTo(new Span<byte>(frame + sizeof(int), block.Length - sizeof(int)));
            FrameWriter.Commit(frame, BinaryPrimitives.ReadInt32LittleEndian(block));
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Adds a receiver to a channel with <c>control-mode=manual</c>, and waits for the driver.</summary>
    /// <returns>Id of the destination, for <see cref="RemoveDestination(long)"/>.</returns>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    public long AddDestination(string channel) => _parts.AddDestination(channel, wait: true);

    /// <summary>Removes a receiver, and waits for the driver.</summary>
    public void RemoveDestination(string channel) => _parts.RemoveDestination(channel, wait: true);

    /// <summary>Removes the receiver that <see cref="AddDestination"/> returned, and waits for the driver.</summary>
    public void RemoveDestination(long destinationId) => _parts.RemoveDestination(destinationId, wait: true);

    /// <summary>
    /// Asks for a receiver. The id is the destination's, and for <see cref="AeronClient.IsCommandDone"/>.
    /// </summary>
    public long AsyncAddDestination(string channel) => _parts.AddDestination(channel, wait: false);

    /// <summary>Asks for a receiver to be removed; the id is for <see cref="AeronClient.IsCommandDone"/>.</summary>
    public long AsyncRemoveDestination(string channel) => _parts.RemoveDestination(channel, wait: false);

    /// <summary>Asks for a receiver to be removed; the id is for <see cref="AeronClient.IsCommandDone"/>.</summary>
    public long AsyncRemoveDestination(long destinationId) => _parts.RemoveDestination(destinationId, wait: false);

    /// <summary>Takes the stream away at once, without waiting for its readers, and closes the publication.</summary>
    public void Revoke() => _parts.Conductor.Close(this, revoke: true);

    /// <summary>Closes the publication and ends the stream.</summary>
    public void Dispose() => _parts.Conductor.Close(this, revoke: false);

    internal void MarkClosed() => _isClosed = true;

    /// <summary>Apart, so that one-frame offers set up no locals for it.</summary>
    [Hot, MethodImpl(MethodImplOptions.NoInlining)]
    private long OfferFragments(ReadOnlySpan<byte> payload, long reservedValue)
    {
        var message = new SpanPayload(payload);
        var supplier = new FixedReservedValue(reservedValue);
        return OfferMessage(ref message, ref supplier);
    }

    [Hot]
    private long OfferMessage<TPayload, TSupplier>(ref TPayload payload, ref TSupplier supplier)
        where TPayload : struct, IPayload, allows ref struct
        where TSupplier : struct, IReservedValueSupplier, allows ref struct
    {
        var length = payload.Length;
        if (length > MaxMessageLength)
        {
            Publication.ThrowTooLong(length, MaxMessageLength);
        }

        var required = length <= _maxPayloadLength
            ? DataFrame.Align(length + DataFrame.HeaderLength)
            : _writer.FragmentedLength(length);
        var result = Claim(required, length, out var frame, out var termOffset);
        if (result > 0)
        {
            _writer.WriteMessage(frame, ref payload, _cursor.TermId, termOffset, ref supplier);
        }

        GC.KeepAlive(this);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Claim(int required, int length, out byte* frame, out int termOffset)
    {
        frame = null;
        termOffset = _cursor.TermOffset;
        if (_isClosed)
        {
            return PublicationResult.Closed;
        }

        var position = _cursor.TermBeginPosition + termOffset;
        if (position >= _limit.Get())
        {
            return BackPressureStatus(position, length);
        }

        // Pairs with ProducerPosition in the driver. Before the frame, so that a dead publisher can be unblocked.
        var resulting = termOffset + required;
        Volatile.Write(ref *_cursor.Tail, LogBufferDescriptor.PackTail(_cursor.TermId, resulting));
        if (resulting > _termLength)
        {
            return EndTerm();
        }

        frame = _cursor.Term + termOffset;
        _cursor.TermOffset = resulting;
        return _cursor.TermBeginPosition + resulting;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long EndTerm()
    {
        var gap = _termLength - _cursor.TermOffset;
        if (gap > 0)
        {
            _writer.WritePadding(_cursor.Term + _cursor.TermOffset, gap, _cursor.TermId, _cursor.TermOffset);
            _cursor.TermOffset = _termLength;
        }

        if (_cursor.TermBeginPosition + _termLength >= MaxPossiblePosition)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        _cursor.Partition = (_cursor.Partition + 1) % LogBufferDescriptor.PartitionCount;
        _cursor.Tail = _log.Tail(_cursor.Partition);
        _cursor.Term = _log.Term(_cursor.Partition);
        _cursor.TermId = unchecked(_cursor.TermId + 1);
        _cursor.TermOffset = 0;
        _cursor.TermBeginPosition += _termLength;
        *_cursor.Tail = LogBufferDescriptor.PackTail(_cursor.TermId, 0);

        // Pairs with ActiveTermCount in the driver: the tail is seen before the count that leads to it.
        _log.ActiveTermCount = (int)(_cursor.TermBeginPosition >> _log.PositionBitsToShift);
        return PublicationResult.AdminAction;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long BackPressureStatus(long position, int length)
    {
        if (position + length >= MaxPossiblePosition)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        return _log.IsConnected ? PublicationResult.BackPressured : PublicationResult.NotConnected;
    }

    private void CheckBlock(ReadOnlySpan<byte> block)
    {
        var room = _termLength - _cursor.TermOffset;
        if (block.Length < DataFrame.HeaderLength || block.Length % DataFrame.Alignment != 0 || block.Length > room)
        {
            throw new ArgumentException(
                $"a block here has 32 to {room} bytes, a multiple of 32, not {block.Length}", nameof(block));
        }

        var termOffset = BinaryPrimitives.ReadInt32LittleEndian(block[DataFrame.TermOffsetOffset..]);
        var sessionId = BinaryPrimitives.ReadInt32LittleEndian(block[DataFrame.SessionIdOffset..]);
        var streamId = BinaryPrimitives.ReadInt32LittleEndian(block[DataFrame.StreamIdOffset..]);
        var termId = BinaryPrimitives.ReadInt32LittleEndian(block[DataFrame.TermIdOffset..]);
        var type = BinaryPrimitives.ReadUInt16LittleEndian(block[DataFrame.TypeOffset..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(block);
        if (termOffset != _cursor.TermOffset || termId != _cursor.TermId
            || sessionId != SessionId || streamId != StreamId
            || type != DataFrame.TypeData || length < DataFrame.HeaderLength || length > block.Length)
        {
            throw new ArgumentException(
                $"the block's first frame (session {sessionId} stream {streamId} term {termId} offset {termOffset} "
                + $"type {type} length {length}) is not the next of session {SessionId} stream {StreamId} "
                + $"term {_cursor.TermId} offset {_cursor.TermOffset}",
                nameof(block));
        }
    }
}
