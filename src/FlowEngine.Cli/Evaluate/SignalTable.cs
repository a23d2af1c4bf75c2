using FlowEngine.Cli.Export;

namespace FlowEngine.Cli.Evaluate;

/// <summary>Every signal of every interval as a table, for research.</summary>
internal static class SignalTable
{
    /// <summary>Writes one file an instrument.</summary>
    /// <param name="directory">Where to.</param>
    /// <param name="isParquet">Parquet, else CSV.</param>
    /// <param name="name">First part of the files' names.</param>
    /// <param name="run">What was read.</param>
    /// <param name="options">Which signals.</param>
    public static void Write(
        string directory, bool isParquet, string name, EvaluateRun run, EvaluateOptions options)
    {
        foreach (var series in run.Series)
        {
            TableColumn[] columns =
            [
                new("startNs", ColumnKind.Whole),
                new("midTicks", ColumnKind.Real),
                new("nextMidTicks", ColumnKind.Real),
                .. options.Signals.Select(place => new TableColumn(SignalChoice.All[place].Name, ColumnKind.Real)),
                new("regime", ColumnKind.Text),
            ];
            using var table = new TableFile(directory, $"{name}.{series.Instrument.Symbol}", isParquet, columns);
            for (var i = 0; i < series.Rows.Count; i++)
            {
                columns[0].Add(run.Plan!.StartNs(i));
                columns[1].Add(series.Mids[i]);
                columns[2].Add(series.Mids[i + 1]);
                for (var j = 0; j < options.Signals.Count; j++)
                {
                    columns[3 + j].Add(series.Rows[i][options.Signals[j]]);
                }

                columns[^1].Add(series.Regimes[i].ToString().ToLowerInvariant());
                table.EndRow();
            }
        }
    }
}
