using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron;

/// <summary>
/// Space claimed in the log: write <see cref="Span"/>, then <see cref="Commit"/> or <see cref="Abort"/> once, soon.
/// Subscribers wait behind an open claim, and the driver takes it for dead after 15 seconds. Keeps the log mapped; a
/// ref struct, so that handing it out needs no write barrier.
/// </summary>
[Hot]
public readonly unsafe ref struct BufferClaim
{
    private readonly byte* _frame;
    private readonly int _length;
    private readonly LogBuffers _log;

    internal BufferClaim(byte* frame, int length, LogBuffers log)
    {
        _frame = frame;
        _length = length;
        _log = log;
    }

    /// <summary>Room for the payload.</summary>
    public Span<byte> Span => new(_frame + DataFrame.HeaderLength, _length);

    /// <summary>Payload bytes.</summary>
    public int Length => _length;

    /// <summary>Eight bytes of the frame header that are the user's own.</summary>
    public long ReservedValue
    {
        get => *(long*)(_frame + DataFrame.ReservedValueOffset);
        set => *(long*)(_frame + DataFrame.ReservedValueOffset) = value;
    }

    /// <summary>Frame type: <see cref="DataFrame.TypeData"/>, or what the user makes of it.</summary>
    public ushort HeaderType
    {
        get => *(ushort*)(_frame + DataFrame.TypeOffset);
        set => *(ushort*)(_frame + DataFrame.TypeOffset) = value;
    }

    /// <summary>Frame flags; the low four bits are the user's own.</summary>
    public byte Flags
    {
        get => _frame[DataFrame.FlagsOffset];
        set => _frame[DataFrame.FlagsOffset] = value;
    }

    /// <summary>Makes the message visible.</summary>
    public void Commit()
    {
        FrameWriter.Commit(_frame, _length + DataFrame.HeaderLength);
        GC.KeepAlive(_log);
    }

    /// <summary>Turns the claim into filler that subscribers skip.</summary>
    public void Abort()
    {
        *(ushort*)(_frame + DataFrame.TypeOffset) = DataFrame.TypePadding;
        FrameWriter.Commit(_frame, _length + DataFrame.HeaderLength);
        GC.KeepAlive(_log);
    }
}
