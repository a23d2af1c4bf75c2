using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Tests.Disruptor;

public sealed class EventPollerTests : IDisposable
{
    private readonly RingBuffer<long> _ring = new(8);

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void A_poll_hands_over_what_is_there_and_says_what_it_found()
    {
        var poller = _ring.NewPoller();
        _ring.AddGatingSequence(poller.Sequence);
        var handler = new Stopper([], StopAfter: long.MaxValue);
        Assert.Equal(PollState.Idle, poller.Poll(ref handler));
        _ring.PublishValues(5, 6, 7);
        Assert.Equal(PollState.Processing, poller.Poll(ref handler));
        Assert.Equal([(5, false), (6, false), (7, true)], handler.Seen);
        Assert.Equal(PollState.Idle, poller.Poll(ref handler));
        Assert.Equal(2, poller.Sequence.Acquire());
    }

    [Fact]
    public void A_poller_behind_a_consumer_is_gated_by_it()
    {
        var first = _ring.NewPoller();
        var second = _ring.NewPoller(first.Sequence);
        _ring.AddGatingSequence(second.Sequence);
        var handler = new Stopper([], StopAfter: long.MaxValue);
        _ring.PublishValues(1, 2);
        Assert.Equal(PollState.Gating, second.Poll(ref handler));
        Assert.Equal(PollState.Processing, first.Poll(ref handler));
        Assert.Equal(PollState.Processing, second.Poll(ref handler));
        Assert.Equal(PollState.Idle, second.Poll(ref handler));
        Assert.Equal(4, handler.Seen.Count);
    }

    [Fact]
    public void A_handler_may_leave_the_rest_for_later()
    {
        var poller = _ring.NewPoller();
        var handler = new Stopper([], StopAfter: 6);
        _ring.PublishValues(5, 6, 7);
        Assert.Equal(PollState.Processing, poller.Poll(ref handler));
        Assert.Equal(1, poller.Sequence.Acquire());
        Assert.Equal(PollState.Processing, poller.Poll(ref handler));
        Assert.Equal([5, 6, 7], handler.Seen.Select(seen => seen.Value));
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_its_event_is_polled_again()
    {
        var poller = _ring.NewPoller();
        var handler = new Stopper([], StopAfter: long.MaxValue) { ThrowAt = 6 };
        _ring.PublishValues(5, 6, 7);
        Assert.Throws<InvalidOperationException>(() => poller.Poll(ref handler));
        Assert.Equal(0, poller.Sequence.Acquire());
        handler.ThrowAt = null;
        Assert.Equal(PollState.Processing, poller.Poll(ref handler));
        Assert.Equal([5, 6, 7], handler.Seen.Select(seen => seen.Value));
    }

    [Fact]
    public void A_poller_of_several_producers_stops_before_a_claim_that_is_not_published()
    {
        using var ring = new RingBuffer<long, MultiProducer>(8);
        var poller = ring.NewPoller();
        ring.AddGatingSequence(poller.Sequence);
        var handler = new Stopper([], StopAfter: long.MaxValue);
        var (a, b) = (ring.Next(), ring.Next());
        ring.Publish(b);
        Assert.Equal(PollState.Idle, poller.Poll(ref handler));
        ring.Publish(a);
        Assert.Equal(PollState.Processing, poller.Poll(ref handler));
        Assert.Equal(2, handler.Seen.Count);
    }

    private record struct Stopper(List<(long Value, bool EndOfBatch)> Seen, long StopAfter) : IPollHandler<long>
    {
        public long? ThrowAt { get; set; }

        public readonly bool OnEvent(ref long evt, long sequence, bool endOfBatch)
        {
            if (evt == ThrowAt)
            {
                throw new InvalidOperationException($"asked to fail at {evt}");
            }

            Seen.Add((evt, endOfBatch));
            return evt != StopAfter;
        }
    }
}
