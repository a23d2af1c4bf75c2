using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Simulation;

namespace FlowEngine.Cli.Feed;

/// <summary>The simulated venue's options: the same names and defaults wherever it is used.</summary>
internal sealed class SimulatorOptionSet
{
    private static readonly SimulatorOptions s_defaults = new();

    private readonly Option<long?> _seed = CliOption.OptionalWhole(
        "--seed",
        $"Simulated venue: seed; equal seeds give equal packets [default: {s_defaults.Seed}]",
        0,
        long.MaxValue);

    private readonly Option<long?> _instruments = CliOption.OptionalWhole(
        "--instruments",
        $"Simulated venue: instruments [default: {s_defaults.Instruments}]",
        1,
        SimulatorOptions.MaxInstruments);

    private readonly Option<double?> _eventsPerSecond = CliOption.OptionalNumber(
        "--events-per-second",
        "N",
        $"Simulated venue: book and trade packets a second on average [default: {s_defaults.EventsPerSecond:0}]",
        1,
        1e8);

    private readonly Option<double?> _seconds = CliOption.OptionalNumber(
        "--seconds", "S", "Simulated venue: close after S seconds [default: on Ctrl-C]", 0.001, 1e9);

    private IEnumerable<Option> All => [_seed, _instruments, _eventsPerSecond, _seconds];

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The first option that was given, or null.</summary>
    public string? FirstGiven(ParseResult parsed) =>
        All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What the user gave.</summary>
    public SimulatorOptions Read(ParseResult parsed) => s_defaults with
    {
        Seed = (ulong?)parsed.GetValue(_seed) ?? s_defaults.Seed,
        Instruments = (int?)parsed.GetValue(_instruments) ?? s_defaults.Instruments,
        EventsPerSecond = parsed.GetValue(_eventsPerSecond) ?? s_defaults.EventsPerSecond,
        Duration = parsed.GetValue(_seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero,
    };
}
