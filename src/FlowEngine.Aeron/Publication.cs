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
    private readonly int _termLength;
    private readonly int _shift;
    private readonly int _initialTermId;
    private volatile bool _isClosed;

    internal Publication(PublicationParts parts)
    {
        _parts = parts;
        _log = parts.Log;
        _limit = parts.Limit;
        _termLength = _log.TermLength;
        _shift = _log.PositionBitsToShift;
        _initialTermId = _log.InitialTermId;
        MaxPayloadLength = _log.MtuLength - DataFrame.HeaderLength;
        MaxMessageLength = LogBufferDescriptor.MaxMessageLength(_termLength);
        MaxPossiblePosition = (long)_termLength << 31;
        _writer = new FrameWriter(parts.SessionId, parts.StreamId, MaxPayloadLength);
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

    /// <summary>Longest claim, and longest message that is not split.</summary>
    public int MaxPayloadLength { get; }

    /// <summary>Longest message.</summary>
    public int MaxMessageLength { get; }

    /// <summary>Bytes of one term.</summary>
    public int TermLength => _termLength;

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

    /// <summary>Publishes a message, split if it is longer than <see cref="MaxPayloadLength"/>. Any thread.</summary>
    /// <param name="payload">At most <see cref="MaxMessageLength"/> bytes.</param>
    /// <param name="reservedValue">Goes into the header of each frame.</param>
    /// <returns>Position behind the message, or one of <see cref="PublicationResult"/>.</returns>
    [Hot]
    public long Offer(ReadOnlySpan<byte> payload, long reservedValue = 0)
    {
        if (payload.Length > MaxMessageLength)
        {
            ThrowTooLong(payload.Length, MaxMessageLength);
        }

        var result = Claim(payload.Length, out var frame, out var termId, out var termOffset);
        if (result > 0)
        {
            _writer.WriteMessage(frame, payload, termId, termOffset, reservedValue);
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Claims space to write a message in place. Any thread.</summary>
    /// <param name="length">At most <see cref="MaxPayloadLength"/>.</param>
    /// <param name="claim">To be committed or aborted, if the result is a position.</param>
    /// <returns>Position behind the message, or one of <see cref="PublicationResult"/>.</returns>
    [Hot]
    public long TryClaim(int length, out BufferClaim claim)
    {
        if ((uint)length > (uint)MaxPayloadLength)
        {
            ThrowTooLong(length, MaxPayloadLength);
        }

        var result = Claim(length, out var frame, out var termId, out var termOffset);
        if (result > 0)
        {
            _writer.Begin(
                frame,
                length + DataFrame.HeaderLength,
                termId,
                termOffset,
                DataFrame.Unfragmented,
                DataFrame.TypeData);
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

    /// <summary>Takes the stream away at once, without waiting for its readers, and closes the publication.</summary>
    public void Revoke() => _parts.Conductor?.Close(this, revoke: true);

    /// <summary>Closes the publication; the stream ends when the last publication of its session is closed.</summary>
    public void Dispose() => _parts.Conductor?.Close(this, revoke: false);

    internal void MarkClosed() => _isClosed = true;

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ThrowTooLong(int length, int max) =>
        throw new ArgumentOutOfRangeException(nameof(length), length, $"a message here has 0 to {max} bytes");

    private long Claim(int length, out byte* frame, out int termId, out int termOffset)
    {
        frame = null;
        termId = 0;
        termOffset = 0;
        if (_isClosed)
        {
            return PublicationResult.Closed;
        }

        var limit = _limit.Get();
        var termCount = _log.ActiveTermCount;
        var partition = (int)((uint)termCount % LogBufferDescriptor.PartitionCount);
        var tail = _log.Tail(partition);

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
        var required = _writer.RequiredLength(length);
        rawTail = Interlocked.Add(ref *tail, required) - required;
        termId = LogBufferDescriptor.TermId(rawTail);
        var offset = LogBufferDescriptor.RawOffset(rawTail);
        var resulting = offset + required;
        if (resulting > _termLength)
        {
            return EndTerm(partition, termId, offset);
        }

        termOffset = (int)offset;
        frame = _log.Term(partition) + offset;
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

    private long BackPressureStatus(long position, int length)
    {
        if (position + DataFrame.Align(length + DataFrame.HeaderLength) >= MaxPossiblePosition)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        return _log.IsConnected ? PublicationResult.BackPressured : PublicationResult.NotConnected;
    }
}
