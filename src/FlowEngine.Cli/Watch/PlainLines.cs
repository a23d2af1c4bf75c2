using System.Globalization;

namespace FlowEngine.Cli.Watch;

/// <summary>
/// A <see cref="WatchView"/> as lines of text for logs and pipes: one an instrument, <c>name=value</c> after time and
/// name.
/// </summary>
internal static class PlainLines
{
    /// <summary>The lines of a view.</summary>
    public static IEnumerable<string> Of(WatchView view)
    {
        var time = view.Header.Time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return view.Rows.Count == 0
            ? [$"{time} {WatchTable.HeaderText(view.Header)}"]
            : view.Rows.Select(row => $"{time} {Line(row)}");
    }

    private static string Line(WatchRow row) =>
        $"{row.Symbol} bid={Price(row, row.Bid)} ask={Price(row, row.Ask)}"
        + $" spread={Price(row, row.Spread)} spread_bps={WatchFormat.Bps(row.SpreadBps)}"
        + $" imbalance={WatchFormat.Signed(row.Imbalance, 3)} ofi={WatchFormat.Signed(row.OrderFlow, 3)}"
        + $" trades={WatchFormat.Signed(row.TradeImbalance, 3)} {Sweep(row.Sweep)}{Pressure(row.Pressure)}"
        + $" flags={WatchFormat.Flags(row.Flags).Replace(' ', ',')}"
        + $" age={WatchFormat.Age(row.AgeSeconds, row.IsAgeLowerBound)}";

    private static string Pressure(PressureScore? pressure) => pressure is null
        ? ""
        : $" score={WatchFormat.Score(pressure)} regime={WatchFormat.RegimeOf(pressure).Replace(' ', ',')}"
            + $" gain={WatchFormat.Gain(pressure)} why={WatchFormat.Why(pressure).Replace(' ', ',')}";

    private static string Price(WatchRow row, double? price) => WatchFormat.Price(price, row.PriceDecimals);

    private static string Sweep(SweepCost? cost) => cost is null
        ? "sell_bps=- buy_bps=- size=-"
        : $"sell_bps={WatchFormat.Cost(cost.SellBps, cost.SellFills)}"
            + $" buy_bps={WatchFormat.Cost(cost.BuyBps, cost.BuyFills)} size={WatchFormat.Amount(cost.Size)}";
}
