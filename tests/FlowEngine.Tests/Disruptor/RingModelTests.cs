using CsCheck;
using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

/// <summary>The ring against queues: one per consumer, the second consumer behind the first.</summary>
public sealed class RingModelTests
{
    private static readonly long[] s_cursors =
        [-1, 0, int.MaxValue - 30L, uint.MaxValue - 30L, long.MaxValue - 100_000L];

    private static readonly Gen<(int Kind, int Count)> s_step = Gen.Select(Gen.Int[0, 2], Gen.Int[1, 20]);

    private static readonly Gen<(int Log2, int Batch, long Cursor, (int Kind, int Count)[] Steps)> s_run =
        Gen.Select(
            Gen.Int[0, 4],
            Gen.Int[1, 5],
            Gen.Int[0, s_cursors.Length - 1].Select(i => s_cursors[i]),
            s_step.Array[0, 200]);

    [Fact]
    public void Ring_behaves_like_a_bounded_queue_for_each_consumer() => s_run.Sample(run =>
    {
        var capacity = 1 << run.Log2;
        using var ring = new RingBuffer<long>(capacity, cursor: run.Cursor);
        var first = new BatchEventProcessor<long, Dequeuer, YieldingWait>(
            ring, ring.NewBarrier<YieldingWait>(), new Dequeuer { Expected = new() })
        {
            MaxBatchSize = run.Batch,
        };
        var second = new BatchEventProcessor<long, Dequeuer, YieldingWait>(
            ring, ring.NewBarrier<YieldingWait>(first.Sequence), new Dequeuer { Expected = new() });
        ring.AddGatingSequence(second.Sequence);
        Queue<long> ahead = first.Handler.Expected, behind = second.Handler.Expected;
        var published = 0L;
        foreach (var (kind, count) in run.Steps)
        {
            switch (kind)
            {
                case 0 when count <= capacity:
                    var room = count <= capacity - behind.Count;
                    Assert.Equal(room, ring.HasAvailableCapacity(count));
                    Assert.Equal(room, ring.TryNext(count, out var hi));
                    for (var i = 0; room && i < count; i++)
                    {
                        ring[hi - count + 1 + i] = published;
                        ahead.Enqueue(published);
                        behind.Enqueue(published++);
                    }

                    ring.Publish(hi);
                    break;
                case 1:
                    Assert.Equal(Math.Min(run.Batch, ahead.Count), first.DoWork(0));
                    break;
                case 2:
                    Assert.Equal(behind.Count - ahead.Count, second.DoWork(0));
                    break;
            }

            Assert.Equal(capacity - behind.Count, ring.RemainingCapacity);
            Assert.Equal(run.Cursor + published, ring.Cursor);
            Assert.Equal(ring.Cursor - ahead.Count, first.Sequence.Acquire());
        }

        Assert.Null(first.LastFailure);
        Assert.Null(second.LastFailure);
    });

    [Fact]
    public void Several_producers_behave_like_a_list_of_claims_published_in_any_order() => s_run.Sample(run =>
    {
        var capacity = 1 << run.Log2;
        using var ring = new RingBuffer<long, MultiProducer>(capacity, cursor: run.Cursor);
        var poller = ring.NewPoller();
        ring.AddGatingSequence(poller.Sequence);
        var handler = new Collector { Seen = [], AtMost = run.Batch };

        // The model: claims in order, each open or published; those consumed are taken off the front.
        var claims = new List<(long Sequence, bool Published)>();
        var polled = new List<long>();
        foreach (var (kind, count) in run.Steps)
        {
            switch (kind)
            {
                case 0 when count <= capacity:
                    var room = count <= capacity - claims.Count;
                    Assert.Equal(room, ring.HasAvailableCapacity(count));
                    Assert.Equal(room, ring.TryNext(count, out var hi));
                    for (var sequence = hi - count + 1; room && sequence <= hi; sequence++)
                    {
                        ring[sequence] = ~sequence;
                        claims.Add((sequence, false));
                    }

                    break;
                case 1:
                    var open = claims.FindAll(claim => !claim.Published);
                    if (open.Count > 0)
                    {
                        var chosen = open[count % open.Count].Sequence;
                        ring.Publish(chosen);
                        claims[claims.FindIndex(claim => claim.Sequence == chosen)] = (chosen, true);
                    }

                    break;
                case 2:
                    var ready = claims.TakeWhile(claim => claim.Published).Take(run.Batch).ToList();
                    handler.Seen.Clear();
                    Assert.Equal(ready.Count > 0 ? PollState.Processing : PollState.Idle, poller.Poll(ref handler));
                    Assert.Equal(ready.Select(claim => (claim.Sequence, ~claim.Sequence)), handler.Seen);
                    claims.RemoveRange(0, ready.Count);
                    polled.AddRange(ready.Select(claim => claim.Sequence));
                    break;
            }

            Assert.Equal(capacity - claims.Count, ring.RemainingCapacity);
            Assert.Equal(run.Cursor + polled.Count + claims.Count, ring.Cursor);
            Assert.Equal(run.Cursor + polled.Count, poller.Sequence.Acquire());
        }
    });

    private struct Collector : IPollHandler<long>
    {
        public List<(long Sequence, long Value)> Seen;
        public int AtMost;

        public readonly bool OnEvent(ref long evt, long sequence, bool endOfBatch)
        {
            Seen.Add((sequence, evt));
            return Seen.Count < AtMost;
        }
    }

    private struct Dequeuer : IEventHandler<long>
    {
        public Queue<long> Expected;

        public readonly void OnStart()
        {
        }

        public readonly void OnEvent(ref long evt, long sequence, bool endOfBatch) =>
            Assert.Equal(Expected.Dequeue(), evt);

        public readonly void OnShutdown()
        {
        }
    }
}
