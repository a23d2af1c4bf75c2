using System.Globalization;
using FlowEngine.Cli.Watch;
using FlowEngine.Core.Counters;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowEngine.Cli.Stat;

/// <summary>Draws a <see cref="DriverStatus"/>; a pure function of it and of the look before.</summary>
internal static class StatTable
{
    private const long StaleHeartbeatMs = 3_000;

    private static readonly Style s_alarm = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style s_bold = new(decoration: Decoration.Bold);
    private static readonly Style s_faint = new(decoration: Decoration.Dim);

    /// <summary>Draws the table.</summary>
    /// <param name="status">What to draw.</param>
    /// <param name="previous">The look before, for rates; null for the first.</param>
    /// <param name="seconds">Time between the two looks.</param>
    /// <param name="maxRows">Most counters to draw.</param>
    public static IRenderable Render(DriverStatus status, DriverStatus? previous, double seconds, int maxRows)
    {
        var parts = new List<IRenderable> { Header(status) };
        parts.AddRange(status.Errors.Select(error => new Text(ErrorText(error), s_alarm)));
        parts.Add(Counters(status, previous, seconds, maxRows));
        if (status.Counters.Count > maxRows)
        {
            parts.Add(new Text($"and {status.Counters.Count - maxRows} more: --once or --json show all", s_faint));
        }

        return new Rows(parts);
    }

    private static Text Header(DriverStatus status)
    {
        var heartbeat = status.HeartbeatAgeMs switch
        {
            null => "stopped",
            > StaleHeartbeatMs => $"no heartbeat for {status.HeartbeatAgeMs / 1000} s",
            _ => $"heartbeat {status.HeartbeatAgeMs} ms ago",
        };
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"media driver in {status.Directory}   pid {status.Pid}   since {status.Started:yyyy-MM-dd HH:mm:ss}Z");
        return new Text(
            $"{text}   {heartbeat}   errors {status.Errors.Sum(error => (long)error.Count)}",
            status.HeartbeatAgeMs is null or > StaleHeartbeatMs ? s_alarm : s_bold);
    }

    private static string ErrorText(LoggedError error)
    {
        var firstLine = error.Text.AsSpan().Trim();
        var end = firstLine.IndexOfAny('\r', '\n');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"error, {error.Count} times, last {error.Last:HH:mm:ss}Z: {(end < 0 ? firstLine : firstLine[..end])}");
    }

    private static Table Counters(DriverStatus status, DriverStatus? previous, double seconds, int maxRows)
    {
        var before = previous?.Counters.ToDictionary(counter => (counter.Id, counter.RegistrationId, counter.Label));
        var table = new Table().Border(TableBorder.Simple).BorderStyle(s_faint);
        Add(table, "Id", Justify.Right);
        Add(table, "Value", Justify.Right);
        if (before is not null)
        {
            Add(table, "per second", Justify.Right);
        }

        Add(table, "Counter", Justify.Left);
        foreach (var counter in status.Counters.Take(maxRows))
        {
            table.AddRow(Cells(counter, before, seconds));
        }

        return table;
    }

    private static IEnumerable<IRenderable> Cells(
        CounterEntry counter, Dictionary<(int, long, string), CounterEntry>? before, double seconds)
    {
        yield return new Text(counter.Id.ToString(CultureInfo.InvariantCulture), s_faint);
        yield return new Text(WatchFormat.Count(counter.Value));
        if (before is not null)
        {
            var isKnown = before.TryGetValue((counter.Id, counter.RegistrationId, counter.Label), out var earlier);
            var change = isKnown ? counter.Value - earlier.Value : 0;
            yield return new Text(change == 0 || seconds <= 0 ? "" : WatchFormat.Count(change / seconds));
        }

        yield return new Text(counter.Label);
    }

    private static void Add(Table table, string title, Justify alignment) => table.AddColumn(
        new TableColumn(new Text(title, s_faint))
        {
            Alignment = alignment,
            NoWrap = true,
            Padding = new Padding(0, 0, 2, 0),
        });
}
