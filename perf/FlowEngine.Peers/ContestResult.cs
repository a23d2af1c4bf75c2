using System.Globalization;

namespace FlowEngine.Peers;

/// <summary>The sorted samples of each contestant.</summary>
internal sealed record ContestResult(Contest Contest, double[][] Samples)
{
    /// <summary>Rows of a Markdown table: median, range, and how much better ours is than each.</summary>
    public IEnumerable<string> Rows()
    {
        var ours = Median(Samples[0]);
        for (var i = 0; i < Samples.Length; i++)
        {
            var median = Median(Samples[i]);
            var ratio = Contest.HigherIsBetter ? ours / median : median / ours;
            var versus = i == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}");
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {Contest.Name} | {Contest.Contestants[i].Name} | {median:0.0} "
                + $"| {Samples[i][0]:0.0}-{Samples[i][^1]:0.0} | {Contest.Unit} | {versus} |");
        }
    }

    private static double Median(double[] sorted) => sorted.Length % 2 == 1
        ? sorted[sorted.Length / 2]
        : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
