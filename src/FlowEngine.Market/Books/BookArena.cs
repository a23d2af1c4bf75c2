using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;

namespace FlowEngine.Market;

/// <summary>
/// Native memory for many books, reserved in chunks so large that the system hands out pages only where they are
/// touched: what the books may need at most is stated, what they use is what they cost. Set-up only; released as a
/// whole.
/// </summary>
internal sealed unsafe class BookArena : IDisposable
{
    // Above what a C allocator keeps on its own heap, where zeroing would touch all of it.
    private const long ChunkLength = 64L << 20;

    private readonly List<nint> _chunks = [];
    private byte* _next;
    private long _left;

    ~BookArena() => Free();

    /// <summary>Zeroed bytes on a cache line, good until <see cref="Dispose"/>.</summary>
    public byte* Take(long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, 0);
        long taken = (length + CacheLine.Length - 1) & ~(CacheLine.Length - 1L);
        if (taken > _left)
        {
            _left = Math.Max(taken, ChunkLength);
            void* chunk = NativeMemory.AllocZeroed((nuint)(_left + CacheLine.Length));
            _chunks.Add((nint)chunk);
            _next = (byte*)(((nuint)chunk + CacheLine.Length - 1) & ~(nuint)(CacheLine.Length - 1));
        }

        byte* memory = _next;
        _next += taken;
        _left -= taken;
        return memory;
    }

    /// <summary>Releases the memory; pointers taken before are dead.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (nint chunk in _chunks)
        {
            NativeMemory.Free((void*)chunk);
        }

        _chunks.Clear();
        _left = 0;
    }
}
