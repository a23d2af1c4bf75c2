using FlowEngine.Cli.Frame;
using Spectre.Console;

namespace FlowEngine.Cli.Watch;

/// <summary>Shows views: as a table that is drawn over, or as lines one below the other.</summary>
internal sealed class WatchDisplay
{
    private static readonly TimeSpan s_tableInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lineInterval = TimeSpan.FromSeconds(1);

    private readonly CommandOutput _output;
    private readonly bool _isTable;
    private readonly int? _top;

    /// <summary>A display: a table where the output is a terminal, lines elsewhere.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="plain">Lines even where a table could be drawn.</param>
    /// <param name="top">Most instruments to show; null for what fits.</param>
    public WatchDisplay(CommandOutput output, bool plain, int? top)
    {
        _output = output;
        _isTable = output.TablesAreLive && !plain;
        _top = top;
    }

    /// <summary>
    /// Calls <paramref name="body"/> with what it needs: how often to show a view, and a way to take and show one.
    /// </summary>
    public void Run(Action<TimeSpan, Action<Func<int, WatchView>>> body)
    {
        if (!_isTable)
        {
            body(s_lineInterval, ShowLines);
            return;
        }

        var console = _output.CreateConsole();
        console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Start(live => body(s_tableInterval, take =>
        {
            var rows = Math.Max(1, console.Profile.Height - WatchTable.LinesAround);
            live.UpdateTarget(WatchTable.Render(take(Math.Min(_top ?? rows, rows)), console.Profile.Width));
        }));
    }

    private void ShowLines(Func<int, WatchView> take)
    {
        foreach (var line in PlainLines.Of(take(_top ?? int.MaxValue)))
        {
            _output.Tables.WriteLine(line);
        }

        _output.Tables.Flush();
    }
}
