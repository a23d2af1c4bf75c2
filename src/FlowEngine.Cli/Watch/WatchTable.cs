using System.Globalization;
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
    private const int WideFrom = 124;
    private const int MediumFrom = 96;

    private static readonly Style s_buy = new(Color.Green);
    private static readonly Style s_sell = new(Color.Red);
    private static readonly Style s_alarm = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style s_bold = new(decoration: Decoration.Bold);
    private static readonly Style s_faint = new(decoration: Decoration.Dim);

    /// <summary>Draws header and table for a console of <paramref name="width"/> characters.</summary>
    public static IRenderable Render(WatchView view, int width)
    {
        var parts = new List<IRenderable> { Header(view.Header), EngineLine(view.Header) };
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

    private static Text Header(WatchHeader header) => new(
        HeaderText(header), header.Lost > 0 || (header.Epoch is not null && !header.IsConnected) ? s_alarm : s_bold);

    private static Text EngineLine(WatchHeader header)
    {
        if (header.Engine is not { } engine)
        {
            return new Text(header.Epoch is null ? "" : $"instruments {header.Instruments}", s_faint);
        }

        return new Text(
            $"instruments {header.Instruments}   live books {engine.CompleteBooks}"
            + $"   events {WatchFormat.Count(engine.Events)}   gaps {engine.Gaps}"
            + $"   recovered {engine.Recoveries}   crossed {engine.CrossedBooks}   damaged {engine.Damaged}"
            + $"   ring full {engine.RingFull}",
            s_faint);
    }

    private static Table Instruments(IReadOnlyList<WatchRow> rows, int width)
    {
        var isWide = width >= WideFrom;
        var isMedium = width >= MediumFrom;
        var table = new Table().Border(TableBorder.Simple).BorderStyle(s_faint);
        Add(table, "Instrument", right: false);
        Add(table, "Bid");
        Add(table, "Ask");
        Add(table, "Spread");
        AddIf(isMedium, table, "bps");
        Add(table, "Imbal.");
        AddIf(isWide, table, "sell│bid ", right: false);
        Add(table, "OFI");
        Add(table, "Trades");
        AddIf(isMedium, table, "Sweep bps");
        AddIf(isWide, table, "of");
        Add(table, "Flags", right: false);
        Add(table, "Age");
        foreach (var row in rows)
        {
            table.AddRow(Cells(row, isMedium, isWide));
        }

        return table;
    }

    private static IEnumerable<IRenderable> Cells(WatchRow row, bool isMedium, bool isWide)
    {
        var isUnusable = WatchFormat.IsBookUnusable(row.Flags);
        var plain = isUnusable ? s_faint : Style.Plain;
        yield return new Text(row.Symbol, isUnusable ? s_faint : s_bold);
        yield return new Text(WatchFormat.Price(row.Bid, row.PriceDecimals), plain);
        yield return new Text(WatchFormat.Price(row.Ask, row.PriceDecimals), plain);
        yield return new Text(WatchFormat.Price(row.Spread, row.PriceDecimals), plain);
        if (isMedium)
        {
            yield return new Text(WatchFormat.Bps(row.SpreadBps), plain);
        }

        yield return Push(row.Imbalance, isUnusable);
        if (isWide)
        {
            yield return Bar(row.Imbalance, isUnusable);
        }

        yield return Push(row.OrderFlow, isUnusable);
        yield return Push(row.TradeImbalance, isUnusable: false);
        if (isMedium)
        {
            yield return new Text(Sweep(row.Sweep), plain);
        }

        if (isWide)
        {
            yield return new Text(row.Sweep is { } sweep ? WatchFormat.Amount(sweep.Size) : WatchFormat.None, s_faint);
        }

        yield return new Text(WatchFormat.Flags(row.Flags), isUnusable ? s_alarm : s_faint);
        yield return new Text(WatchFormat.Age(row.AgeSeconds, row.IsAgeLowerBound), s_faint);
    }

    private static Text Push(double? value, bool isUnusable) =>
        new(WatchFormat.Signed(value, 2), isUnusable ? s_faint : SideStyle(value));

    private static Paragraph Bar(double? value, bool isUnusable)
    {
        var (left, right) = WatchFormat.Bar(value ?? 0, BarHalf);
        return new Paragraph()
            .Append(left, isUnusable ? s_faint : s_sell)
            .Append("│", s_faint)
            .Append(right, isUnusable ? s_faint : s_buy);
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

    private static void AddIf(bool isShown, Table table, string title, bool right = true)
    {
        if (isShown)
        {
            Add(table, title, right);
        }
    }

    private static void Add(Table table, string title, bool right = true) => table.AddColumn(
        new TableColumn(new Text(title, s_faint))
        {
            Alignment = right ? Justify.Right : Justify.Left,
            NoWrap = true,
            Padding = new Padding(0, 0, 1, 0),
        });
}
