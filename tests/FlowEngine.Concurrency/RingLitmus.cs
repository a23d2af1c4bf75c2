using FlowEngine.Disruptor;
using Xunit;

namespace FlowEngine.Concurrency;

/// <summary>The ring's promises, each as a race between two actors with its forbidden outcome.</summary>
public sealed class RingLitmus(ITestOutputHelper output)
{
    private const int Chunk = 1024;

    /// <summary>What a reader saw of cursor and slot, in this order.</summary>
    private enum Seen
    {
        CursorBeforeSlotBefore,
        CursorBeforeSlotWritten,
        CursorPassedSlotWritten,
        CursorPassedSlotNotWritten,
    }

    /// <summary>What a reader saw of a slot that it had not released.</summary>
    private enum Slot
    {
        HeldStill,
        ChangedWhileRead,
    }

    [Fact]
    public void Message_passing_whoever_sees_the_cursor_sees_the_slot()
    {
        var outcomes = MessagePassing(Litmus.Rounds(20_000) * Chunk, publishFirst: false);
        Assert.Equal(0, outcomes[Seen.CursorPassedSlotNotWritten]);
    }

    [Fact]
    public void Message_passing_done_wrongly_is_noticed()
    {
        // The same race with the slot written after it was published: if this is not caught, the test above proves
        // nothing.
        var outcomes = new Outcomes<Seen>();
        for (var attempt = 0; attempt < 100 && outcomes[Seen.CursorPassedSlotNotWritten] == 0; attempt++)
        {
            outcomes = MessagePassing(50 * Chunk, publishFirst: true);
        }

        Assert.NotEqual(0, outcomes[Seen.CursorPassedSlotNotWritten]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Consumer_release_the_producer_never_overwrites_a_slot_being_read(int capacity)
    {
        var outcomes = Overwriting(capacity, Litmus.Rounds(1_000_000), releaseFirst: false);
        Assert.Equal(0, outcomes[Slot.ChangedWhileRead]);
    }

    [Fact]
    public void Consumer_release_done_wrongly_is_noticed()
    {
        var outcomes = new Outcomes<Slot>();
        for (var attempt = 0; attempt < 100 && outcomes[Slot.ChangedWhileRead] == 0; attempt++)
        {
            outcomes = Overwriting(2, 20_000, releaseFirst: true);
        }

        Assert.NotEqual(0, outcomes[Slot.ChangedWhileRead]);
    }

    [Fact]
    public void Gating_a_consumer_that_joins_is_never_lapped()
    {
        var rounds = Litmus.Rounds(100_000);
        var outcomes = new Outcomes<Slot>();
        using var ring = new RingBuffer<long>(4);
        var meeting = new Meeting();
        var left = 0;
        Litmus.Race(
            () =>
            {
                for (var round = 1; round <= rounds; round++)
                {
                    meeting.Wait(round);
                    while (Volatile.Read(ref left) < round) // pairs with the write by the guest below
                    {
                        if (ring.TryNext(1, out var sequence))
                        {
                            ring[sequence] = sequence;
                            ring.Publish(sequence);
                        }
                    }
                }
            },
            () =>
            {
                for (var round = 1; round <= rounds; round++)
                {
                    var guest = new Sequence();
                    meeting.Wait(round);
                    ring.AddGatingSequence(guest);
                    var next = guest.Acquire() + 1;
                    outcomes.Add(FirstEvents(ring, next));
                    ring.RemoveGatingSequence(guest);
                    Volatile.Write(ref left, round);
                }
            });
        output.WriteLine(outcomes.ToString());
        Assert.Equal(0, outcomes[Slot.ChangedWhileRead]);
    }

    // The guest has not released anything: the four slots from next on must hold still.
    private static Slot FirstEvents(RingBuffer<long> ring, long next)
    {
        for (var look = 0; look < 20; look++)
        {
            var cursor = ring.Cursor;
            if (cursor >= next + ring.Capacity)
            {
                return Slot.ChangedWhileRead;
            }

            for (var sequence = next; sequence <= cursor; sequence++)
            {
                if (Volatile.Read(ref ring[sequence]) != sequence)
                {
                    return Slot.ChangedWhileRead;
                }
            }
        }

        return Slot.HeldStill;
    }

    private Outcomes<Seen> MessagePassing(int rounds, bool publishFirst)
    {
        using var ring = new RingBuffer<long>(2 * Chunk);
        var reader = new Sequence();
        ring.AddGatingSequence(reader);
        var outcomes = new Outcomes<Seen>();
        var meeting = new Meeting();
        var chunks = rounds / Chunk;
        Litmus.Race(
            () =>
            {
                for (var chunk = 1; chunk <= chunks; chunk++)
                {
                    meeting.Wait(chunk);
                    for (var i = 0; i < Chunk; i++)
                    {
                        var sequence = ring.Next();
                        if (publishFirst)
                        {
                            ring.Publish(sequence);
                            LetOthersRun(i);
                            ring[sequence] = sequence;
                        }
                        else
                        {
                            ring[sequence] = sequence;
                            ring.Publish(sequence);
                        }
                    }
                }
            },
            () =>
            {
                for (var chunk = 1; chunk <= chunks; chunk++)
                {
                    var last = ((long)chunk * Chunk) - 1;
                    reader.Release(last - Chunk - 1); // not what is looked at first: the last of the chunk before
                    meeting.Wait(chunk);
                    for (var look = 1; ring.Cursor < last; look++)
                    {
                        if (look % Chunk == 0)
                        {
                            Thread.Yield(); // the other actor may need this core
                        }

                        // Looks at the slot that is being written right now, and at the next.
                        var cursor = ring.Cursor;
                        outcomes.Add(Look(ring, cursor, cursor));
                        outcomes.Add(Look(ring, cursor, Math.Min(cursor + 1, last)));
                    }
                }
            });
        output.WriteLine(outcomes.ToString());
        return outcomes;
    }

    // In the middle of a wrong order now and then: actors that share a core would otherwise hardly ever meet there.
    private static void LetOthersRun(long time)
    {
        if (time % 64 == 0)
        {
            Thread.Yield();
        }
    }

    private static Seen Look(RingBuffer<long> ring, long cursor, long sequence)
    {
        if (sequence < 0)
        {
            return Seen.CursorBeforeSlotBefore;
        }

        var written = Volatile.Read(ref ring[sequence]) == sequence && (sequence > 0 || cursor >= 0);
        if (cursor < sequence)
        {
            return written ? Seen.CursorBeforeSlotWritten : Seen.CursorBeforeSlotBefore;
        }

        return written ? Seen.CursorPassedSlotWritten : Seen.CursorPassedSlotNotWritten;
    }

    private Outcomes<Slot> Overwriting(int capacity, int rounds, bool releaseFirst)
    {
        using var ring = new RingBuffer<(long A, long B)>(capacity);
        var barrier = ring.NewBarrier<YieldingWait>();
        var reader = new Sequence();
        ring.AddGatingSequence(reader);
        var outcomes = new Outcomes<Slot>();
        Litmus.Race(
            () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    var sequence = ring.Next();
                    ring[sequence] = (sequence, sequence);
                    ring.Publish(sequence);
                }
            },
            () =>
            {
                for (var sequence = 0L; sequence < rounds; sequence++)
                {
                    barrier.WaitFor(sequence);
                    if (releaseFirst)
                    {
                        reader.Release(sequence);
                        LetOthersRun(sequence);
                    }

                    ref var slot = ref ring[sequence];
                    var held = Volatile.Read(ref slot.A) == sequence && Volatile.Read(ref slot.B) == sequence;
                    outcomes.Add(held ? Slot.HeldStill : Slot.ChangedWhileRead);
                    reader.Release(sequence);
                }
            });
        output.WriteLine(outcomes.ToString());
        return outcomes;
    }
}
