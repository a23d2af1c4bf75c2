using System.CommandLine;
using FlowEngine.Peers;
using FlowEngine.Peers.Ring;
using FlowEngine.Peers.Sbe;

PeerOptions common = new();
Option<string> wait = new("--wait")
{
    Description = "how consumers wait: yielding or busyspin",
    DefaultValueFactory = _ => "yielding",
};
wait.AcceptOnlyFromAmong("yielding", "busyspin");

Command ring = new("ring", "our ring beside Disruptor-net") { common.Runs, common.Cpus, common.Filter, wait };
ring.SetAction(parsed =>
    common.Run(parsed, RingContests.All(parsed.GetValue(wait)!), $"wait {parsed.GetValue(wait)}"));
Command sbe = new("sbe", "our generated code beside the official tool's and code by hand")
{
    common.Runs, common.Cpus, common.Filter,
};
sbe.SetAction(parsed => common.Run(parsed, SbeContests.All(), "one thread"));
return new RootCommand("FlowEngine beside its peers, in turns; see README.md")
{
    ring, sbe, BookCommands.Contest(common), BookCommands.Levels(common), BookCommands.Streams(),
    StreamCommand.Make(common),
}.Parse(args).Invoke();
