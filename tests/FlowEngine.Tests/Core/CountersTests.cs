using CsCheck;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;
using Xunit;

namespace FlowEngine.Tests.Core;

public sealed class CountersTests
{
    [Fact]
    public void A_counter_keeps_its_type_key_label_and_ids()
    {
        var counters = CountersManager.InPrivateMemory(8);
        var id = counters.Allocate(1234, [1, 2, 3], "messages in", registrationId: 7, ownerId: 8, referenceId: 9);
        var handle = counters.Counter(id);
        handle.Set(5);
        handle.Increment();
        handle.Add(10);
        handle.AddShared(-1);
        handle.ProposeMax(3);
        Assert.Equal(new CounterEntry(id, 1234, 7, 8, 9, 15, "messages in"), Assert.Single(counters.Reader.Scan()));
        Assert.Equal([1, 2, 3, 0], counters.Reader.Key(id)[..4].ToArray());
        Assert.Equal(id, counters.Reader.Find(1234, 7));
        Assert.Equal(-1, counters.Reader.Find(1234, 8));
        counters.SetLabel(id, "renamed");
        counters.Reader.AppendToLabel(id, new string('x', 500));
        Assert.Equal("renamed" + new string('x', 373), counters.Reader.Label(id));
    }

    [Fact]
    public void Long_keys_and_labels_are_cut()
    {
        var counters = CountersManager.InPrivateMemory(1);
        var id = counters.Allocate(1, new byte[200], new string('a', 400));
        Assert.Equal(new string('a', 380), counters.Reader.Label(id));
        Assert.Equal(-1, counters.Allocate(1, default, "no room"));
        Assert.Throws<ArgumentOutOfRangeException>(() => counters.Reader.Value(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => counters.Reader.Value(-1));
    }

    [Fact]
    public void A_freed_id_rests_before_it_is_used_again_with_value_zero()
    {
        var clock = new ManualClock();
        var counters = CountersManager.InPrivateMemory(2, clock);
        var first = counters.Allocate(1, default, "a");
        counters.Counter(first).Set(42);
        counters.Free(first);
        counters.Free(first);
        Assert.Equal(CounterLayout.StateReclaimed, counters.Reader.State(first));
        Assert.Empty(counters.Reader.Scan());
        Assert.NotEqual(first, counters.Allocate(1, default, "b"));
        Assert.Equal(-1, counters.Allocate(1, default, "c"));
        clock.EpochNanos += 1_000_000_000;
        Assert.Equal(first, counters.Allocate(1, default, "c"));
        Assert.Equal(0, counters.Reader.Value(first));
    }

    [Fact]
    public void Allocation_and_freeing_behave_like_a_dictionary()
    {
        Gen.Int[-8, 100].List[0, 200].Sample(operations =>
        {
            var clock = new ManualClock();
            var counters = CountersManager.InPrivateMemory(16, clock);
            var model = new SortedDictionary<int, string>();
            foreach (var operation in operations)
            {
                clock.EpochNanos += 300_000_000;
                if (operation < 0)
                {
                    var id = -operation - 1;
                    counters.Free(id);
                    model.Remove(id);
                }
                else if (counters.Allocate(operation, default, $"label {operation}") is var id and >= 0)
                {
                    model.Add(id, $"label {operation}");
                }
                else
                {
                    Assert.True(model.Count > 8, "refused with room");
                }
            }

            Assert.Equal(model.Select(m => (m.Key, m.Value)), counters.Reader.Scan().Select(c => (c.Id, c.Label)));
        });
    }

    [Fact]
    public void Updating_a_counter_allocates_nothing()
    {
        var counters = CountersManager.InPrivateMemory(1);
        var handle = counters.Counter(counters.Allocate(1, default, "hot"));
        for (var i = 0; i < 1000; i++)
        {
            handle.Increment();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            handle.Increment();
            handle.Add(2);
            handle.Set(handle.Get() - 3);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1000, handle.Get());
    }

    private sealed class ManualClock : IClock
    {
        public long NanoTime => EpochNanos;

        public long EpochNanos { get; set; } = 1_700_000_000_000_000_000;
    }
}
