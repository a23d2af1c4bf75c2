using FlowEngine.Engine;
using Xunit;

namespace FlowEngine.Tests.Engine;

public sealed class CaptureClockTests
{
    private const long Tick = CaptureClock.TickNs;
    private const long Start = 1_700_000_000_000_000_000;

    [Fact]
    public void Nothing_is_due_before_the_first_packet()
    {
        var clock = default(CaptureClock);

        Assert.False(clock.IsDue(long.MaxValue));
        Assert.False(clock.IsDueWhileIdle(long.MaxValue));
    }

    [Fact]
    public void Every_boundary_crossed_is_due_once()
    {
        var clock = default(CaptureClock);
        clock.OnPacket(Start + 1, 0);
        clock.OnPacket(Start + (3 * Tick), 0);

        var boundaries = new List<long>();
        while (clock.IsDue(Start + (3 * Tick)))
        {
            boundaries.Add(clock.NextBoundary);
            clock.Advance();
        }

        Assert.Equal([Start + Tick, Start + (2 * Tick), Start + (3 * Tick)], boundaries);
    }

    [Fact]
    public void A_packet_from_the_past_makes_no_timer()
    {
        var clock = default(CaptureClock);
        clock.OnPacket(Start, 0);
        clock.OnPacket(Start - (10 * Tick), 0);

        Assert.False(clock.IsDue(Start - (10 * Tick)));
        Assert.Equal(Start + Tick, clock.NextBoundary);
    }

    [Fact]
    public void A_pause_of_more_than_an_hour_is_one_timer()
    {
        var clock = default(CaptureClock);
        clock.OnPacket(Start, 0);
        var later = Start + (7_200 * 10 * Tick) + 5;
        clock.OnPacket(later, 0);

        Assert.True(clock.IsDue(later));
        clock.Advance();
        Assert.False(clock.IsDue(later));
    }

    [Fact]
    public void While_idle_the_monotonic_clock_carries_on_a_little_late()
    {
        var clock = default(CaptureClock);
        clock.OnPacket(Start, nowNs: 5 * Tick);

        Assert.False(clock.IsDueWhileIdle(7 * Tick));
        Assert.False(clock.IsDueWhileIdle((8 * Tick) - 1));
        Assert.True(clock.IsDueWhileIdle(8 * Tick));
    }
}
