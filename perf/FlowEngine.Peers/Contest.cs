using System.Diagnostics;

namespace FlowEngine.Peers;

/// <summary>Implementations of the same work, measured in turns: A, B, C, A, B, C, ..</summary>
/// <param name="Name">What is done.</param>
/// <param name="Unit">Of a sample, for instance ns or million/s.</param>
/// <param name="HigherIsBetter">Throughput rather than time.</param>
/// <param name="Contestants">Ours first; ratios are to it.</param>
internal sealed record Contest(string Name, string Unit, bool HigherIsBetter, IReadOnlyList<Contestant> Contestants)
{
    /// <summary>Measures everybody once per round, after a second for each that does not count.</summary>
    public ContestResult Run(int rounds, Action<int> onRound)
    {
        var samples = new double[Contestants.Count][];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = new double[rounds];
        }

        foreach (var contestant in Contestants)
        {
            WarmUp(contestant);
        }

        for (var round = 0; round < rounds; round++)
        {
            onRound(round);
            for (var i = 0; i < samples.Length; i++)
            {
                // Who goes first changes from round to round, so that nobody always follows the same neighbour.
                var who = (i + round) % samples.Length;
                samples[who][round] = Contestants[who].Sample();
            }
        }

        foreach (var values in samples)
        {
            Array.Sort(values);
        }

        return new ContestResult(this, samples);
    }

    // The JIT compiles its best version on a thread of its own, which needs a processor: the pauses are for it.
    private static void WarmUp(Contestant contestant)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 3 || Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1); i++)
        {
            contestant.Sample();
            Thread.Sleep(20);
        }
    }
}
