using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;

namespace FlowEngine.Market;

/// <summary>
/// Zeroed native memory on a cache line, its own or of an arena that outlives it. Taken at set-up, released once.
/// </summary>
internal sealed unsafe class BookBlock : IDisposable
{
    private void* _allocation;

    /// <summary>Takes <paramref name="length"/> bytes, more than 0; of the system without an arena.</summary>
    public BookBlock(long length, BookArena? arena)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, 0);
        Length = length;
        if (arena is not null)
        {
            Pointer = arena.Take(length);
            return;
        }

        _allocation = NativeMemory.AllocZeroed((nuint)(length + CacheLine.Length));
        Pointer = (byte*)(((nuint)_allocation + CacheLine.Length - 1) & ~(nuint)(CacheLine.Length - 1));
    }

    ~BookBlock() => Free();

    /// <summary>Bytes taken.</summary>
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
