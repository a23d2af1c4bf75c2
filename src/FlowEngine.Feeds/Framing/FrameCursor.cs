namespace FlowEngine.Feeds.Framing;

/// <summary>
/// Finds the SBE messages in a datagram, a piece of a stream or a file, whatever bytes they are: lengths are believed
/// only where they fit, and every step goes forward.
/// </summary>
public ref struct FrameCursor
{
    private const int MaxFrameLength = 16 * 1024 * 1024;
    private const byte MemoirHeartbeat = 0;
    private const byte MemoirShutdown = 1;
    private const byte MemoirMessages = 2;

    private readonly FramingLayout _layout;
    private readonly ReadOnlySpan<byte> _bytes;
    private PacketFacts _packet;
    private int _packetEnd;
    private long _framesLeft;

    /// <summary>A cursor before the first byte.</summary>
    public FrameCursor(FramingKind kind, ReadOnlySpan<byte> bytes)
    {
        _layout = Framings.LayoutOf(kind);
        _bytes = bytes;
        _framesLeft = -1;
        Reason = string.Empty;
    }

    /// <summary>A cursor that goes on where another one stood when its bytes ended.</summary>
    public FrameCursor(FramingKind kind, ReadOnlySpan<byte> bytes, StreamState state)
        : this(kind, bytes)
    {
        IsInPacket = state.IsInPacket;
        _packet = state.Packet;
        _packetEnd = bytes.Length;
    }

    /// <summary>Bytes that were passed: of a stream, those that are no longer needed.</summary>
    public int Position { get; private set; }

    /// <summary>What is missing or wrong, as one clause; behind the last step.</summary>
    public string Reason { get; private set; }

    /// <summary>What another cursor needs to go on.</summary>
    public readonly StreamState State => new(IsInPacket, _packet);

    private bool IsInPacket { get; set; }

    private readonly int Left => (IsInPacket ? _packetEnd : _bytes.Length) - Position;

    private readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <summary>Goes to the next message or run.</summary>
    public FrameStep Next(out MessageFrame frame)
    {
        frame = default;
        while (true)
        {
            if (!IsInPacket)
            {
                if (Position == _bytes.Length)
                {
                    return FrameStep.End;
                }

                FrameStep entered = EnterPacket();
                if (entered != FrameStep.Frame)
                {
                    return entered;
                }
            }

            if (Left == 0 && _framesLeft > 0)
            {
                return Fail(FrameStep.Incomplete, $"{_framesLeft} announced messages are missing");
            }

            if (Left == 0 && !_layout.EndsAtNextPacket)
            {
                IsInPacket = false;
                continue;
            }

            if (Left == 0)
            {
                return FrameStep.End;
            }

            if (_layout.EndsAtNextPacket && IsSigned(_layout.PacketSignature, _layout.PacketSignatureOffset))
            {
                IsInPacket = false;
                continue;
            }

            return _layout.IsRun ? TakeRun(out frame) : TakeFrame(out frame);
        }
    }

    private FrameStep EnterPacket()
    {
        int headerLength = _layout.PacketHeaderLength;
        if (Left < headerLength)
        {
            return Fail(FrameStep.Incomplete, $"a packet header has {headerLength} bytes and {Left} are left");
        }

        if (!IsSigned(_layout.PacketSignature, _layout.PacketSignatureOffset))
        {
            return Fail(FrameStep.Damaged, $"no {_layout.Name} packet begins here");
        }

        _packetEnd = _bytes.Length;
        if (_layout.PacketLength.Exists)
        {
            ulong length = _layout.PacketLength.Read(Rest) + (ulong)_layout.PacketLengthExcludes;
            if (length < (ulong)headerLength)
            {
                return Fail(FrameStep.Damaged, $"a packet claims {length} bytes, its header has {headerLength}");
            }

            if (length > (ulong)Left)
            {
                return Fail(FrameStep.Incomplete, $"a packet claims {length} bytes and {Left} are left");
            }

            _packetEnd = Position + (int)length;
        }

        _packet = new PacketFacts(
            _layout.Channel.Exists ? (long)_layout.Channel.Read(Rest) : null,
            _layout.Sequence.Exists ? _layout.Sequence.Read(Rest) : null);
        if (_layout.Kind == FramingKind.Memoir)
        {
            return EnterMemoir();
        }

        IsInPacket = true;
        Position += headerLength;
        return FrameStep.Frame;
    }

    // Heartbeats and the end of a session are a header alone, or a header with nothing a schema describes.
    private FrameStep EnterMemoir()
    {
        byte type = Rest[0];
        byte headerLength = Rest[1];
        if (headerLength != _layout.PacketHeaderLength
            || type is not (MemoirHeartbeat or MemoirShutdown or MemoirMessages)
            || (type != MemoirMessages && Left != headerLength))
        {
            return Fail(FrameStep.Damaged, "no memoir packet begins here");
        }

        if (type == MemoirMessages && Left < _layout.FrameCount.End)
        {
            return Fail(
                FrameStep.Incomplete, $"a packet header has {_layout.FrameCount.End} bytes and {Left} are left");
        }

        _framesLeft = type == MemoirMessages ? (long)_layout.FrameCount.Read(Rest) : 0;
        Position += type == MemoirMessages ? _layout.FrameCount.End : headerLength;
        IsInPacket = true;
        return FrameStep.Frame;
    }

    private FrameStep TakeRun(out MessageFrame frame)
    {
        frame = new MessageFrame(Position, Left, true, _packet);
        Position = _packetEnd;
        return FrameStep.Frame;
    }

    private FrameStep TakeFrame(out MessageFrame frame)
    {
        frame = default;
        if (_framesLeft == 0)
        {
            return Fail(FrameStep.Damaged, $"{Left} bytes follow the last announced message");
        }

        int needed = Math.Max(_layout.FrameHeaderLength, _layout.FrameLength.End);
        if (Left < needed)
        {
            return Fail(FrameStep.Incomplete, $"a message's frame has {needed} bytes and {Left} are left");
        }

        if (!IsSigned(_layout.FrameSignature, _layout.FrameSignatureOffset)
            || (_layout.Kind == FramingKind.Sofh && !IsSofh(Rest)))
        {
            return Fail(FrameStep.Damaged, $"no {_layout.Name} frame begins here");
        }

        ulong length = _layout.FrameLength.Read(Rest) + (ulong)_layout.FrameLengthExcludes;
        if (length <= (ulong)needed || length > MaxFrameLength)
        {
            return Fail(FrameStep.Damaged, $"a message's frame claims {length} bytes");
        }

        if (length > (ulong)Left)
        {
            return Fail(FrameStep.Incomplete, $"a message's frame claims {length} bytes and {Left} are left");
        }

        int header = _layout.FrameHeaderLength;
        frame = new MessageFrame(Position + header, (int)length - header, false, _packet);
        Position += (int)length;
        _framesLeft -= _framesLeft > 0 ? 1 : 0;
        return FrameStep.Frame;
    }

    // SBE 1.0 in either byte order.
    private static bool IsSofh(ReadOnlySpan<byte> frame) => (frame[4], frame[5]) is (0xeb, 0x50) or (0x5b, 0xe0);

    private readonly bool IsSigned(ReadOnlySpan<byte> signature, int offset) =>
        Left >= offset + signature.Length && Rest.Slice(offset, signature.Length).SequenceEqual(signature);

    private FrameStep Fail(FrameStep step, string reason)
    {
        Reason = reason;
        return step;
    }
}

/// <summary>Where a cursor stands in a stream between two pieces of it.</summary>
/// <param name="IsInPacket">Whether a packet header was passed.</param>
/// <param name="Packet">What it said.</param>
public readonly record struct StreamState(bool IsInPacket, PacketFacts Packet);
