using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private readonly ClientConductor? _conductor;

    // Written by the polling thread; read by the conductor before it unmaps. Above 1 when a handler polls again.
    private PaddedInt _polls;
    private int _observers;
    private volatile bool _isClosed;
    private long _finalPosition;
    private long _endOfStreamAtClose;
    private bool _isRevokedAtClose;

    internal Image(
        LogBuffers log,
        AtomicCounter position,
        long correlationId,
        int sessionId,
        int streamId,
        string sourceIdentity,
        Subscription? subscription = null,
        ClientConductor? conductor = null)
    {
        _log = log;
        _position = position;
        _conductor = conductor;
        _terms = log.Terms;
        _termLength = log.TermLength;
        _shift = log.PositionBitsToShift;
        CorrelationId = correlationId;
        SessionId = sessionId;
        StreamId = streamId;
        SourceIdentity = sourceIdentity;
        Subscription = subscription;
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

    /// <summary>Whose image it is.</summary>
    public Subscription? Subscription { get; }

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

    /// <summary>
    /// Position up to which messages were consumed. The polling thread may set it, to skip or to settle what it
    /// peeked at: forward only, within the term, a multiple of 32.
    /// </summary>
    public long Position
    {
        get => _isClosed ? Volatile.Read(ref _finalPosition) : _position.Get();
        set
        {
            if (!_isClosed)
            {
                TermScan.CheckPosition(_position.GetPlain(), value, _termLength);

                // Pairs with the driver's acquire of subscriber positions.
                _position.Set(value);
            }
        }
    }

    /// <summary>Where the stream ends, or <see cref="LogBufferDescriptor.NoEndOfStream"/> while it goes on.</summary>
    public long EndOfStreamPosition =>
        Observe(LogBufferDescriptor.EndOfStreamPositionOffset, sizeof(long)) ?? _endOfStreamAtClose;

    /// <summary>Whether all of a finished stream was consumed.</summary>
    public bool IsEndOfStream => Position >= EndOfStreamPosition;

    /// <summary>Whether the publisher took the stream away without waiting for its readers.</summary>
    public bool IsPublicationRevoked =>
        Observe(LogBufferDescriptor.IsRevokedOffset, sizeof(byte)) is { } value ? value == 1 : _isRevokedAtClose;

    /// <summary>Live sources of the stream, several with destinations. 0 once closed, and from old drivers.</summary>
    public int ActiveTransportCount =>
        (int)(Observe(LogBufferDescriptor.ActiveTransportCountOffset, sizeof(int)) ?? 0);

#pragma warning disable FE004 // One try per poll, outside the loop: no exception may leave the image entered.
#pragma warning disable FE005 // A struct handler is called directly; a class is the caller's choice.

    /// <summary>Hands up to <paramref name="fragmentLimit"/> fragments of the current term to the handler.</summary>
    /// <returns>Fragments handed over.</returns>
    [Hot]
    public int Poll<THandler>(ref THandler handler, int fragmentLimit)
        where THandler : IFragmentHandler, allows ref struct =>
        BoundedPoll(ref handler, long.MaxValue, fragmentLimit);

    /// <summary>Like <see cref="Poll"/>, but starts no fragment at or behind a position.</summary>
    /// <returns>Fragments handed over.</returns>
    [Hot]
    public int BoundedPoll<THandler>(ref THandler handler, long limitPosition, int fragmentLimit)
        where THandler : IFragmentHandler, allows ref struct
    {
        if (!TryEnter())
        {
            return 0;
        }

        var start = _position.GetPlain();
        var offset = (int)start & (_termLength - 1);
        var begin = start - offset;
        var limit = LimitOffset(begin, limitPosition);
        var term = TermAt(start);
        var end = start;
        var fragments = 0;
        try
        {
            while (fragments < fragmentLimit && TryNext(term, offset, limit, out var length))
            {
                var frame = term + offset;
                offset += DataFrame.Align(length);

                // What the finally block sees lives in memory; the offset does not, as the loop hangs on it.
                end = begin + offset;
                if (*(ushort*)(frame + DataFrame.TypeOffset) == DataFrame.TypePadding)
                {
                    continue;
                }

                fragments++;
                handler.OnFragment(TermScan.Payload(frame, length), new FragmentHeader(frame, end));
            }
        }
        finally
        {
            Exit(start, end);
        }

        return fragments;
    }

    /// <summary>Like <see cref="Poll"/>, but the handler says after each fragment how to go on.</summary>
    /// <returns>Fragments handed over and not aborted.</returns>
    [Hot]
    public int ControlledPoll<THandler>(ref THandler handler, int fragmentLimit)
        where THandler : IControlledFragmentHandler, allows ref struct =>
        BoundedControlledPoll(ref handler, long.MaxValue, fragmentLimit);

    /// <summary>Like <see cref="ControlledPoll"/>, but starts no fragment at or behind a position.</summary>
    /// <returns>Fragments handed over and not aborted.</returns>
    [Hot]
    public int BoundedControlledPoll<THandler>(ref THandler handler, long limitPosition, int fragmentLimit)
        where THandler : IControlledFragmentHandler, allows ref struct
    {
        if (!TryEnter())
        {
            return 0;
        }

        var start = _position.GetPlain();
        var offset = (int)start & (_termLength - 1);
        var begin = start - offset;
        var limit = LimitOffset(begin, limitPosition);
        var term = TermAt(start);
        var end = start;
        var fragments = 0;
        try
        {
            while (fragments < fragmentLimit && TryNext(term, offset, limit, out var length))
            {
                var frame = term + offset;
                var frameBegin = begin + offset;
                offset += DataFrame.Align(length);
                end = begin + offset;
                if (*(ushort*)(frame + DataFrame.TypeOffset) == DataFrame.TypePadding)
                {
                    continue;
                }

                fragments++;
                var payload = TermScan.Payload(frame, length);
                var action = handler.OnFragment(payload, new FragmentHeader(frame, end));
                if (action == ControlledPollAction.Abort)
                {
                    fragments--;
                    end = frameBegin;
                    break;
                }

                if (action == ControlledPollAction.Break)
                {
                    break;
                }

                if (action == ControlledPollAction.Commit && !_isClosed)
                {
                    start = end;

                    // Pairs with the driver's acquire of subscriber positions.
                    _position.Set(end);
                }
            }
        }
        finally
        {
            Exit(start, end);
        }

        return fragments;
    }

    /// <summary>
    /// Hands over fragments from a position of the current term on, and consumes nothing: set <see cref="Position"/>
    /// for that. Commit means continue.
    /// </summary>
    /// <param name="initialPosition">A multiple of 32, from <see cref="Position"/> to the end of the term.</param>
    /// <param name="handler">Takes the fragments.</param>
    /// <param name="limitPosition">No fragment starts at or behind it.</param>
    /// <returns>Position behind the last whole message handed over: where to go on.</returns>
    [Hot]
    public long ControlledPeek<THandler>(long initialPosition, ref THandler handler, long limitPosition)
        where THandler : IControlledFragmentHandler, allows ref struct
    {
        if (!TryEnter())
        {
            return initialPosition;
        }

        var resulting = initialPosition;
        try
        {
            TermScan.CheckPosition(_position.GetPlain(), initialPosition, _termLength);
            var offset = (int)initialPosition & (_termLength - 1);
            var begin = initialPosition - offset;
            var limit = LimitOffset(begin, limitPosition);
            var term = TermAt(initialPosition);
            while (TryNext(term, offset, limit, out var length))
            {
                var frame = term + offset;
                offset += DataFrame.Align(length);
                if (*(ushort*)(frame + DataFrame.TypeOffset) == DataFrame.TypePadding)
                {
                    resulting = begin + offset;
                    continue;
                }

                var payload = TermScan.Payload(frame, length);
                var action = handler.OnFragment(payload, new FragmentHeader(frame, begin + offset));
                if (action == ControlledPollAction.Abort)
                {
                    break;
                }

                if ((frame[DataFrame.FlagsOffset] & DataFrame.EndFlag) != 0)
                {
                    resulting = begin + offset;
                }

                if (action == ControlledPollAction.Break)
                {
                    break;
                }
            }
        }
        finally
        {
            Exit(0, 0);
        }

        return resulting;
    }

    /// <summary>
    /// Hands over what is there as one block of whole frames, headers and alignment included. Filler comes as a block
    /// of its own.
    /// </summary>
    /// <param name="handler">Takes the block.</param>
    /// <param name="blockLengthLimit">Most bytes; at least one frame must fit, or nothing comes.</param>
    /// <returns>Bytes handed over.</returns>
    [Hot]
    public int BlockPoll<THandler>(ref THandler handler, int blockLengthLimit)
        where THandler : IBlockHandler, allows ref struct
    {
        if (!TryEnter())
        {
            return 0;
        }

        var start = _position.GetPlain();
        var block = BlockAt(start, blockLengthLimit);
        try
        {
            if (!block.IsEmpty)
            {
                handler.OnBlock(block, SessionId, TermScan.TermId(block));
            }
        }
        finally
        {
            Exit(start, start + block.Length);
        }

        return block.Length;
    }

#pragma warning restore FE004, FE005

    /// <summary>
    /// Like <see cref="BlockPoll"/>, for handlers that copy from file to file or socket: gives the log's file too.
    /// </summary>
    /// <exception cref="IOException">The driver has removed the file before the first call.</exception>
    public int RawPoll<THandler>(ref THandler handler, int blockLengthLimit)
        where THandler : IRawBlockHandler, allows ref struct
    {
        if (!TryEnter())
        {
            return 0;
        }

        var start = _position.GetPlain();
        var block = default(ReadOnlySpan<byte>);
        try
        {
            var file = _log.OpenFile();
            block = BlockAt(start, blockLengthLimit);
            if (!block.IsEmpty)
            {
                var fileOffset = TermAt(start) - _terms + (start & (_termLength - 1));
                handler.OnBlock(file, fileOffset, block, SessionId, TermScan.TermId(block));
            }
        }
        finally
        {
            Exit(start, start + block.Length);
        }

        return block.Length;
    }

    /// <summary>
    /// Refuses the stream: the driver takes the image away and tells the publisher why. Waits for the driver.
    /// </summary>
    /// <param name="reason">At most 1023 bytes of ASCII text.</param>
    /// <exception cref="RegistrationException">The driver refused, or is too old.</exception>
    public void Reject(string reason) => _conductor?.RejectImage(CorrelationId, Position, reason);

    /// <summary>A channel with a control address, made one for answers to this publisher only.</summary>
    public string ResponseChannel(string channel) => ChannelUri.Parse(channel)
        .With("control-mode", "response")
        .With("response-correlation-id", $"{CorrelationId}")
        .Text;

    internal void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _endOfStreamAtClose = _log.EndOfStreamPosition;
        _isRevokedAtClose = _log.IsRevoked;
        Volatile.Write(ref _finalPosition, _position.Get());
        _isClosed = true;
    }

    /// <summary>Gives up the log of a closed image if no thread is in it.</summary>
    internal bool TryRelease()
    {
        // Makes every other core's stores visible and lets it see the closed flag: the other half of TryEnter's fence.
        Interlocked.MemoryBarrierProcessWide();
        if (!_isClosed || Volatile.Read(ref _polls.Value) != 0 || Volatile.Read(ref _observers) != 0)
        {
            return false;
        }

        _log.Release();
        return true;
    }

    private byte* TermAt(long position) =>
        _terms + ((long)((uint)(int)(position >> _shift) % LogBufferDescriptor.PartitionCount) << _shift);

    private ReadOnlySpan<byte> BlockAt(long position, int lengthLimit)
    {
        var term = TermAt(position);
        var offset = (int)position & (_termLength - 1);
        var length = TermScan.BlockLength(term, offset, _termLength, lengthLimit);
        return MemoryMarshal.CreateReadOnlySpan(ref term[offset], length);
    }

    private int LimitOffset(long begin, long limitPosition) =>
        (int)Math.Clamp(limitPosition - begin, 0, _termLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryNext(byte* term, int offset, int limit, out int length)
    {
        if (offset >= limit || _isClosed)
        {
            length = 0;
            return false;
        }

        // Pairs with the release of the frame length at commit.
        length = Volatile.Read(ref *(int*)(term + offset));
        if ((uint)(length - DataFrame.HeaderLength) <= (uint)(_termLength - offset - DataFrame.HeaderLength))
        {
            return true;
        }

        if (length > 0)
        {
            CorruptFrames++;
        }

        return false;
    }

    /// <summary>A metadata field of 1, 4 or 8 bytes, or null once closed. Any thread.</summary>
    private long? Observe(int offset, int length)
    {
        // Pairs with TryRelease: counts as a use of the mapping before the closed flag is looked at.
        Interlocked.Increment(ref _observers);
        try
        {
            // Pair with the driver's releases of these fields.
            return _isClosed ? null : length switch
            {
                sizeof(long) => Volatile.Read(ref _log.Int64(offset)),
                sizeof(int) => Volatile.Read(ref _log.Int32(offset)),
                _ => Volatile.Read(ref _log.Byte(offset)),
            };
        }
        finally
        {
            Interlocked.Decrement(ref _observers);
        }
    }

    private bool TryEnter()
    {
        // Store, then load, without a fence: TryRelease brings the fence for both sides.
        Volatile.Write(ref _polls.Value, _polls.Value + 1);
        if (!_isClosed)
        {
            return true;
        }

        Volatile.Write(ref _polls.Value, _polls.Value - 1);
        return false;
    }

    private void Exit(long start, long end)
    {
        if (end > start && !_isClosed)
        {
            // Pairs with the driver's acquire of subscriber positions.
            _position.Set(end);
        }

        Volatile.Write(ref _polls.Value, _polls.Value - 1);
    }
}
