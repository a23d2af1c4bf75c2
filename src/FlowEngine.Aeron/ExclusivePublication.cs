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
    private volatile bool _isClosed;

    // Written by the publishing thread.
    private int _partition;
    private int _termId;
    private int _termOffset;
    private long _termBeginPosition;

    internal ExclusivePublication(PublicationParts parts)
    {
        _parts = parts;
        _log = parts.Log;
        _limit = parts.Limit;
        _termLength = _log.TermLength;
        MaxPayloadLength = _log.MtuLength - DataFrame.HeaderLength;
        MaxMessageLength = LogBufferDescriptor.MaxMessageLength(_termLength);
        MaxPossiblePosition = (long)_termLength << 31;
        _writer = new FrameWriter(parts.SessionId, parts.StreamId, MaxPayloadLength);

        var termCount = _log.ActiveTermCount;
        _partition = termCount % LogBufferDescriptor.PartitionCount;
        var rawTail = Volatile.Read(ref *_log.Tail(_partition));
        _termId = LogBufferDescriptor.TermId(rawTail);
        _termOffset = (int)LogBufferDescriptor.RawOffset(rawTail);
        _termBeginPosition = (long)termCount << _log.PositionBitsToShift;
    }

    /// <summary>Channel as it was asked for.</summary>
    public string Channel => _parts.Channel;

    /// <summary>Stream id.</summary>
    public int StreamId => _parts.StreamId;

    /// <summary>Session id, this publication's own.</summary>
    public int SessionId => _parts.SessionId;

    /// <summary>Id of this registration.</summary>
    public long RegistrationId => _parts.RegistrationId;

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

    /// <summary>
    /// Position behind the last message, or <see cref="PublicationResult.Closed"/>. Publishing thread.
    /// </summary>
    public long Position => _isClosed ? PublicationResult.Closed : _termBeginPosition + _termOffset;

    /// <summary>Position up to which messages are taken, or <see cref="PublicationResult.Closed"/>.</summary>
    public long PositionLimit => _isClosed ? PublicationResult.Closed : _limit.Get();

    /// <summary>
    /// Publishes a message, split if it is longer than <see cref="MaxPayloadLength"/>. Publishing thread.
    /// </summary>
    /// <param name="payload">At most <see cref="MaxMessageLength"/> bytes.</param>
    /// <param name="reservedValue">Goes into the header of each frame.</param>
    /// <returns>Position behind the message, or one of <see cref="PublicationResult"/>.</returns>
    [Hot]
    public long Offer(ReadOnlySpan<byte> payload, long reservedValue = 0)
    {
        if (payload.Length > MaxMessageLength)
        {
            Publication.ThrowTooLong(payload.Length, MaxMessageLength);
        }

        var result = Claim(payload.Length, out var frame, out var termOffset);
        if (result > 0)
        {
            _writer.WriteMessage(frame, payload, _termId, termOffset, reservedValue);
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Claims space to write a message in place. Publishing thread.</summary>
    /// <param name="length">At most <see cref="MaxPayloadLength"/>.</param>
    /// <param name="claim">To be committed or aborted, if the result is a position.</param>
    /// <returns>Position behind the message, or one of <see cref="PublicationResult"/>.</returns>
    [Hot]
    public long TryClaim(int length, out BufferClaim claim)
    {
        if ((uint)length > (uint)MaxPayloadLength)
        {
            Publication.ThrowTooLong(length, MaxPayloadLength);
        }

        var result = Claim(length, out var frame, out var termOffset);
        if (result > 0)
        {
            _writer.Begin(
                frame,
                length + DataFrame.HeaderLength,
                _termId,
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
        var result = ClaimBytes(DataFrame.Align(frameLength), length, out var frame, out var termOffset);
        if (result > 0)
        {
            _writer.WritePadding(frame, frameLength, _termId, termOffset);
        }

        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Takes the stream away at once, without waiting for its readers, and closes the publication.</summary>
    public void Revoke() => _parts.Conductor?.Close(this, revoke: true);

    /// <summary>Closes the publication and ends the stream.</summary>
    public void Dispose() => _parts.Conductor?.Close(this, revoke: false);

    internal void MarkClosed() => _isClosed = true;

    private long Claim(int length, out byte* frame, out int termOffset) =>
        ClaimBytes(_writer.RequiredLength(length), length, out frame, out termOffset);

    private long ClaimBytes(int required, int length, out byte* frame, out int termOffset)
    {
        frame = null;
        termOffset = _termOffset;
        if (_isClosed)
        {
            return PublicationResult.Closed;
        }

        var position = _termBeginPosition + termOffset;
        if (position >= _limit.Get())
        {
            return BackPressureStatus(position, length);
        }

        // Pairs with ProducerPosition in the driver. Before the frame, so that a dead publisher can be unblocked.
        var resulting = termOffset + required;
        Volatile.Write(ref *_log.Tail(_partition), LogBufferDescriptor.PackTail(_termId, resulting));
        if (resulting > _termLength)
        {
            return EndTerm();
        }

        frame = _log.Term(_partition) + termOffset;
        _termOffset = resulting;
        return _termBeginPosition + resulting;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long EndTerm()
    {
        var gap = _termLength - _termOffset;
        if (gap > 0)
        {
            _writer.WritePadding(_log.Term(_partition) + _termOffset, gap, _termId, _termOffset);
            _termOffset = _termLength;
        }

        if (_termBeginPosition + _termLength >= MaxPossiblePosition)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        _partition = (_partition + 1) % LogBufferDescriptor.PartitionCount;
        _termId = unchecked(_termId + 1);
        _termOffset = 0;
        _termBeginPosition += _termLength;
        *_log.Tail(_partition) = LogBufferDescriptor.PackTail(_termId, 0);

        // Pairs with ActiveTermCount in the driver: the tail is seen before the count that leads to it.
        _log.ActiveTermCount = (int)(_termBeginPosition >> _log.PositionBitsToShift);
        return PublicationResult.AdminAction;
    }

    private long BackPressureStatus(long position, int length)
    {
        if (position + length >= MaxPossiblePosition)
        {
            return PublicationResult.MaxPositionExceeded;
        }

        return _log.IsConnected ? PublicationResult.BackPressured : PublicationResult.NotConnected;
    }
}
