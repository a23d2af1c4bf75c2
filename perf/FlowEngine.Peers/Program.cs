using System.CommandLine;
using FlowEngine.Peers;
using FlowEngine.Peers.Ring;
using FlowEngine.Peers.Sbe;

Option<int> runs = new("--runs")
{
    Description = "measured rounds of each contest",
    DefaultValueFactory = _ => 11,
};
Option<int[]> cpus = new("--cpus")
{
    Description = "processors that threads are bound to, in turn; none: not bound",
    DefaultValueFactory = _ => [0, 1],
    AllowMultipleArgumentsPerToken = true,
};
Option<string> filter = new("--filter")
{
    Description = "only contests whose name contains this",
    DefaultValueFactory = _ => "",
};
Option<string> wait = new("--wait")
{
    Description = "how consumers wait: yielding or busyspin",
    DefaultValueFactory = _ => "yielding",
};
wait.AcceptOnlyFromAmong("yielding", "busyspin");

Command ring = new("ring", "our ring beside Disruptor-net") { runs, cpus, filter, wait };
ring.SetAction(parsed => Run(parsed, RingContests.All(parsed.GetValue(wait)!), $"wait {parsed.GetValue(wait)}"));
Command sbe = new("sbe", "our generated code beside the official tool's and code by hand") { runs, cpus, filter };
sbe.SetAction(parsed => Run(parsed, SbeContests.All(), "one thread"));
return new RootCommand("FlowEngine beside its peers, in turns in one process; see README.md") { ring, sbe }
    .Parse(args).Invoke();

int Run(ParseResult parsed, IEnumerable<Contest> contests, string settings)
{
    var processors = parsed.GetValue(cpus)!;
    CpuAffinity.Use(processors);
    CpuAffinity.Pin(0);
    var rounds = parsed.GetValue(runs);
    Console.WriteLine(
        $"{Machine.Describe()}; {settings}, {rounds} rounds in turns, processors {string.Join(',', processors)}");
    Console.WriteLine();
    Console.WriteLine("| contest | who | median | min-max | unit | ours is better by |");
    Console.WriteLine("|---|---|---|---|---|---|");
    foreach (var contest in contests)
    {
        if (!contest.Name.Contains(parsed.GetValue(filter)!, StringComparison.OrdinalIgnoreCase))
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
static void Report(string text)
{
    if (!Console.IsErrorRedirected)
    {
        Console.Error.Write($"\r{text,-70}\r");
    }
}
