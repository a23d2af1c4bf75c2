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

    [Theory]
    [InlineData(typeof(RingState), "Entries", "Halted", sizeof(int))]
    [InlineData(typeof(SingleProducer), "_claimed", "_threadId", sizeof(int))]
    [InlineData(typeof(MultiProducer), "_finished", "_waits", sizeof(long))]
    public void Fields_of_one_writer_have_a_pad_on_both_sides(Type state, string first, string last, int lastSize)
    {
        var fields = state.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        var offsets = fields.ToDictionary(
            field => field.Name, field => field.GetCustomAttribute<FieldOffsetAttribute>()!.Value);
        Assert.Equal(offsets.Values.Min(), offsets[first]);
        Assert.Equal(offsets.Values.Max(), offsets[last]);
        Assert.Equal(CacheLine.Pad, offsets[first]);
        Assert.True(state.StructLayoutAttribute!.Size - (offsets[last] + lastSize) >= CacheLine.Pad);
    }

    [Fact]
    public void The_runtime_keeps_the_declared_sizes()
    {
        Assert.Equal(typeof(RingState).StructLayoutAttribute!.Size, Unsafe.SizeOf<RingState>());
        Assert.Equal(typeof(SingleProducer).StructLayoutAttribute!.Size, Unsafe.SizeOf<SingleProducer>());
        Assert.Equal(typeof(MultiProducer).StructLayoutAttribute!.Size, Unsafe.SizeOf<MultiProducer>());
    }

    [Fact]
    public unsafe void Slots_start_on_a_cache_line_and_are_packed()
    {
        using var ring = new RingBuffer<Line>(4);
        Assert.Equal(0, (long)ring.Entries % CacheLine.Length);
        Assert.Equal(CacheLine.Length, Unsafe.ByteOffset(ref ring[0], ref ring[1]));
        Assert.True(Unsafe.AreSame(ref ring[0], ref ring[4]));
    }
}
