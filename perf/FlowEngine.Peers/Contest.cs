namespace FlowEngine.Peers;

/// <summary>Implementations of the same work, measured in turns: A, B, C, A, B, C, ..</summary>
/// <param name="Name">What is done.</param>
/// <param name="Unit">Of a sample, for instance ns or million/s.</param>
/// <param name="HigherIsBetter">Throughput rather than time.</param>
/// <param name="Contestants">Ours first; ratios are to it.</param>
internal sealed record Contest(string Name, string Unit, bool HigherIsBetter, IReadOnlyList<Contestant> Contestants)
{
    /// <summary>Measures everybody once per round, after two rounds that do not count.</summary>
    public ContestResult Run(int rounds, Action<int> onRound)
    {
        const int WarmUps = 2;
        var samples = new double[Contestants.Count][];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = new double[rounds];
        }

        for (var round = -WarmUps; round < rounds; round++)
        {
            onRound(round);
            for (var i = 0; i < samples.Length; i++)
            {
                // Who goes first changes from round to round, so that nobody always follows the same neighbour.
                var who = (i + Math.Max(round, 0)) % samples.Length;
                var sample = Contestants[who].Sample();
                if (round >= 0)
                {
                    samples[who][round] = sample;
                }
            }
        }

        foreach (var values in samples)
        {
            Array.Sort(values);
        }

        return new ContestResult(this, samples);
    }
}
