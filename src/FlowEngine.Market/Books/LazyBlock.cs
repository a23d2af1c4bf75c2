using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;

namespace FlowEngine.Market;

/// <summary>
/// Zeroed native memory on a cache line of which the system hands out pages only where they are touched: what a book
/// may need at most is stated and reserved, what it uses is what it costs. Taken at set-up, released once.
/// </summary>
internal sealed unsafe class LazyBlock : IDisposable
{
    private void* _allocation;

    /// <summary>Reserves <paramref name="length"/> bytes, more than 0.</summary>
    public LazyBlock(long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, 0);
        _allocation = NativeMemory.AllocZeroed((nuint)(length + CacheLine.Length));
        Pointer = (byte*)(((nuint)_allocation + CacheLine.Length - 1) & ~(nuint)(CacheLine.Length - 1));
        Length = length;
    }

    ~LazyBlock() => Free();

    /// <summary>Bytes reserved.</summary>
    public long Length { get; }

    /// <summary>First byte; null after <see cref="Dispose"/>.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>Releases the memory; pointers taken before are dead.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_allocation);
        _allocation = null;
        Pointer = null;
    }
}
