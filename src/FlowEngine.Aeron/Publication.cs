using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>
/// The sending end of a stream for any number of threads: space is claimed by one fetch-and-add on the tail of the
/// active term. Calls return a position, or one of <see cref="PublicationResult"/>.
/// </summary>
public sealed unsafe class Publication : IDisposable
{
    private readonly PublicationParts _parts;
    private readonly LogBuffers _log;
    private readonly AtomicCounter _limit;
    private readonly FrameWriter _writer;
    private readonly long* _tails;
    private readonly int* _activeTermCount;
    private readonly byte* _terms;
    private readonly int _termLength;
    private readonly int _shift;
    private readonly int _initialTermId;
    private readonly int _maxPayloadLength;
    private volatile bool _isClosed;

    internal Publication(PublicationParts parts)
    {
        _parts = parts;
        _log = parts.Log;
        _limit = parts.Limit;
        _tails = _log.Tail(0);
        _activeTermCount = (int*)(_log.Metadata + LogBufferDescriptor.ActiveTermCountOffset);
        _terms = _log.Terms;
        _termLength = _log.TermLength;
        _shift = _log.PositionBitsToShift;
        _initialTermId = _log.InitialTermId;
        _maxPayloadLength = _log.MtuLength - DataFrame.HeaderLength;
        MaxMessageLength = LogBufferDescriptor.MaxMessageLength(_termLength);
        MaxPossiblePosition = (long)_termLength << 31;
        _writer = new FrameWriter(parts.SessionId, parts.StreamId, _maxPayloadLength);
    }

    /// <summary>Channel as it was asked for.</summary>
    public string Channel => _parts.Channel;

    /// <summary>Stream id.</summary>
    public int StreamId => _parts.StreamId;

    /// <summary>Session id, shared by all publications of this client on this stream.</summary>
    public int SessionId => _parts.SessionId;

    /// <summary>Id of this registration.</summary>
    public long RegistrationId => _parts.RegistrationId;

    /// <summary>Id of the registration that created the log.</summary>
    public long OriginalRegistrationId => _parts.OriginalRegistrationId;

    /// <summary>Whether this registration created the log.</summary>
    public bool IsOriginal => RegistrationId == OriginalRegistrationId;

    /// <summary>Term id at position 0.</summary>
    public int InitialTermId => _initialTermId;

    /// <summary>Longest claim, and longest message that is not split.</summary>
    public int MaxPayloadLength => _maxPayloadLength;

    /// <summary>Longest message.</summary>
    public int MaxMessageLength { get; }

    /// <summary>Bytes of one term.</summary>
    public int TermLength => _termLength;

    /// <summary>log2 of the term length.</summary>
    public int PositionBitsToShift => _shift;

    /// <summary>Where the stream is used up.</summary>
    public long MaxPossiblePosition { get; }

    /// <summary>Whether the publication takes no more messages.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Whether there are subscribers.</summary>
    public bool IsConnected => !_isClosed && _log.IsConnected;

    /// <summary>Position behind the last message, or <see cref="PublicationResult.Closed"/>.</summary>
    public long Position => _isClosed ? PublicationResult.Closed : _log.ProducerPosition();

    /// <summary>Position up to which messages are taken, or <see cref="PublicationResult.Closed"/>.</summary>
    public long PositionLimit => _isClosed ? PublicationResult.Closed : _limit.Get();

    /// <summary>Id of the counter of <see cref="PositionLimit"/>.</summary>
    public int PositionLimitId => _limit.Id;

    /// <summary>Bytes that will be taken before back pressure, or <see cref="PublicationResult.Closed"/>.</summary>
    public long AvailableWindow => _isClosed ? PublicationResult.Closed : _limit.Get() - _log.ProducerPosition();

    /// <summary>One of <see cref="Aeron.ChannelStatus"/>.</summary>
    public long ChannelStatus => _parts.ChannelStatus(_isClosed);

    /// <summary>Id of the counter of <see cref="ChannelStatus"/>, or -1 for IPC.</summary>
    public int ChannelStatusId => _parts.ChannelStatusId;

    /// <summary>Addresses and ports the channel's sockets are bound to; none for IPC. O(counters).</summary>
    public IReadOnlyList<string> LocalSocketAddresses => _parts.LocalSocketAddresses(_isClosed);

