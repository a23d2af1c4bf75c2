using FlowEngine.Client;
using FlowEngine.Messages.Signals;
using Xunit;

namespace FlowEngine.Tests.Client;

public sealed class StateTrackerTests
{
    [Fact]
    public void Only_changes_of_gap_and_stale_are_told()
    {
        var tracker = new StateTracker(2);

        Assert.Equal(Validity.None, tracker.Update(0, Validity.Warmup));
        Assert.Equal(Validity.Gap, tracker.Update(0, Validity.Gap | Validity.LowSamples));
        Assert.Equal(Validity.None, tracker.Update(0, Validity.Gap));
        Assert.Equal(Validity.None, tracker.Update(1, Validity.Locked));
        Assert.Equal(Validity.Gap | Validity.Stale, tracker.Update(0, Validity.Stale));
        Assert.Equal(Validity.Stale, tracker.Update(0, Validity.None));
    }

    [Fact]
    public void A_regime_is_told_when_it_or_its_direction_changes()
    {
        var tracker = new StateTracker(1);

        Assert.False(tracker.TryMove(0, Regime.Calm, 0, out _));
        Assert.True(tracker.TryMove(0, Regime.Pressured, 1, out var from));
        Assert.Equal(Regime.Calm, from);
        Assert.False(tracker.TryMove(0, Regime.Pressured, 1, out _));
        Assert.True(tracker.TryMove(0, Regime.Pressured, -1, out from));
        Assert.Equal(Regime.Pressured, from);
    }

    [Fact]
    public void An_instrument_that_no_directory_named_is_not_tracked_until_there_is_room()
    {
        var tracker = new StateTracker(1);

        Assert.Equal(Validity.None, tracker.Update(1, Validity.Gap));
        Assert.False(tracker.TryMove(1, Regime.Cascading, 1, out _));
        tracker.Reserve(1);
        Assert.Equal(Validity.Gap, tracker.Update(1, Validity.Gap));
        Assert.True(tracker.TryMove(1, Regime.Cascading, 1, out _));
        tracker.Clear();
        Assert.Equal(Validity.None, tracker.Update(1, Validity.None));
    }
}
