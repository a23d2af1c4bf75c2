using FlowEngine.Cli.Frame;
using Xunit;

namespace FlowEngine.Tests.Cli;

public sealed class UsageTests
{
    public static TheoryData<string, string> Wrong() => new()
    {
        { "bogus", "unknown command 'bogus'" },
        { "--bogus", "unknown option '--bogus'" },
        { "watch --bogus", "unknown option '--bogus'" },
        { "watch BTC", "unknown argument 'BTC'" },
        { "watch --top", "--top" },
        { "watch --top none", "--top is 'none': use a whole number from 1 to 100000" },
        { "watch --top 0", "--top is '0': use a whole number from 1 to 100000" },
        { "watch --seconds -1", "--seconds is '-1'" },
        { "watch --seconds NaN", "--seconds is 'NaN'" },
        { "watch --signal-stream 4000000000", "--signal-stream is '4000000000'" },
        { "watch --signal-channel ipc", "channel must start with 'aeron:': ipc" },
        { "watch --signal-channel aeron:tcp", "channel media must be 'ipc' or 'udp'" },
        { "feed x.pcap --feed-channel aeron:udp", "needs parameters" },
        { "feed", "nothing to feed: give capture files, or --sim" },
        { "feed --bogus", "unknown option '--bogus'" },
        { "feed a.pcap --sim", "--sim and a capture ('a.pcap') exclude each other" },
        { "feed a.pcap --seed 3", "--seed is an option of the simulated venue: it needs --sim" },
        { "feed --sim --rate 10 --flat-out", "--speed, --rate and --flat-out exclude each other" },
        { "feed --sim --speed 2 --flat-out", "--speed, --rate and --flat-out exclude each other" },
        { "feed --sim --speed 0", "--speed is '0'" },
        { "feed --sim --leave-out 0", "--leave-out is '0': use a whole number of at least 1" },
        { "feed --sim --instruments 9", "--instruments is '9': use a whole number from 1 to 8" },
        { "driver --ipc-term-length 3m", "use a power of two" },
        { "driver --ipc-term-length 1k", "--ipc-term-length is '1k': use 64k to 1024m" },
        { "driver --ipc-term-length lots", "--ipc-term-length is 'lots'" },
        { "driver --threading invoker", "--threading is 'invoker': use dedicated, shared_network, shared" },
        { "stat --interval 0", "--interval is '0'" },
        { "stat --interval 1 --once", "--interval looks again and again" },
        { "stat --interval 1 --json", "--interval looks again and again" },
        { "stat --channel [", "--channel is '['" },
        { "stat --type (?=x)", "--type is '(?=x)'" },
        { "aeron", "aeron: no command" },
        { "aeron bogus", "aeron: unknown command 'bogus'" },
        { "aeron errors extra", "aeron errors: unknown argument 'extra'" },
        { "aeron ping --idle park", "aeron ping: --idle is 'park': use spin, noop, yield, backoff, sleep" },
        { "aeron ping --length 7", "--length is '7': use a whole number from 8 to 16777216" },
        { "aeron ping --pong there", "--pong is 'there': use here or elsewhere" },
        { "aeron ping --pong-stream 1002", "pings and pongs would be one stream" },
        { "aeron ping --ping-channel udp", "--ping-channel: " },
        { "aeron pong --fragment-limit 0", "--fragment-limit is '0'" },
        { "aeron throughput --side left", "--side is 'left': use both, publisher, subscriber" },
        { "aeron throughput --messages none", "--messages is 'none'" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_command_line_that_makes_no_sense_is_told_in_one_line_and_ends_with_2(string line, string expected)
    {
        using var run = CliRun.ToEnd(out var exitCode, line.Split(' '));

        Assert.Equal(ExitCode.BadUsage, exitCode);
        var told = Assert.Single(run.ErrorLines);
        Assert.StartsWith("flowengine: ", told, StringComparison.Ordinal);
        Assert.Contains(expected, told, StringComparison.Ordinal);
        Assert.EndsWith("--help'", told, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public void Without_a_command_the_user_is_sent_to_the_demo()
    {
        using var run = CliRun.ToEnd(out var exitCode);

        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Contains("'flowengine demo'", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aeron errors")]
    [InlineData("aeron loss")]
    [InlineData("aeron ping")]
    [InlineData("aeron pong")]
    [InlineData("aeron streams")]
    [InlineData("aeron throughput")]
    [InlineData("demo")]
    [InlineData("driver")]
    [InlineData("dump")]
    [InlineData("feed")]
    [InlineData("replay")]
    [InlineData("run")]
    [InlineData("stat")]
    [InlineData("watch")]
    public void The_help_of_each_command_ends_with_examples_that_parse(string command)
    {
        using var run = CliRun.ToEnd(out var exitCode, [.. command.Split(' '), "--help"]);

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Empty(run.Error);
        Assert.Contains("--json", run.Out, StringComparison.Ordinal);
        var examples = run.Out[run.Out.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n')[1..]
            .Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.StartsWith($"flowengine {command}", example, StringComparison.Ordinal));
        Assert.All(examples, example =>
        {
            var words = example.Split(' ')[1..].TakeWhile(word => word is not ("|" or ">>"))
                .Select(word => word.Trim('\'')).Append("--help").ToArray();
            using var tried = CliRun.ToEnd(out var code, words);
            Assert.Equal(ExitCode.Success, code);
        });
    }

    [Fact]
    public void The_help_of_the_whole_names_every_command()
    {
        using var run = CliRun.ToEnd(out var exitCode, "--help");

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.All(
            ["aeron", "demo", "driver", "dump", "feed", "replay", "run", "stat", "watch"],
            command => Assert.Contains($"\n  {command} ", run.Out, StringComparison.Ordinal));
        Assert.Contains("Examples:", run.Out, StringComparison.Ordinal);
    }
}
