using System.Globalization;
using FlowEngine.Messages.Signals;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowEngine.Cli.Watch;

/// <summary>
/// Draws a <see cref="WatchView"/>; a pure function of the view and the width. Only the terminal's own sixteen colours
/// and no yellow, so that it reads on dark and on light ground.
/// </summary>
internal static class WatchTable
{
    /// <summary>
    /// Lines around the instruments: two of header, the table's frame and titles, and the line of hidden ones.
    /// </summary>
    public const int LinesAround = 8;

    private const int BarHalf = 5;

    // The border puts a blank before the first column and behind each one; the other blank between two is padding.
    private const int MarginWidth = 1;

    private static readonly Style s_buy = new(Color.Green);
    private static readonly Style s_sell = new(Color.Red);
    private static readonly Style s_alarm = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style s_bold = new(decoration: Decoration.Bold);
    private static readonly Style s_faint = new(decoration: Decoration.Dim);

    private static readonly WatchColumn[] s_columns =
    [
        new("Instrument", 1, row => row.Symbol, row => IsFaint(row) ? s_faint : s_bold) { IsLeft = true },
        new("Bid", 2, row => WatchFormat.Price(row.Bid, row.PriceDecimals), BookStyle),
        new("Ask", 3, row => WatchFormat.Price(row.Ask, row.PriceDecimals), BookStyle),
        new("Spread", 9, row => WatchFormat.Price(row.Spread, row.PriceDecimals), BookStyle),
        new("bps", 11, row => WatchFormat.Bps(row.SpreadBps), BookStyle),
        new("Imbal.", 4, row => WatchFormat.Signed(row.Imbalance, 2), Push(row => row.Imbalance)),
        new("  ask│bid  ", 12, _ => new string(' ', (2 * BarHalf) + 1), BookStyle) { IsLeft = true, Drawing = DrawBar },
        new("OFI", 5, row => WatchFormat.Signed(row.OrderFlow, 2), Push(row => row.OrderFlow)),
        new("Trades", 8, row => WatchFormat.Signed(row.TradeImbalance, 2), row => SideStyle(row.TradeImbalance)),
        new("Sweep bps", 10, row => Sweep(row.Sweep), BookStyle),
        new("of", 13, row => row.Sweep is { } sweep ? WatchFormat.Amount(sweep.Size) : WatchFormat.None, _ => s_faint),
        new("Sell", 4, row => WatchFormat.Score(row.Pressure), ScoreStyle) { IsOfScore = true },
        new("Regime", 5, row => WatchFormat.RegimeOf(row.Pressure), RegimeStyle) { IsOfScore = true, IsLeft = true },
        new("Gain", 8, row => WatchFormat.Gain(row.Pressure), BookStyle) { IsOfScore = true },
        new("Why", 9, row => WatchFormat.Why(row.Pressure), _ => s_faint) { IsOfScore = true, IsLeft = true },
        new("Flags", 6, row => WatchFormat.Flags(row.Flags), row => IsFaint(row) ? s_alarm : s_faint) { IsLeft = true },
        new("Age", 7, row => WatchFormat.Age(row.AgeSeconds, row.IsAgeLowerBound), _ => s_faint),
    ];

    /// <summary>Draws header and table for a console of <paramref name="width"/> characters.</summary>
    public static IRenderable Render(WatchView view, int width)
    {
        var parts = new List<IRenderable> { Header(view.Header, width), EngineLine(view.Header, width) };
        if (view.Rows.Count > 0)
        {
            parts.Add(Instruments(view.Rows, width));
        }

        if (view.Hidden > 0)
        {
            parts.Add(new Text($"and {view.Hidden} more: --top or --instruments choose others", s_faint));
        }

        return new Rows(parts);
    }