    /// <summary>Publishes a message, split if it is longer than <see cref="MaxPayloadLength"/>. Any thread.</summary>
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
        var result = Claim(required, payload.Length, out var frame, out var termId, out var termOffset);
        if (result > 0)
        {
            _writer.WriteFrame(frame, payload, termId, termOffset, reservedValue);
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Publishes a message; the supplier makes the reserved value of each frame. Any thread.</summary>
    [Hot]
    public long Offer<TSupplier>(ReadOnlySpan<byte> payload, ref TSupplier supplier)
        where TSupplier : struct, IReservedValueSupplier, allows ref struct
    {
        var message = new SpanPayload(payload);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>Publishes a message made of two parts, such as header and body. Any thread.</summary>
    [Hot]
    public long Offer(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, long reservedValue = 0)
    {
        var message = new PairPayload(first, second);
        var supplier = new FixedReservedValue(reservedValue);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>Publishes a message made of any number of parts. Any thread.</summary>
    [Hot, OverloadResolutionPriority(-1)] // So that [] means an empty message.
    public long Offer(ReadOnlySpan<ReadOnlyMemory<byte>> parts, long reservedValue = 0)
    {
        var message = new PartsPayload(parts);
        var supplier = new FixedReservedValue(reservedValue);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>Publishes a message made of parts, with a reserved value made for each frame. Any thread.</summary>
    [Hot, OverloadResolutionPriority(-1)]
    public long Offer<TSupplier>(ReadOnlySpan<ReadOnlyMemory<byte>> parts, ref TSupplier supplier)
        where TSupplier : struct, IReservedValueSupplier, allows ref struct
    {
        var message = new PartsPayload(parts);
        return OfferMessage(ref message, ref supplier);
    }

    /// <summary>Claims space to write a message in place. Any thread.</summary>
    /// <param name="length">At most <see cref="MaxPayloadLength"/>.</param>
    /// <param name="claim">To be committed or aborted, if the result is a position.</param>
    /// <returns>Position behind the message, or one of <see cref="PublicationResult"/>.</returns>
    [Hot]
    public long TryClaim(int length, out BufferClaim claim)
    {
        if ((uint)length > (uint)_maxPayloadLength)
        {
            ThrowTooLong(length, _maxPayloadLength);
        }

        var frameLength = length + DataFrame.HeaderLength;
        var result = Claim(DataFrame.Align(frameLength), length, out var frame, out var termId, out var termOffset);
        if (result > 0)
        {
            _writer.Begin(frame, frameLength, termId, termOffset, DataFrame.Unfragmented, DataFrame.TypeData);
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

    /// <summary>Closes the publication; the stream ends when the last publication of its session is closed.</summary>
    public void Dispose() => _parts.Conductor.Close(this, revoke: false);

    internal void MarkClosed() => _isClosed = true;

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ThrowTooLong(int length, int max) =>
        throw new ArgumentOutOfRangeException(nameof(length), length, $"a message here has 0 to {max} bytes");

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
            ThrowTooLong(length, MaxMessageLength);
        }

        var required = length <= _maxPayloadLength
            ? DataFrame.Align(length + DataFrame.HeaderLength)
            : _writer.FragmentedLength(length);
        var result = Claim(required, length, out var frame, out var termId, out var termOffset);
        if (result > 0)
        {
            _writer.WriteMessage(frame, ref payload, termId, termOffset, ref supplier);
        }

        GC.KeepAlive(this);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Claim(int required, int length, out byte* frame, out int termId, out int termOffset)
    {
        frame = null;
        termId = 0;
        termOffset = 0;
        if (_isClosed)
        {
            return PublicationResult.Closed;
        }

        var limit = _limit.Get();

        // Pairs with the exchange of the count in Rotate.
        var termCount = Volatile.Read(ref *_activeTermCount);
        var partition = (int)((uint)termCount % LogBufferDescriptor.PartitionCount);
        var tail = _tails + partition;

        // Pairs with the fetch-and-add below in other threads and with Rotate.
        var rawTail = Volatile.Read(ref *tail);
        if (unchecked(LogBufferDescriptor.TermId(rawTail) - _initialTermId) != termCount)
        {
            return PublicationResult.AdminAction;
        }

        var position = ((long)termCount << _shift) + Math.Min(LogBufferDescriptor.RawOffset(rawTail), _termLength);
        if (position >= limit)
        {
            return BackPressureStatus(position, length);
        }

        // The term may have changed since: what counts is the tail this claim got.
        rawTail = Interlocked.Add(ref *tail, required) - required;
        termId = LogBufferDescriptor.TermId(rawTail);
        var offset = LogBufferDescriptor.RawOffset(rawTail);
        var resulting = offset + required;
        if (resulting > _termLength)
        {
            return EndTerm(partition, termId, offset);
        }

        termOffset = (int)offset;
        frame = _terms + ((long)partition << _shift) + offset;
        return LogBufferDescriptor.Position(termId, resulting, _shift, _initialTermId);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long EndTerm(int partition, int termId, long offset)
    {
        if (offset < _termLength)
        {
            _writer.WritePadding(_log.Term(partition) + offset, (int)(_termLength - offset), termId, (int)offset);
        }

        var termCount = unchecked(termId - _initialTermId);
        if (((long)termCount + 1) << _shift >= MaxPossiblePosition)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        _log.Rotate(termCount, termId);
        return PublicationResult.AdminAction;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long BackPressureStatus(long position, int length)
    {
        if (position + DataFrame.Align(length + DataFrame.HeaderLength) >= MaxPossiblePosition)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        return _log.IsConnected ? PublicationResult.BackPressured : PublicationResult.NotConnected;
    }
}
