using System.CommandLine;

namespace FlowEngine.Peers;

/// <summary>What all contests take, and how they are run and printed.</summary>
internal sealed class PeerOptions
{
    /// <summary>Rounds.</summary>
    public Option<int> Runs { get; } = new("--runs")
    {
        Description = "measured rounds of each contest",
        DefaultValueFactory = _ => 11,
    };

    /// <summary>Processors.</summary>
    public Option<int[]> Cpus { get; } = new("--cpus")
    {
        Description = "processors that threads are bound to, in turn; none: not bound",
        DefaultValueFactory = _ => [0, 1],
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Part of a name.</summary>
    public Option<string> Filter { get; } = new("--filter")
    {
        Description = "only contests whose name contains this",
        DefaultValueFactory = _ => "",
    };

    /// <summary>Runs contests and prints their table.</summary>
    public int Run(ParseResult parsed, IEnumerable<Contest> contests, string settings)
    {
        var (processors, rounds) = (parsed.GetValue(Cpus)!, parsed.GetValue(Runs));
        CpuAffinity.Use(processors);
        CpuAffinity.Pin(0);
        Console.WriteLine(
            $"{Machine.Describe()}; {settings}, {rounds} rounds in turns, processors {string.Join(',', processors)}");
        Console.WriteLine();
        Console.WriteLine("| contest | who | median | min-max | unit | ours is better by |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var contest in contests)
        {
            if (!contest.Name.Contains(parsed.GetValue(Filter)!, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var result = contest.Run(rounds, round => Report($"{contest.Name}: round {round}"));
            Report("");
            foreach (var row in result.Rows())
            {
                Console.WriteLine(row);
            }
        }

        return 0;
    }

    // Progress for somebody who watches; nothing where the output is kept.
    private static void Report(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{text,-70}\r");
        }
    }
}
