using FlowEngine.Core.Agents;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class GraphTests : IDisposable
{
    private static readonly TimeSpan s_instant = TimeSpan.FromMilliseconds(1);

    private readonly RingBuffer<Marks> _ring = new(16);
    private readonly Graph<Marks, YieldingWait> _graph;
    private readonly List<string> _broken = [];

    public GraphTests()
    {
        _graph = new Graph<Marks, YieldingWait>(_ring);
    }

    public void Dispose()
    {
        _graph.Halt();
        Assert.True(_graph.Join(Eventually.Limit));
        _ring.Dispose();
    }

    [Fact]
    public void In_a_chain_each_sees_what_those_before_it_wrote()
    {
        _graph.HandleEventsWith(Mark(1)).Then(Mark(2, needs: 1)).Then(Mark(4, needs: 3), out var last);
        Run(1_000);
        Assert.Equal(1_000, last.Handler.Count);
    }

    [Fact]
    public void In_a_diamond_the_last_sees_both_sides()
    {
        var left = _graph.HandleEventsWith(Mark(1));
        var right = _graph.HandleEventsWith(Mark(2));
        left.And(right).Then(Mark(4, needs: 3), out var last);
        Run(1_000);
        Assert.Equal(1_000, last.Handler.Count);
    }

    [Fact]
    public void In_a_multicast_all_see_everything()
    {
        _graph.HandleEventsWith(Mark(1)).HandleEventsWith(Mark(2)).HandleEventsWith(Mark(4));
        Run(500);
        Assert.All(_graph.Consumers, consumer => Assert.Equal(499, consumer.Sequence.Acquire()));
        Assert.Equal(3, _graph.Consumers.Count);
    }

    [Fact]
    public void Only_the_ends_of_the_graph_hold_the_producer_back()
    {
        _graph.HandleEventsWith(Mark(1), out var first).Then(Mark(2, needs: 1), out var last);
        Fill(16);
        Assert.Equal(16, first.DoWork(0));
        Assert.Equal(0, _ring.RemainingCapacity);
        Assert.Equal(16, last.DoWork(0));
        Assert.Equal(16, _ring.RemainingCapacity);
    }

    [Fact]
    public void A_graph_is_halted_drained_and_started_again()
    {
        _graph.HandleEventsWith(Mark(1), out var first).Then(Mark(2, needs: 1), out var last);
        for (var round = 1; round <= 10; round++)
        {
            _graph.Start();
            Fill(10);
            if (round % 2 == 0)
            {
                _graph.Halt();
                Assert.True(_graph.Join(Eventually.Limit));
                Fill(3);
                _graph.Start();
            }

            Assert.True(_graph.DrainAndHalt(Eventually.Limit));
            Assert.All(_graph.Consumers, consumer => Assert.False(consumer.IsRunning));
            Assert.Equal(_ring.Cursor + 1, last.Handler.Count);
            Assert.Equal(_ring.Cursor + 1, first.Handler.Count);
        }

        Assert.Empty(_broken);
    }

    [Fact]
    public void A_drain_behind_a_halted_consumer_gives_up_and_a_halt_ends_it()
    {
        var halting = new ConsumerOptions { FailurePolicy = FailurePolicy.Halt, Name = "first" };
        _graph.HandleEventsWith(Mark(1, throwAt: 2), out var first, halting).Then(Mark(2, needs: 1), out var last);
        _graph.Start();
        Fill(5);
        Eventually.Holds(() => first.IsHalted, "the failure");
        Assert.False(_graph.DrainAndHalt(s_instant));
        Assert.Equal(1, _ring.HaltedConsumers);
        _graph.Halt();
        Assert.True(_graph.Join(Eventually.Limit));
        Assert.Equal(2, last.Handler.Count);
        first.Handler.ThrowAt = null;
        _graph.Start();
        Assert.True(_graph.DrainAndHalt(Eventually.Limit));
        Assert.Equal(5, last.Handler.Count);
    }

    [Fact]
    public void Consumers_come_and_go_while_the_producer_runs()
    {
        var first = _graph.HandleEventsWith(Mark(1), out var steady);
        _graph.Start();
        var stop = false;
        var producer = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                Fill(1);
            }
        });
        producer.Start();
        for (var guest = 0; guest < 20; guest++)
        {
            // By turns beside the steady one and in a chain of two behind it.
            var stage = guest % 2 == 0 ? _graph.HandleEventsWith(Mark(2)) : first.Then(Mark(2, needs: 1));
            stage.Then(Mark(4, needs: 2), out var last);
            var from = last.Sequence.Acquire();
            _graph.Start();
            Eventually.Holds(() => last.Sequence.Acquire() > from + 100, "the guests to see events");
            Assert.Throws<InvalidOperationException>(() => _graph.Remove(stage.Consumers[0], Eventually.Limit));
            Assert.True(_graph.Remove(last, Eventually.Limit));
            Assert.True(_graph.Remove(stage.Consumers[0], Eventually.Limit));
            Assert.Equal(last.Sequence.Acquire() - from, last.Handler.Count);
        }

        Volatile.Write(ref stop, true);
        Assert.True(producer.Join(Eventually.Limit));
        Assert.True(_graph.DrainAndHalt(Eventually.Limit));
        Assert.Equal(_ring.Cursor + 1, steady.Handler.Count);
        Assert.Empty(_broken);
        Assert.Equal(_ring.Cursor, _ring.MinimumGating);
    }

    [Fact]
    public void A_consumer_that_was_inside_holds_the_producer_back_again_when_the_end_is_removed()
    {
        _graph.HandleEventsWith(Mark(1), out var first).Then(Mark(2), out var last);
        Fill(16);
        first.DoWork(0);
        last.DoWork(0);
        Fill(4);
        last.DoWork(0);
        Assert.True(_graph.Remove(last, Eventually.Limit));
        Assert.Equal(12, _ring.RemainingCapacity);
        Assert.Equal(4, first.DoWork(0));
        Assert.Equal(16, _ring.RemainingCapacity);
    }

    [Fact]
    public void A_stranger_is_refused()
    {
        var other = new Graph<Marks, YieldingWait>(_ring).HandleEventsWith(Mark(1));
        var mine = _graph.HandleEventsWith(Mark(1));
        Assert.Throws<InvalidOperationException>(() => mine.And(other).Then(Mark(2)));
        Assert.Throws<InvalidOperationException>(() => _graph.Remove(other.Consumers[0], s_instant));
    }

    [Fact]
    public void Threads_are_named_and_pinned_as_asked()
    {
        _graph.HandleEventsWith(Mark(1), out var here, new ConsumerOptions { Name = "here", Cpu = 0 });
        _graph.HandleEventsWith(Mark(2), out var nowhere, new ConsumerOptions { Cpu = ThreadAffinity.MaxCpus });
        _graph.HandleEventsWith(Mark(4), out var anywhere);
        _graph.Start();
        Fill(1);
        Assert.True(_graph.DrainAndHalt(Eventually.Limit));
        Assert.Equal(("here", "Marker"), (here.Handler.Thread, anywhere.Handler.Thread));
        Assert.Equal(Pinning.NotAsked, anywhere.Pinning);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal((Pinning.Pinned, Pinning.Refused), (here.Pinning, nowhere.Pinning));
            Assert.Equal("0", here.Handler.AllowedCpus.Split('\t')[1]);
        }
        else
        {
            Assert.Equal((Pinning.Unsupported, Pinning.Unsupported), (here.Pinning, nowhere.Pinning));
        }
    }

    private Marker Mark(long bit, long needs = 0, long? throwAt = null) =>
        new() { Bit = bit, Needs = needs, ThrowAt = throwAt, Broken = _broken };

    private void Run(int events)
    {
        _graph.Start();
        for (var i = 0; i < events; i++)
        {
            Fill(1);
        }

        Assert.True(_graph.DrainAndHalt(Eventually.Limit));
        Assert.Empty(_broken);
    }

    private void Fill(int events)
    {
        for (var i = 0; i < events; i++)
        {
            var sequence = _ring.Next();
            _ring[sequence] = default;
            _ring[sequence].Number = sequence;
            _ring.Publish(sequence);
            _ring.HandOverProducer();
        }
    }

    /// <summary>A word for each marker: markers beside each other do not write the same one.</summary>
    private struct Marks
    {
        public long Number;
        public long A, B, C;

        public readonly long Bits => A | B | C;
    }

    private struct Marker : IEventHandler<Marks>
    {
        public long Bit, Needs, Count;
        public long? ThrowAt;
        public List<string> Broken;
        public string? Thread;
        public string AllowedCpus;

        public void OnStart()
        {
            Thread = System.Threading.Thread.CurrentThread.Name;
            const string Status = "/proc/thread-self/status";
            AllowedCpus = File.Exists(Status)
                ? File.ReadLines(Status).Single(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal))
                : "";
        }

        public void OnEvent(ref Marks evt, long sequence, bool endOfBatch)
        {
            if (sequence == ThrowAt)
            {
                throw new InvalidOperationException("asked to fail");
            }

            if (evt.Number != sequence || (evt.Bits & Needs) != Needs)
            {
                lock (Broken)
                {
                    Broken.Add($"{sequence}: {evt.Number}, {evt.Bits}");
                }
            }

            ref var mine = ref Bit == 1 ? ref evt.A : ref Bit == 2 ? ref evt.B : ref evt.C;
            mine = Bit;
            Count++;
        }

        public readonly void OnShutdown()
        {
        }
    }
}
