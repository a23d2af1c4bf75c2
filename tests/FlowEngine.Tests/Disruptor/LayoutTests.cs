using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class LayoutTests
{
    [Fact]
    public void A_sequence_has_a_pad_on_both_sides_of_its_value()
    {
        var padded = typeof(Sequence).GetNestedType("PaddedLong", BindingFlags.NonPublic)!;
        Assert.Equal(CacheLine.Pad, (int)Marshal.OffsetOf(padded, "Value"));
        Assert.Equal((2 * CacheLine.Pad) + sizeof(long), Marshal.SizeOf(padded));

        // What the runtime really takes, object header and method table pointer included.
        _ = new Sequence();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sequence = new Sequence();
        var size = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(sequence);
        Assert.InRange(size, (2 * CacheLine.Pad) + (3 * sizeof(long)), (2 * CacheLine.Pad) + (4 * sizeof(long)));
    }

    [Fact]
    public void The_producers_fields_have_a_pad_between_them_and_everything_else()
    {
        using var ring = new RingBuffer<long>(2);
        ref readonly var state = ref ring.State;
        var size = Unsafe.SizeOf<RingState>();
        var shared = Offset(in state, ref Unsafe.As<Sequence[], byte>(ref Unsafe.AsRef(in state.Gating)));
        var first = Offset(in state, ref Unsafe.As<long, byte>(ref Unsafe.AsRef(in state.Claimed)));
        var last = Offset(in state, ref Unsafe.As<int, byte>(ref Unsafe.AsRef(in state.ProducerThreadId)));
        Assert.True(first - (shared + sizeof(long)) >= CacheLine.Pad);
        Assert.True(size - (last + sizeof(int)) >= CacheLine.Pad);
        var mask = Offset(in state, ref Unsafe.As<long, byte>(ref Unsafe.AsRef(in state.Mask)));
        Assert.Equal(RingState.SharedOffset, mask - 8);
        Assert.True(RingState.SharedOffset >= CacheLine.Pad);
    }

    [Fact]
    public unsafe void Slots_start_on_a_cache_line_and_are_packed()
    {
        using var ring = new RingBuffer<Line>(4);
        Assert.Equal(0, (long)ring.Entries % CacheLine.Length);
        Assert.Equal(CacheLine.Length, Unsafe.ByteOffset(ref ring[0], ref ring[1]));
        Assert.True(Unsafe.AreSame(ref ring[0], ref ring[4]));
    }

    private static long Offset(ref readonly RingState state, ref byte field) =>
        Unsafe.ByteOffset(ref Unsafe.As<RingState, byte>(ref Unsafe.AsRef(in state)), ref field);
}
