using System.Runtime.CompilerServices;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>
/// One publisher's session as a subscription sees it. Polled by one thread at a time. When the image goes away,
/// polling returns 0; its log stays mapped for the resource linger, and as long as a poll is under way.
/// </summary>
public sealed unsafe class Image
{
    private readonly LogBuffers _log;
    private readonly AtomicCounter _position;
    private readonly byte* _terms;
    private readonly int _termLength;
    private readonly int _shift;

    // Written by the polling thread; read by the conductor before it unmaps.
    private int _isPolling;

    private int _observers;
    private volatile bool _isClosed;
    private long _finalPosition;
    private bool _isEndOfStreamAtClose;

    internal Image(
        LogBuffers log, AtomicCounter position, long correlationId, int sessionId, int streamId, string sourceIdentity)
    {
        _log = log;
        _position = position;
        _terms = log.Terms;
        _termLength = log.TermLength;
        _shift = log.PositionBitsToShift;
        CorrelationId = correlationId;
        SessionId = sessionId;
        StreamId = streamId;
        SourceIdentity = sourceIdentity;
        JoinPosition = position.Get();
        InitialTermId = log.InitialTermId;
        MtuLength = log.MtuLength;
    }

    /// <summary>Id of the image; for IPC the registration id of the publication.</summary>
    public long CorrelationId { get; }

    /// <summary>Session of the publisher.</summary>
    public int SessionId { get; }

    /// <summary>Stream id.</summary>
    public int StreamId { get; }

    /// <summary>Where it comes from: <c>aeron:ipc</c>, or address and port.</summary>
    public string SourceIdentity { get; }

    /// <summary>Position at which the subscription joined.</summary>
    public long JoinPosition { get; }

    /// <summary>Term id at position 0.</summary>
    public int InitialTermId { get; }

    /// <summary>Bytes of one term.</summary>
    public int TermLength => _termLength;

    /// <summary>Longest frame.</summary>
    public int MtuLength { get; }

    /// <summary>Id of the subscriber position counter.</summary>
    public int PositionCounterId => _position.Id;

    /// <summary>Whether the image has gone.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Frames whose length made no sense: the image stops there.</summary>
    public long CorruptFrames { get; private set; }

    /// <summary>Position up to which messages were consumed.</summary>
    public long Position => _isClosed ? Volatile.Read(ref _finalPosition) : _position.Get();

    /// <summary>Whether all of a finished stream was consumed.</summary>
    public bool IsEndOfStream
    {
        get
        {
            // Pairs with IsUnused: counts as a use of the mapping before the closed flag is looked at.
            Interlocked.Increment(ref _observers);
            try
            {
                return _isClosed ? _isEndOfStreamAtClose : _position.Get() >= _log.EndOfStreamPosition;
            }
            finally
            {
                Interlocked.Decrement(ref _observers);
            }
        }
    }

#pragma warning disable FE004 // One try per poll, outside the loop: no exception may leave the image entered.
#pragma warning disable FE005 // A struct handler is called directly; a class is the caller's choice.

    /// <summary>Hands up to <paramref name="fragmentLimit"/> fragments of the current term to the handler.</summary>
    /// <returns>Fragments handed over.</returns>
    [Hot]
    public int Poll<THandler>(ref THandler handler, int fragmentLimit)
        where THandler : IFragmentHandler, allows ref struct
    {
        if (!TryEnter())
        {
            return 0;
        }

        var start = _position.GetPlain();
        var offset = (int)start & (_termLength - 1);
        var end = start - offset;
        var term = TermAt(start);
        var fragments = 0;
        try
        {
            while (fragments < fragmentLimit && TryNext(term, offset, out var length))
            {
                var frame = term + offset;
                offset += DataFrame.Align(length);
                if (*(ushort*)(frame + DataFrame.TypeOffset) == DataFrame.TypePadding)
                {
                    continue;
                }

                fragments++;
                handler.OnFragment(
                    new ReadOnlySpan<byte>(frame + DataFrame.HeaderLength, length - DataFrame.HeaderLength),
                    new FragmentHeader(frame, end + offset));
            }
        }
        finally
        {
            Exit(start, end + offset);
        }

        return fragments;
    }

