using System.Buffers.Binary;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Control;

/// <summary>
/// Reads the packed fields of a control message. Never reads beyond the message: a field that is not there makes
/// <see cref="IsMalformed"/> true and reads as 0 or empty.
/// </summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _offset;

    /// <summary>Whether a field was missing or a length impossible.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _body.Length - _offset;

    public long Int64() => Take(sizeof(long), out var bytes) ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public int Int32() => Take(sizeof(int), out var bytes) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Int32();
        return Take(length, out var bytes) ? bytes : default;
    }

    public void Pad4() => _offset = Math.Min(CacheLine.Align(_offset, sizeof(int)), _body.Length);

    private bool Take(int length, out ReadOnlySpan<byte> bytes)
    {
        if (IsMalformed || length < 0 || length > Remaining)
        {
            IsMalformed = true;
            bytes = default;
            return false;
        }

        bytes = _body.Slice(_offset, length);
        _offset += length;
        return true;
    }
}
