using System.Globalization;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>
/// When to kill, drawn from a seed that is printed; <c>FLOWENGINE_SEED</c> repeats a run. Five rounds, a hundred with
/// <c>FLOWENGINE_FULL=1</c>.
/// </summary>
internal sealed class KillPlan
{
    private const int Rounds = 5;
    private const int FullRounds = 100;
    private const int MaxDelayMs = 150;

    private readonly Random _random;
    private readonly List<TimeSpan> _noticed = [];

    public KillPlan()
    {
        var text = Environment.GetEnvironmentVariable("FLOWENGINE_SEED");
        Seed = int.TryParse(text, CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();
        _random = new Random(Seed);
        Print($"seed {Seed}: FLOWENGINE_SEED={Seed} kills at the same points again");
    }

    public int Seed { get; }

    public int RoundCount => Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1" ? FullRounds : Rounds;

    /// <summary>How long the victim still lives.</summary>
    public TimeSpan NextDelay() => TimeSpan.FromMicroseconds(_random.Next(MaxDelayMs * 1000));

    public int Next(int limit) => _random.Next(limit);

    /// <summary>Notes how long the survivors took to see it; too long fails.</summary>
    public void Noticed(int round, TimeSpan time)
    {
        _noticed.Add(time);
        Assert.True(time < KillSettings.Limit, $"seed {Seed} round {round}: noticed after {time.TotalSeconds:F2} s");
    }

    /// <summary>Prints how long it took.</summary>
    public void PrintTimes(string what)
    {
        var times = _noticed.Order().ToList();
        Print(
            $"{times.Count} times {what}: noticed after {times[0].TotalSeconds:F2} to {times[^1].TotalSeconds:F2} s, "
            + $"median {times[times.Count / 2].TotalSeconds:F2} s");
    }

    private static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