    /// <summary>Like <see cref="Poll"/>, but the handler says after each fragment how to go on.</summary>
    /// <returns>Fragments handed over and not aborted.</returns>
    [Hot]
    public int ControlledPoll<THandler>(ref THandler handler, int fragmentLimit)
        where THandler : IControlledFragmentHandler, allows ref struct
    {
        if (!TryEnter())
        {
            return 0;
        }

        var start = _position.GetPlain();
        var offset = (int)start & (_termLength - 1);
        var begin = start - offset;
        var term = TermAt(start);
        var fragments = 0;
        try
        {
            while (fragments < fragmentLimit && TryNext(term, offset, out var length))
            {
                var frame = term + offset;
                var frameOffset = offset;
                offset += DataFrame.Align(length);
                if (*(ushort*)(frame + DataFrame.TypeOffset) == DataFrame.TypePadding)
                {
                    continue;
                }

                fragments++;
                var action = handler.OnFragment(
                    new ReadOnlySpan<byte>(frame + DataFrame.HeaderLength, length - DataFrame.HeaderLength),
                    new FragmentHeader(frame, begin + offset));
                if (action == ControlledPollAction.Abort)
                {
                    fragments--;
                    offset = frameOffset;
                    break;
                }

                if (action == ControlledPollAction.Break)
                {
                    break;
                }

                if (action == ControlledPollAction.Commit && !_isClosed)
                {
                    start = begin + offset;

                    // Pairs with the driver's acquire of subscriber positions.
                    _position.Set(start);
                }
            }
        }
        finally
        {
            Exit(start, begin + offset);
        }

        return fragments;
    }

#pragma warning restore FE004, FE005

    internal void Close()
    {
        if (_isClosed)
        {
            return;
        }

        var position = _position.Get();
        _isEndOfStreamAtClose = position >= _log.EndOfStreamPosition;
        Volatile.Write(ref _finalPosition, position);
        _isClosed = true;
    }

    /// <summary>Unmaps the log of a closed image if no thread is in it.</summary>
    internal bool TryRelease()
    {
        // Makes every other core's stores visible and lets it see the closed flag: the other half of TryEnter's fence.
        Interlocked.MemoryBarrierProcessWide();
        if (!_isClosed || Volatile.Read(ref _isPolling) != 0 || Volatile.Read(ref _observers) != 0)
        {
            return false;
        }

        _log.Dispose();
        return true;
    }

    private byte* TermAt(long position) =>
        _terms + ((long)((uint)(int)(position >> _shift) % LogBufferDescriptor.PartitionCount) * _termLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryNext(byte* term, int offset, out int length)
    {
        if (offset >= _termLength || _isClosed)
        {
            length = 0;
            return false;
        }

        // Pairs with the release of the frame length at commit.
        length = Volatile.Read(ref *(int*)(term + offset));
        if (length >= DataFrame.HeaderLength && length <= _termLength - offset)
        {
            return true;
        }

        if (length > 0)
        {
            CorruptFrames++;
        }

        return false;
    }

    private bool TryEnter()
    {
        // Store, then load, without a fence: TryRelease brings the fence for both sides.
        Volatile.Write(ref _isPolling, 1);
        if (!_isClosed)
        {
            return true;
        }

        Volatile.Write(ref _isPolling, 0);
        return false;
    }

    private void Exit(long start, long end)
    {
        if (end > start && !_isClosed)
        {
            // Pairs with the driver's acquire of subscriber positions.
            _position.Set(end);
        }

        Volatile.Write(ref _isPolling, 0);
    }
}
