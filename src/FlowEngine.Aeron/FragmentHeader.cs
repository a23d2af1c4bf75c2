using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron;

/// <summary>Header of a fragment, or of a message put together; valid during the callback only.</summary>
[Hot]
public readonly unsafe ref struct FragmentHeader
{
    private readonly byte* _frame;

    internal FragmentHeader(byte* frame, long position)
    {
        _frame = frame;
        Position = position;
    }

    /// <summary>Stream position behind the fragment.</summary>
    public long Position { get; }

    /// <summary>Session of the publisher.</summary>
    public int SessionId => *(int*)(_frame + DataFrame.SessionIdOffset);

    /// <summary>Stream id.</summary>
    public int StreamId => *(int*)(_frame + DataFrame.StreamIdOffset);

    /// <summary>Term id.</summary>
    public int TermId => *(int*)(_frame + DataFrame.TermIdOffset);

    /// <summary>Offset of the frame in its term.</summary>
    public int TermOffset => *(int*)(_frame + DataFrame.TermOffsetOffset);

    /// <summary>0x80 begin, 0x40 end of a message; the low bits are the publisher's own.</summary>
    public byte Flags => _frame[DataFrame.FlagsOffset];

    /// <summary>Frame type: 1 data.</summary>
    public ushort Type => *(ushort*)(_frame + DataFrame.TypeOffset);

    /// <summary>Frame length with header.</summary>
    public int FrameLength => *(int*)_frame;

    /// <summary>The publisher's own eight bytes.</summary>
    public long ReservedValue => *(long*)(_frame + DataFrame.ReservedValueOffset);

    internal ReadOnlySpan<byte> Bytes => new(_frame, DataFrame.HeaderLength);
}
