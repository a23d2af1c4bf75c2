using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>The worked examples of signals.md F1, F4, F5 and F6.</summary>
public class FlowOracleTests
{
    [Fact]
    public void F1_order_flow_imbalance()
    {
        TouchState[] states =
        [
            new(1000, 30, 1001, 10), new(1000, 25, 1001, 10), new(999, 50, 1001, 14), new(999, 50, 1000, 7),
            new(999, 60, 1002, 9),
        ];
        var ofi = new OrderFlowImbalance(new HalfLife(Second), new HalfLife(Second));
        ofi.Prime(states[0], 0);
        Assert.Equal(0, ofi.Event);
        var events = new List<long>();
        foreach (TouchState state in states[1..])
        {
            ofi.Step(state, 0);
            events.Add(ofi.Event);
        }

        Assert.Equal([-5, -29, -7, 17], events);
        Assert.Equal(-24, ofi.Sum);
        Assert.Equal(-24, ofi.Decayed(0));
        Assert.Equal(-12, ofi.Decayed(Second));
        Assert.Equal((60 + 9) / 2.0, ofi.AverageDepth(0));
    }

    [Fact]
    public void F1_average_depth_weighs_by_time()
    {
        var ofi = new OrderFlowImbalance(new HalfLife(Second), new HalfLife(10_000_000 * Second));
        ofi.Prime(new TouchState(1000, 30, 1001, 10), 0);
        ofi.Step(new TouchState(1000, 50, 1001, 10), Second);
        Near((20 * 1 + 30 * 3) / 4.0, ofi.AverageDepth(4 * Second), 1e-5);
    }

    [Fact]
    public void F1_time_without_a_book_does_not_dilute_the_average_depth()
    {
        var ofi = new OrderFlowImbalance(new HalfLife(Second), new HalfLife(Second));
        ofi.Prime(RefTouch, 0);
        ofi.Step(new TouchState(TouchState.NoBid, 0, TouchState.NoAsk, 0), Second);
        ofi.Step(RefTouch, 600 * Second);
        Near(20, ofi.AverageDepth(600 * Second), 1e-12);
    }

    [Fact]
    public void F1_empty_side_is_no_lots_infinitely_far_away()
    {
        TouchState noBid = new(TouchState.NoBid, 0, 1001, 10);
        TouchState noAsk = new(1000, 30, TouchState.NoAsk, 0);
        TouchState nothing = new(TouchState.NoBid, 0, TouchState.NoAsk, 0);
        Assert.Equal(-30, OrderFlowImbalance.EventValue(RefTouch, noBid));
        Assert.Equal(30, OrderFlowImbalance.EventValue(noBid, RefTouch));
        Assert.Equal(10, OrderFlowImbalance.EventValue(RefTouch, noAsk));
        Assert.Equal(-10, OrderFlowImbalance.EventValue(noAsk, RefTouch));
        Assert.Equal(-20, OrderFlowImbalance.EventValue(RefTouch, nothing));
        Assert.Equal(0, OrderFlowImbalance.EventValue(nothing, nothing));
    }

    [Fact]
    public void F4_quote_rule_then_tick_test()
    {
        // Ticks of two quanta, so that the mid is a price: 1000/1001 and 1001, 1000, 1000.5, 1000.5, 1002.
        TouchState quotes = new(2000, 5, 2002, 5);
        TradeSign sign = default;
        var signs = new List<int>();
        var pure = new List<int>();
        var sources = new List<SignSource>();
        foreach (long price in (long[])[2002, 2000, 2001, 2001, 2004])
        {
            signs.Add(sign.Classify(Print(price, 1, Side.Unknown), quotes, out SignSource source));
            sources.Add(source);
            pure.Add(sign.TickDirection);
        }

        Assert.Equal([1, -1, 1, 1, 1], signs);
        Assert.Equal([0, -1, 1, 1, 1], pure);
        Assert.Equal(
            [SignSource.Quote, SignSource.Quote, SignSource.Tick, SignSource.Tick, SignSource.Quote], sources);
    }

    [Fact]
    public void F4_inside_the_spread_the_mid_decides()
    {
        TouchState quotes = new(2000, 5, 2008, 5);
        Assert.Equal(1, Signed(2005, quotes));
        Assert.Equal(-1, Signed(2003, quotes));
        Assert.Equal(0, Signed(2004, quotes));

        static int Signed(long price, TouchState quotes) =>
            default(TradeSign).Classify(Print(price, 1, Side.Unknown), quotes, out _);
    }

    [Fact]
    public void F4_venue_flag_wins_unless_it_was_inferred()
    {
        TradeSign sign = default;
        Assert.Equal(-1, sign.Classify(Print(1001, 1, Side.Sell), RefTouch, out SignSource source));
        Assert.Equal(SignSource.Venue, source);
        Assert.Equal(1, sign.Classify(Print(1001, 1, Side.Sell, 0, EventFlags.SignInferred), RefTouch, out source));
        Assert.Equal(SignSource.Quote, source);
    }

