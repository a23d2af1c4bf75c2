using FlowEngine.Aeron.Control;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Stat;
using FlowEngine.Tests.Aeron;
using Xunit;

namespace FlowEngine.Tests.Cli.Aeron;

/// <summary>The viewers on the files of Aeron's own C driver, with a publication and a subscription over UDP.</summary>
public sealed class GoldenDriverFilesTests : IDisposable
{
    private const string Channel = "aeron:udp?endpoint=127.0.0.1:24100|interface=127.0.0.1";
    private readonly TemporaryDirectory _directory = new();

    public GoldenDriverFilesTests() => Golden.Copy("cnc-udp-active.dat.gz", _directory.Path, CncFile.FileName);

    [Fact]
    public void Streams_are_put_together_from_counters_line_by_line()
    {
        using var run = CliRun.ToEnd(out var exitCode, "aeron", "streams", "--dir", _directory.Path);

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(
            [
                $"session 777 stream 4001 {Channel} rcv-hwm:4:96 rcv-pos:4:96 rcv-naks-sent:4:0 sub-pos:2:96",
                $"session 777 stream 4001 {Channel}|session-id=777 pub-pos (exclusive):3:96 pub-lmt:3:32864 "
                    + "snd-pos:3:96 snd-lmt:3:32768 snd-bpe:3:0 snd-naks-received:3:0",
                "2 streams",
                "",
            ],
            run.Out.Split('\n'));
    }

    [Fact]
    public void Streams_as_json_hold_every_position()
    {
        using var run = CliRun.ToEnd(out _, "aeron", "streams", "--dir", _directory.Path, "--json");

        var streams = run.Json.GetProperty("streams");
        Assert.Equal(2, run.Json.GetProperty("count").GetInt32());
        Assert.Equal([4, 6], streams.EnumerateArray().Select(s => s.GetProperty("positions").GetArrayLength()));
        var limit = streams[1].GetProperty("positions")[1];
        Assert.Equal("pub-lmt", limit.GetProperty("name").GetString());
        Assert.Equal(1, limit.GetProperty("typeId").GetInt32());
        Assert.Equal(32864, limit.GetProperty("value").GetInt64());
    }

    [Fact]
    public void Errors_are_shown_whole_with_counts_and_times()
    {
        using var run = CliRun.ToEnd(out var exitCode, "aeron", "errors", "--dir", _directory.Path);

        Assert.Equal(ExitCode.Success, exitCode);
        var lines = run.Out.Split('\n');
        Assert.StartsWith("1 times from 20", lines[0], StringComparison.Ordinal);
        Assert.Equal("  (-1) invalid channel", lines[1]);
        Assert.EndsWith("1 distinct errors\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^0$", null, null, null, null, 46)]
    [InlineData("^0$", "^15$", null, null, null, 1)]
    [InlineData("[1-9]", null, null, null, null, 15)]
    [InlineData(null, "^3$", null, null, null, 6 + 1 + 3 + 2)]
    [InlineData("^4$", null, "777", "^4001$", "24100", 1)]
    [InlineData("^4$", null, "778", null, null, 0)]
    [InlineData("^(4|12)$", null, null, null, "session-id", 1)]
    [InlineData("^[67]$", null, null, null, "session-id=777", 1)]
    [InlineData(null, null, null, "^4002$", null, 61 - 10)]
    public void Filters_ask_counters_only_what_they_have(
        string? type, string? identity, string? session, string? stream, string? channel, int expected)
    {
        var filter = new CounterFilter(
            CounterFilter.Pattern("--type", type),
            CounterFilter.Pattern("--identity", identity),
            CounterFilter.Pattern("--session", session),
            CounterFilter.Pattern("--stream", stream),
            CounterFilter.Pattern("--channel", channel));

        Assert.Equal(expected, DriverStatus.Read(_directory.Path, filter).Counters.Count);
    }

    [Theory]
    [InlineData("errors", "cnc.dat")]
    [InlineData("streams", "cnc.dat")]
    [InlineData("loss", "loss-report.dat")]
    public void Without_a_drivers_files_one_line_says_so(string command, string file)
    {
        using var empty = new TemporaryDirectory();
        using var run = CliRun.ToEnd(out var exitCode, "aeron", command, "--dir", empty.Path);

        Assert.Equal(ExitCode.Failed, exitCode);
        var told = Assert.Single(run.ErrorLines);
        Assert.StartsWith(
            $"flowengine: no files of a media driver in {empty.Path}: {file} is missing", told,
            StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
