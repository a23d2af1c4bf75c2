using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Signals;

/// <summary>The reference book of signals.md 0.5 and short ways to write books, prints and options.</summary>
internal static class Fixtures
{
    public const long Second = 1_000_000_000;

    /// <summary>Half-life of tau = 1 s.</summary>
    public const long HalfLifeOfTauSecondNs = 693_147_181;

    /// <summary>1000x30 999x50 997x40 996x80 993x100, worst to best.</summary>
    public static readonly PriceLevel[] RefBids = Levels((993, 100), (996, 80), (997, 40), (999, 50), (1000, 30));

    /// <summary>1001x10 1003x20 1004x30 1005x60 1009x120, worst to best.</summary>
    public static readonly PriceLevel[] RefAsks = Levels((1009, 120), (1005, 60), (1004, 30), (1003, 20), (1001, 10));

    public static readonly TouchState RefTouch = new(1000, 30, 1001, 10);

    public static Instrument AnInstrument(int feedDepthLevels = 0) => new()
    {
        Venue = 1,
        VenueInstrumentId = 7,
        Symbol = "TEST-PERP",
        PriceQuantum = DecimalScale.One,
        Lot = DecimalScale.One,
        FeedDepthLevels = feedDepthLevels,
    };

    public static PriceLevel[] Levels(params (long Price, long Lots)[] worstToBest) =>
        [.. worstToBest.Select(level => new PriceLevel(level.Price, level.Lots))];

    public static MarketEvent Print(
        long price,
        long lots,
        Side side,
        long timeNs = 0,
        EventFlags flags = EventFlags.None,
        EventKind kind = EventKind.Trade) =>
        new() { Kind = kind, Side = side, Flags = flags, Price = price, Quantity = lots, VenueTime = timeNs };

    public static InstrumentSignals Start(SignalOptions? options = null, int feedDepthLevels = 0) =>
        new(options ?? new SignalOptions(), AnInstrument(feedDepthLevels));

    public static void Evaluate(
        this InstrumentSignals signals,
        PriceLevel[] bids,
        PriceLevel[] asks,
        long timeNs,
        ValidityFlags book = ValidityFlags.None,
        bool reprime = false) =>
        signals.Evaluate(new BookSide(bids), new BookSide(asks), book, timeNs, reprime);

    public static void Trade(this InstrumentSignals signals, in MarketEvent print) =>
        signals.OnTrade(print, new BookSide(RefBids), new BookSide(RefAsks));

    public static void Near(double expected, double actual, double tolerance = 5e-7) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"expected {expected:R}, got {actual:R}");
}
