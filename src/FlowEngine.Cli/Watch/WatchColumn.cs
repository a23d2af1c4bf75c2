using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowEngine.Cli.Watch;

/// <summary>One column of the table: what it says of an instrument, in which style, and how much it matters.</summary>
/// <param name="Title">Stands above it.</param>
/// <param name="Rank">1 is dropped last when the terminal is narrow.</param>
/// <param name="Text">The cell's text.</param>
/// <param name="Style">The cell's style.</param>
internal sealed record WatchColumn(string Title, int Rank, Func<WatchRow, string> Text, Func<WatchRow, Style> Style)
{
    /// <summary>Spaces between two columns.</summary>
    public const int Gap = 2;

    /// <summary>Whether texts begin at the left; numbers end at the right.</summary>
    public bool IsLeft { get; init; }

    /// <summary>Whether it is shown only where the engine's set has a score.</summary>
    public bool IsOfScore { get; init; }

    /// <summary>
    /// Draws cells of more than one style; null where <see cref="Text"/> and <see cref="Style"/> say it all.
    /// </summary>
    public Func<WatchRow, IRenderable>? Drawing { get; init; }

    /// <summary>Characters that the column takes, gap included.</summary>
    public int WidthOf(IReadOnlyList<WatchRow> rows) =>
        rows.Select(row => Text(row).Length).Append(Title.Length).Max() + Gap;

    /// <summary>Draws a cell; one that has no room is cut, never wrapped.</summary>
    public IRenderable Draw(WatchRow row) =>
        Drawing?.Invoke(row) ?? new Text(Text(row), Style(row)) { Overflow = Overflow.Ellipsis };

    /// <summary>The columns that fit: the least important are dropped until they do.</summary>
    public static IReadOnlyList<WatchColumn> Fitting(
        IReadOnlyList<WatchColumn> columns, IReadOnlyList<WatchRow> rows, int width)
    {
        var kept = columns.ToList();
        while (kept.Count > 1 && kept.Sum(column => column.WidthOf(rows)) > width)
        {
            kept.Remove(kept.MaxBy(column => column.Rank)!);
        }

        return kept;
    }
}
