using System.Runtime.InteropServices;

namespace FlowEngine.Core.Memory;

/// <summary>
/// A zeroed block of native memory that the garbage collector never moves or scans. Taken at set-up, released once.
/// </summary>
public sealed unsafe class NativeBlock : IDisposable
{
    private byte* _pointer;

    /// <summary>Allocates and zeroes <paramref name="length"/> bytes.</summary>
    /// <param name="length">Bytes, more than 0.</param>
    /// <param name="alignment">Power of two; a page by default.</param>
    public NativeBlock(long length, int alignment = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, 0);
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, (nuint)alignment);
        NativeMemory.Clear(_pointer, (nuint)length);
        Length = length;
    }

    ~NativeBlock() => Free();

    /// <summary>Bytes in the block.</summary>
    public long Length { get; }

    /// <summary>First byte; null after <see cref="Dispose"/>.</summary>
    public byte* Pointer => _pointer;

    /// <summary>A checked view of part of the block.</summary>
    public Span<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_pointer == null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new Span<byte>(_pointer + offset, length);
    }

    /// <summary>Releases the memory; pointers taken before are dead.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
