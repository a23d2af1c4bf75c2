using System.CommandLine;
using FlowEngine.Cli.Dump;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Framing;

namespace FlowEngine.Cli.Commands;

/// <summary><c>dump</c>: the SBE messages in any capture or file, in words.</summary>
internal static class DumpCommand
{
    private const string Description =
        "Print every SBE message in captures (pcap or pcapng, plain or gzipped; UDP and TCP) or in files of messages, "
        + "decoded with the schema's XML: as captured, both lines of a feed, in file order. How a venue frames its "
        + "messages is told from the content. What is damaged is named on stderr with its place, and the dump goes on "
        + "behind it; the exit code is then 1.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var schema = CliOption.Text("--schema", "XML", "The SBE schema the messages were written with; always needed");
        var framing = CliOption.Text("--framing", "NAME", FramingHelp());
        framing.Validators.Add(result =>
        {
            var name = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (!Framings.TryParse(name, out _))
                result.AddError($"--framing is '{name}': use one of {Names()}");
        });
        var files = CliOption.Files("FILE", "Captures or files of messages", ArgumentArity.ZeroOrMore);
        var command = new CliCommand(
            "dump",
            Description,
            "",
            "flowengine dump --schema Cme.Futures.Mdp3.Sbe.v1.8.xml capture.pcap",
            "flowengine dump --schema deribit-multicast.xml capture.pcapng --json | jq .body",
            "flowengine dump --schema spot_stream.xml --framing bare messages.bin")
        {
            JsonDescription = "Print each message as one JSON object on a line of its own, and nothing else, on stdout",
        };
        command.Arguments.Add(files);
        command.Options.Add(schema);
        command.Options.Add(framing);
        return command.Runs(services, context =>
        {
            var paths = context.Get(files);
            if (context.Get(schema) is not { } schemaPath)
                throw UserError.Usage("which schema? give its XML file with --schema");
            if (paths.Length == 0)
                throw UserError.Usage("nothing to dump: give captures, or files of messages");
            FramingKind? forced = context.Get(framing) is { } name && Framings.TryParse(name, out var kind)
                ? kind : null;
            using var run = new DumpRun(context, DumpSchema.Load(schemaPath), forced);
            var isGood = true;
            foreach (var path in paths)
                isGood &= context.Stop.IsRequested || run.Print(path);
            if (context.Stop.IsRequested)
                throw new UserError("dump stopped before the end");
            return isGood ? ExitCode.Success : ExitCode.Failed;
        });
    }

    private static string Names() => string.Join(", ", Framings.All.Select(Framings.NameOf));

    // One framing a line, in columns.
    private static string FramingHelp()
    {
        var width = Framings.All.Max(kind => Framings.NameOf(kind).Length);
        var lines = Framings.All.Select(
            kind => $"{Framings.NameOf(kind).PadRight(width)}  {Framings.DescriptionOf(kind)}");
        return $"How messages lie in a packet or file, where the content does not tell:\n{string.Join('\n', lines)}";
    }
}
