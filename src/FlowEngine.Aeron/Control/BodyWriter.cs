using System.Buffers.Binary;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Control;

/// <summary>Writes the packed little-endian fields of a control message one after another.</summary>
internal ref struct BodyWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer[Length..], value);
        Length += sizeof(long);
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer[Length..], value);
        Length += sizeof(int);
    }

    /// <summary>An int32 length and the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(_buffer[Length..]);
        Length += value.Length;
    }

    /// <summary>Zeroes up to the next multiple of 4.</summary>
    public void Pad4()
    {
        var aligned = CacheLine.Align(Length, sizeof(int));
        _buffer[Length..aligned].Clear();
        Length = aligned;
    }
}
