using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FlowEngine.Cli.Commands;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli;

/// <summary>The whole command line in one call: the process and the tests come in here.</summary>
internal static class FlowEngineCli
{
    private const string Description = """
        FlowEngine listens to market data over Aeron, keeps every order book, and tells execution algorithms tick by
        tick how hard the market is being pushed and what it would cost to trade into it. Market data comes in on one
        Aeron stream (1001), signals leave on another (2001). Start with 'demo': it needs nothing else.
        """;

    /// <summary>What the help shows first.</summary>
    public static IReadOnlyList<string> Examples { get; } =
    [
        "flowengine demo                                  a simulated market, live in this terminal",
        "flowengine replay capture.pcapng --json          a capture through the whole engine, with its digest",
        "flowengine driver & flowengine run & flowengine watch & flowengine feed capture.pcapng",
    ];

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, CommandOutput output, StopSignal stop)
    {
        var parsed = CreateRoot(new FrameServices(output, stop)).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return ReportUsage(parsed, output);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output.Help,
                Error = output.Notices,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception exception)
        {
            return Faults.Report(exception, parsed, output);
        }
    }

    private static RootCommand CreateRoot(FrameServices services)
    {
        var root = new RootCommand(Description.ReplaceLineEndings(" "))
        {
            DemoCommand.Create(services),
            RunCommand.Create(services),
            FeedCommand.Create(services),
            WatchCommand.Create(services),
            ReplayCommand.Create(services),
            DriverCommand.Create(services),
            StatCommand.Create(services),
            AeronCommand.Create(services),
            DumpCommand.Create(services),
            VerifyCommand.Create(services),
            ImportCommand.Create(services),
            BookCommand.Create(services),
            EvaluateCommand.Create(services),
            CostCommand.Create(services),
            ExplainCommand.Create(services),
            ExportCommand.Create(services),
            RecordCommand.Create(services),
        };
        root.Options.OfType<HelpOption>().Single().Action = new HelpWithExamples();
        return root;
    }

    private static int ReportUsage(ParseResult parsed, CommandOutput output)
    {
        if (parsed.Tokens.Count == 0)
        {
            output.Notice("flowengine: no command: try 'flowengine demo', or see 'flowengine --help'");
            return ExitCode.BadUsage;
        }

        return Faults.ReportUsage(UsageFault.Of(parsed), parsed, output);
    }
}