    /// <summary>The header's text: whose signals, how many, and what became of them.</summary>
    internal static string HeaderText(WatchHeader header)
    {
        if (header.Epoch is not { } epoch)
        {
            return header.IsConnected
                ? $"FlowEngine: an engine publishes on {header.Source}; its first message has not come yet"
                : $"FlowEngine: waiting for an engine on {header.Source}";
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"FlowEngine since {epoch:yyyy-MM-dd HH:mm:ss}Z");
        return $"{text}{(header.IsConnected ? "" : " (gone)")}   {WatchFormat.Count(header.MessagesPerSecond)} msg/s"
            + $"   received {WatchFormat.Count(header.Received)}   conflated {WatchFormat.Count(header.Conflated)}"
            + $"   lost {WatchFormat.Count(header.Lost)}   repeats {WatchFormat.Count(header.Repeats)}";
    }

    private static Text Header(WatchHeader header, int width) => new(
        Cut(HeaderText(header), width),
        header.Lost > 0 || (header.Epoch is not null && !header.IsConnected) ? s_alarm : s_bold);

    private static Text EngineLine(WatchHeader header, int width)
    {
        var text = header.Engine is { } engine
            ? $"instruments {header.Instruments}   live books {engine.CompleteBooks}"
                + $"   events {WatchFormat.Count(engine.Events)}   gaps {engine.Gaps}"
                + $"   recovered {engine.Recoveries}   crossed {engine.CrossedBooks}   damaged {engine.Damaged}"
                + $"   ring full {engine.RingFull}"
            : header.Epoch is null ? "" : $"instruments {header.Instruments}";
        return new Text(Cut(text, width), s_faint);
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 1)]}…";

    private static Table Instruments(IReadOnlyList<WatchRow> rows, int width)
    {
        var isScored = rows.Any(row => row.Pressure is not null);
        var columns = WatchColumn.Fitting(
            [.. s_columns.Where(column => isScored || !column.IsOfScore)], rows, width - MarginWidth);
        var table = new Table().Border(TableBorder.Simple).BorderStyle(s_faint);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Title, s_faint))
            {
                Alignment = column.IsLeft ? Justify.Left : Justify.Right,
                NoWrap = true,
                Padding = new Padding(0, 0, WatchColumn.Gap - 1, 0),
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(columns.Select(column => column.Draw(row)));
        }

        return table;
    }

    private static Func<WatchRow, Style> Push(Func<WatchRow, double?> value) =>
        row => IsFaint(row) ? s_faint : SideStyle(value(row));

    private static Style BookStyle(WatchRow row) => IsFaint(row) ? s_faint : Style.Plain;

    private static bool IsFaint(WatchRow row) => WatchFormat.IsBookUnusable(row.Flags);

    private static Style ScoreStyle(WatchRow row) => row.Pressure is not { IsValid: true } pressure ? s_faint
        : pressure.Score >= 40 ? s_sell
        : pressure.Score <= -40 ? s_buy
        : Style.Plain;

    private static Style RegimeStyle(WatchRow row) => row.Pressure?.Regime switch
    {
        null or Regime.Calm => s_faint,
        Regime.Cascading => s_alarm,
        _ => s_bold,
    };

    private static Paragraph DrawBar(WatchRow row)
    {
        var (left, right) = WatchFormat.Bar(row.Imbalance ?? 0, BarHalf);
        return new Paragraph()
            .Append(left, IsFaint(row) ? s_faint : s_sell)
            .Append("│", s_faint)
            .Append(right, IsFaint(row) ? s_faint : s_buy);
    }

    private static string Sweep(SweepCost? cost) => cost is null
        ? WatchFormat.None
        : $"{WatchFormat.Cost(cost.SellBps, cost.SellFills)}/{WatchFormat.Cost(cost.BuyBps, cost.BuyFills)}";

    // Small values stay without colour: the eye shall find the pushed instruments.
    private static Style SideStyle(double? value) => value switch
    {
        >= 0.2 => s_buy,
        <= -0.2 => s_sell,
        _ => Style.Plain,
    };
}