    [Fact]
    public void F4_locked_quotes_and_no_quotes_leave_it_to_the_tick_test()
    {
        TouchState locked = new(1000, 5, 1000, 5);
        TouchState nothing = new(TouchState.NoBid, 0, TouchState.NoAsk, 0);
        TradeSign sign = default;
        Assert.Equal(0, sign.Classify(Print(1000, 1, Side.Unknown), locked, out SignSource source));
        Assert.Equal(SignSource.None, source);
        Assert.Equal(-1, sign.Classify(Print(999, 1, Side.Unknown), nothing, out source));
        Assert.Equal(SignSource.Tick, source);
        Assert.Equal(1, sign.Classify(Print(1000, 1, Side.Unknown), locked, out source));
        Assert.Equal(SignSource.Tick, source);
    }

    [Fact]
    public void F4_off_book_prints_have_no_sign_and_leave_no_trace()
    {
        TradeSign sign = default;
        sign.Classify(Print(1000, 1, Side.Unknown), RefTouch, out _);
        MarketEvent block = Print(1500, 1, Side.Buy, 0, EventFlags.OffBook);
        Assert.Equal(0, sign.Classify(block, RefTouch, out SignSource source));
        Assert.Equal(SignSource.None, source);
        Assert.Equal(0, sign.TickDirection);
    }

    [Fact]
    public void F5_signed_volume()
    {
        var volume = new SignedVolume(new HalfLife(HalfLifeOfTauSecondNs));
        (long Ms, int Sign, long Lots)[] prints = [(0, 1, 5), (400, -1, 12), (1000, -1, 8), (1100, 1, 3)];
        foreach ((long ms, int sign, long lots) in prints)
        {
            volume.Add(sign, lots, ms * 1_000_000);
            volume.EndEvent();
        }

        volume.At(1_100_000_000, out double buy, out double sell);
        Near(4.664355, buy);
        Near(13.197723, sell);
        Near(-0.477737, SignedVolume.Imbalance(buy, sell));
        Assert.Equal(-12, volume.CumulativeDelta(1_100_000_000));
    }

    [Fact]
    public void F5_cumulative_delta_starts_anew_at_midnight_UTC()
    {
        const long Midnight = 20_000L * 86_400 * Second;
        var volume = new SignedVolume(new HalfLife(Second));
        volume.Add(1, 5, Midnight - 2);
        volume.Add(-1, 2, Midnight - 1);
        Assert.Equal(3, volume.CumulativeDelta(Midnight - 1));
        Assert.Equal(0, volume.CumulativeDelta(Midnight));
        volume.Add(-1, 7, Midnight);
        Assert.Equal(-7, volume.CumulativeDelta(Midnight));
    }

    [Fact]
    public void F6_tick_volume()
    {
        var volume = new TickVolume(new HalfLife(Second));
        foreach ((long price, long lots) in ((long, long)[])[(1000, 4), (999, 6), (999, 5), (1001, 2), (1000, 3)])
        {
            volume.Add(price, lots, 0);
            volume.EndEvent();
        }

        volume.At(0, out double up, out double down);
        Assert.Equal((2, 14), (up, down));
        Assert.Equal(0.875, TickVolume.DownShare(up, down));
    }

    [Fact]
    public void F6_prints_of_one_event_count_as_one_at_their_weighted_price()
    {
        var volume = new TickVolume(new HalfLife(Second));
        volume.Add(1000, 1, 0);
        volume.EndEvent();

        // (3 × 1000 + 1 × 1001) / 4 is above 1000 by a quarter: up, all four lots.
        volume.Add(1000, 3, 0);
        volume.Add(1001, 1, 0);
        volume.EndEvent();
        volume.At(0, out double up, out double down);
        Assert.Equal((4, 0), (up, down));

        // (999 + 1001) / 2 is exactly 1000: a quarter below, down.
        volume.Add(999, 1, 0);
        volume.Add(1001, 1, 0);
        volume.EndEvent();

        // The same price again inherits.
        volume.Add(1000, 5, 0);
        volume.EndEvent();
        volume.At(0, out up, out down);
        Assert.Equal((4, 7), (up, down));
    }

    [Fact]
    public void F6_weighted_prices_compare_below_zero_too()
    {
        // (-3 - 4) / 2 = -3.5 lies between -4 and -3.
        Assert.True(MergedPrice.Of(-7, 2).CompareTo(new MergedPrice(-4, 0, 1)) > 0);
        Assert.True(MergedPrice.Of(-7, 2).CompareTo(new MergedPrice(-3, 0, 1)) < 0);
        Assert.Equal(0, MergedPrice.Of(-7, 2).CompareTo(MergedPrice.Of(-14, 4)));
    }

    [Fact]
    public void F6_first_print_after_a_restart_has_no_direction()
    {
        var volume = new TickVolume(new HalfLife(Second));
        volume.Add(999, 4, 0);
        volume.EndEvent();
        volume.Add(1000, 4, 0);
        volume.EndEvent();
        volume.Reprime();
        volume.Add(999, 6, 0);
        volume.EndEvent();
        volume.Add(999, 6, 0);
        volume.EndEvent();
        volume.At(0, out double up, out double down);
        Assert.Equal((4, 0), (up, down));
        Assert.Equal(0, TickVolume.DownShare(0, 0));
    }
}
