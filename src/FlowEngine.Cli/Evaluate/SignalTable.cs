using System.Globalization;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Evaluate;

/// <summary>Every signal of every interval as CSV, for research.</summary>
internal static class SignalTable
{
    /// <summary>Writes one file an instrument.</summary>
    /// <param name="directory">Where to; made if need be.</param>
    /// <param name="name">First part of the files' names.</param>
    /// <param name="run">What was read.</param>
    /// <param name="options">Which signals.</param>
    public static void Write(string directory, string name, EvaluateRun run, EvaluateOptions options)
    {
        if (File.Exists(directory))
        {
            throw UserError.Usage($"--csv is '{directory}', which is a file: name a directory");
        }

        Directory.CreateDirectory(directory);
        foreach (var series in run.Series)
        {
            var symbol = string.Concat(series.Instrument.Symbol.Split(Path.GetInvalidFileNameChars()));
            using var writer = new StreamWriter(Path.Combine(directory, $"{name}.{symbol}.csv"));
            var names = options.Signals.Select(place => SignalChoice.All[place].Name);
            writer.Write($"startNs,midTicks,nextMidTicks,{string.Join(',', names)}\n");
            for (var i = 0; i < series.Rows.Count; i++)
            {
                var row = series.Rows[i];
                var values = options.Signals.Select(place => Text(row[place]));
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{run.Plan!.StartNs(i)},"));
                writer.Write($"{Text(series.Mids[i])},{Text(series.Mids[i + 1])},{string.Join(',', values)}\n");
            }
        }
    }

    // What is not known is an empty cell.
    private static string Text(double value) =>
        double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
