using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

public class FeedbackTests
{
    private const long Fixed9 = 1_000_000_000;

    [Fact]
    public void L7_basis_of_996_over_1000_is_minus_40_bps()
    {
        Assert.True(Basis.TryBps(996 * Fixed9, 1000 * Fixed9, out double bps));
        Assert.Equal(-40, bps);
    }

    [Fact]
    public void L7_basis_without_an_index_is_0_and_said_to_be_unknown()
    {
        Assert.False(Basis.TryBps(996 * Fixed9, Optional.Null, out double bps));
        Assert.Equal(0, bps);
        Assert.False(Basis.TryBps(996 * Fixed9, 0, out bps));
        Assert.False(Basis.TryBps(Optional.Null, Fixed9, out bps));
        Assert.Equal(0, bps);
    }

    [Fact]
    public void References_reach_the_cascade_values()
    {
        InstrumentSignals signals = Start();
        Assert.Equal(Optional.Null, signals.Cascade.MarkPrice);
        Assert.NotEqual(ValidityFlags.None, signals.CascadeValidity & ValidityFlags.LowSamples);
        signals.OnReference(new MarketEvent { Kind = EventKind.MarkPrice, Price = 996 * Fixed9 });
        Assert.Equal(0, signals.Cascade.BasisBps);
        signals.OnReference(new MarketEvent { Kind = EventKind.IndexPrice, Price = 1000 * Fixed9 });
        signals.OnReference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 12_345 });
        signals.OnReference(new MarketEvent { Kind = EventKind.Funding, Price = -300_000 });
        signals.OnReference(new MarketEvent { Kind = EventKind.Timer, Price = 1 });
        Assert.Equal(-40, signals.Cascade.BasisBps);
        Assert.Equal(12_345, signals.Cascade.OpenInterest);
        Assert.Equal(-300_000, signals.Cascade.FundingRate);
        Assert.Equal(996 * Fixed9, signals.Cascade.MarkPrice);
        Assert.Equal(1000 * Fixed9, signals.Cascade.IndexPrice);
        Assert.Equal(ValidityFlags.None, signals.CascadeValidity & ValidityFlags.LowSamples);
    }

    [Theory]
    [InlineData(EventKind.Trade, Side.Sell, EventFlags.None, 0, 0, 0)]
    [InlineData(EventKind.Liquidation, Side.Sell, EventFlags.None, 7, 0, 1)]
    [InlineData(EventKind.Liquidation, Side.Buy, EventFlags.None, 0, 7, 1)]
    [InlineData(EventKind.Trade, Side.Sell, EventFlags.MakerLiquidation, 0, 7, 1)]
    [InlineData(EventKind.Trade, Side.Buy, EventFlags.MakerLiquidation, 7, 0, 1)]
    [InlineData(EventKind.Liquidation, Side.Sell, EventFlags.MakerLiquidation, 7, 7, 1)]
    [InlineData(EventKind.Liquidation, Side.Unknown, EventFlags.None, 0, 0, 1)]
    [InlineData(EventKind.Liquidation, Side.Sell, EventFlags.SignInferred, 0, 0, 1)]
    public void Liquidations_count_by_whose_position_was_closed(
        EventKind kind, Side side, EventFlags flags, long longs, long shorts, ulong count)
    {
        InstrumentSignals signals = Start();
        signals.Trade(Print(1000, 7, side, 0, flags, kind));
        Assert.Equal(
            (longs, shorts, count),
            (signals.Cascade.LiquidatedLongLots, signals.Cascade.LiquidatedShortLots, signals.Cascade.Liquidations));
    }
}
