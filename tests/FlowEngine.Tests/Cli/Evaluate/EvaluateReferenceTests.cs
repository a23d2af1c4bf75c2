using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Evaluate;

/// <summary>VPIN, Kyle's lambda, Amihud's illiquidity and depth, from the rows in a slow and obvious way.</summary>
public sealed class EvaluateReferenceTests
{
    private const string Amazon = "LOBSTER_SampleFile_AMZN_2012-06-21_1.zip";
    private const double Open = 34_200;
    private const int Seconds = 23_400;

    [Fact]
    public void Vpin_lambda_and_illiquidity_of_a_day_are_those_of_a_slow_reference()
    {
        string path = FeedRoom.Data("lobster", Amazon);
        using var run = CliRun.ToEnd(out var exitCode, "evaluate", path, "--signals", "ofi", "--json");
        Assert.Equal(ExitCode.Success, exitCode);
        JsonElement result = run.Json.GetProperty("files")[0].GetProperty("instruments")[0];
        JsonElement impact = result.GetProperty("impact");
        List<Row> rows = Read(path);
        Row[] trades = [.. rows.Where(row => row.Lots != 0)];

        Assert.Equal(trades.Length, result.GetProperty("trades").GetInt64());
        Assert.Equal(Vpin(trades), impact.GetProperty("vpin").GetDouble(), 12);
        (double lambda, double r2) = Lambda(rows);
        Assert.Equal(lambda, impact.GetProperty("kyleLambda").GetDouble(), 9);
        Assert.Equal(r2, impact.GetProperty("kyleR2").GetDouble(), 9);
        Assert.Equal(Amihud(rows), impact.GetProperty("amihud").GetDouble(), 9);

        // The first row is where the flow begins; only those that change the touch count.
        double depth = rows.Skip(1).Zip(rows)
            .Where(pair => pair.First.Time < Open + 1800 && pair.First.Touch != pair.Second.Touch)
            .Average(pair => pair.First.TouchLots / 2.0);
        Assert.Equal(depth, result.GetProperty("perWindow")[0].GetProperty("depth").GetDouble(), 9);
    }

    // One bucket after the other from a line of single lots.
    private static double Vpin(Row[] trades)
    {
        int[] lots = [.. trades.SelectMany(trade => Enumerable.Repeat(Math.Sign(trade.Lots), Math.Abs(trade.Lots)))];
        int bucket = lots.Length / 50;
        IEnumerable<int[]> whole = lots.Chunk(bucket).Where(chunk => chunk.Length == bucket);
        int[] imbalances = [.. whole.Select(chunk => Math.Abs(chunk.Sum()))];
        return imbalances.TakeLast(50).Sum() / (50.0 * bucket);
    }

    // The recursion's weights written out: the first sample seeds, each later one has a share of 1/360.
    private static (double Lambda, double R2) Lambda(List<Row> rows)
    {
        const double Share = 1.0 / 360;
        double[] mids = MidsAt(rows, 10);
        double[] flow = new double[Seconds / 10];
        foreach (Row row in rows)
        {
            flow[(int)((row.Time - Open) / 10)] += row.Lots;
        }

        // The day begins without a mid, so its first interval only tells where the second begins.
        (double X, double Y)[] samples =
            [.. Enumerable.Range(1, flow.Length - 1).Select(i => (flow[i], mids[i + 1] - mids[i]))];
        double[] weights = [.. samples.Select((_, i) =>
            (i == 0 ? 1 : Share) * Math.Pow(1 - Share, samples.Length - 1 - i))];
        double meanX = samples.Zip(weights, (s, w) => w * s.X).Sum();
        double meanY = samples.Zip(weights, (s, w) => w * s.Y).Sum();
        double xx = samples.Zip(weights, (s, w) => w * (s.X - meanX) * (s.X - meanX)).Sum();
        double yy = samples.Zip(weights, (s, w) => w * (s.Y - meanY) * (s.Y - meanY)).Sum();
        double xy = samples.Zip(weights, (s, w) => w * (s.X - meanX) * (s.Y - meanY)).Sum();
        return (xy / xx, xy * xy / (xx * yy));
    }

    private static double Amihud(List<Row> rows)
    {
        double[] mids = MidsAt(rows, 60);
        double[] notional = new double[Seconds / 60];
        foreach (Row row in rows)
        {
            notional[(int)((row.Time - Open) / 60)] += Math.Abs(row.Lots) * row.Price;
        }

        (double sum, double weight) = (0, 0);
        for (int i = 1; i < notional.Length; i++)
        {
            if (notional[i] > 0)
            {
                sum = (sum * (1 - (1 / 390.0))) + (Math.Abs(mids[i + 1] - mids[i]) / mids[i] / notional[i]);
                weight = (weight * (1 - (1 / 390.0))) + 1;
            }
        }

        return 1e9 * sum / weight;
    }

    // Mid in cents at each boundary; that of the last row before it.
    private static double[] MidsAt(List<Row> rows, int seconds)
    {
        double[] mids = new double[(Seconds / seconds) + 1];
        int next = 0;
        for (int i = 1; i < mids.Length; i++)
        {
            while (next < rows.Count && rows[next].Time < Open + (i * seconds))
            {
                next++;
            }

            mids[i] = rows[next - 1].Mid;
        }

        return mids;
    }

    private static List<Row> Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        string[] messages = Lines(archive, "_message_");
        string[] books = Lines(archive, "_orderbook_");
        return
        [
            .. messages.Zip(books, (message, book) =>
            {
                string[] cells = message.Split(',');
                long[] levels = [.. book.Split(',').Select(cell => long.Parse(cell, CultureInfo.InvariantCulture))];
                bool isTrade = cells[1] is "4" or "5";
                return new Row(
                    double.Parse(cells[0], CultureInfo.InvariantCulture),
                    isTrade ? -int.Parse(cells[5], CultureInfo.InvariantCulture) * int.Parse(cells[3]) : 0,
                    long.Parse(cells[4]) / 10_000.0,
                    (levels[0] + levels[2]) / 200.0,
                    levels[1] + levels[3],
                    (levels[0], levels[1], levels[2], levels[3]));
            }),
        ];
    }

    private static string[] Lines(ZipArchive archive, string part)
    {
        using var reader = new StreamReader(archive.Entries.Single(entry => entry.Name.Contains(part)).Open());
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private readonly record struct Row(
        double Time, int Lots, double Price, double Mid, long TouchLots, (long, long, long, long) Touch);
}
