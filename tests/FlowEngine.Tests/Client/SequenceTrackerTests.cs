using CsCheck;
using FlowEngine.Client;
using Xunit;

namespace FlowEngine.Tests.Client;

public sealed class SequenceTrackerTests
{
    [Fact]
    public void The_first_message_of_an_instrument_only_sets_its_position()
    {
        var tracker = new SequenceTracker(4);

        Assert.True(tracker.TryAdvance(1, 900, 30, out var step));
        Assert.Equal(new SequenceStep(0, 0), step);
    }

    [Fact]
    public void A_jump_that_the_conflated_count_explains_is_no_loss()
    {
        var tracker = new SequenceTracker(4);
        tracker.TryAdvance(1, 10, 5, out _);

        Assert.True(tracker.TryAdvance(1, 14, 8, out var step));
        Assert.Equal(new SequenceStep(Conflated: 3, Lost: 0), step);
    }

    [Fact]
    public void What_the_conflated_count_does_not_explain_is_loss()
    {
        var tracker = new SequenceTracker(4);
        tracker.TryAdvance(1, 10, 5, out _);

        Assert.True(tracker.TryAdvance(1, 14, 6, out var step));
        Assert.Equal(new SequenceStep(Conflated: 1, Lost: 2), step);
    }

    [Fact]
    public void An_instrument_that_no_directory_named_is_refused()
    {
        var tracker = new SequenceTracker(4);

        Assert.False(tracker.TryAdvance(4, 1, 0, out _));
        tracker.Reserve(4);
        Assert.True(tracker.TryAdvance(4, 1, 0, out _));
    }

    [Fact]
    public void Every_missing_message_is_counted_once_as_conflated_or_lost() =>
        Gen.Int[0, 2].Array[0, 300].Sample(fates =>
        {
            // Each message is delivered (0), replaced before it was sent (1), or lost on the way (2).
            var tracker = new SequenceTracker(1);
            tracker.TryAdvance(0, 1, 0, out _);
            long conflated = 0, lost = 0, seenConflated = 0, seenLost = 0;
            for (var i = 0; i < fates.Length; i++)
            {
                conflated += fates[i] == 1 ? 1 : 0;
                lost += fates[i] == 2 ? 1 : 0;
                if (fates[i] != 0)
                {
                    continue;
                }

                tracker.TryAdvance(0, (ulong)(i + 2), (uint)conflated, out var step);
                seenConflated += step.Conflated;
                seenLost += step.Lost;
                Assert.Equal((conflated, lost), (seenConflated, seenLost));
            }
        });
}
