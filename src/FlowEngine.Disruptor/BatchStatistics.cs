using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>How many events a consumer found at hand, batch by batch. Written by it, read by any thread.</summary>
[Hot]
public sealed class BatchStatistics
{
    /// <summary>Size classes: of one event, 2 to 3, 4 to 7, .., and from 2^30 on.</summary>
    public const int Classes = 31;

    private Counters _counters;

    /// <summary>Events in the largest batch, 0 before the first.</summary>
    public long LargestBatch => Volatile.Read(ref _counters.Largest); // pairs with the write in Add

    /// <summary>Batches so far.</summary>
    public long Batches
    {
        get
        {
            var batches = 0L;
            for (var sizeClass = 0; sizeClass < Classes; sizeClass++)
            {
                batches += BatchesOf(sizeClass);
            }

            return batches;
        }
    }

    /// <summary>Batches of 2^<paramref name="sizeClass"/> events or more, but less than the double.</summary>
    /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
    public long BatchesOf(int sizeClass)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sizeClass, (uint)Classes);
        return Volatile.Read(ref _counters.BySize[sizeClass]); // pairs with the write in Add
    }

    // Consumer only. Plain additions: nobody else writes.
    internal void Add(long size)
    {
        ref var batches = ref _counters.BySize[Math.Min(BitOperations.Log2((ulong)size), Classes - 1)];
        Volatile.Write(ref batches, batches + 1); // pairs with BatchesOf
        if (size > _counters.Largest)
        {
            Volatile.Write(ref _counters.Largest, size); // pairs with LargestBatch
        }
    }

    // 128 bytes padding | largest | batches by size | 128 bytes padding
    [StructLayout(LayoutKind.Explicit, Size = CacheLine.Pad + ((Classes + 1) * sizeof(long)) + CacheLine.Pad)]
    private struct Counters
    {
        [FieldOffset(CacheLine.Pad)]
        public long Largest;

        [FieldOffset(CacheLine.Pad + sizeof(long))]
        public Sizes BySize;
    }

    [InlineArray(Classes)]
    private struct Sizes
    {
        private long _first;
    }
}
