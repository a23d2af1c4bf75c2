using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Cost;

public sealed class LiveCostTests
{
    [Fact]
    public void A_running_engine_answers_as_its_capture_does()
    {
        string path = FeedRoom.Data("deribit_sbe", "pcaps", "sample_capture_v1_6.pcapng");
        string[] order = ["--symbol", "BTC-PERPETUAL", "--side", "buy", "--size", "20", "--json"];
        using var driver = new RunningDriver();
        using var engine = CliRun.Start(
            "run", "--aeron-dir", driver.Directory, "--idle", "backoff", "--request-stream", "3003",
            "--answer-stream", "3004");
        Await.That(
            () => engine.Error.Contains("questions on stream 3003", StringComparison.Ordinal) || engine.HasEnded,
            () => engine.Error);
        using var feed = CliRun.ToEnd(out int fed, "feed", path, "--flat-out", "--aeron-dir", driver.Directory);
        Assert.True(fed == ExitCode.Success, feed.Error);

        string[] streams =
            ["--aeron-dir", driver.Directory, "--request-stream", "3003", "--answer-stream", "3004"];
        using var live = CliRun.ToEnd(out int asked, ["cost", "--live", .. streams, .. order]);
        Assert.True(asked == ExitCode.Success, live.Error);
        Assert.Equal(ExitCode.Success, engine.Stop());

        // What time alone changes is left out: the engine's clock went on after the feed ended.
        using var file = CliRun.ToEnd(out _, ["cost", path, .. order]);
        foreach (string name in (string[])["symbol", "sequence", "timeNs", "parameterHash", "mid", "sweep", "size"])
        {
            Assert.Equal(file.Json.GetProperty(name).GetRawText(), live.Json.GetProperty(name).GetRawText());
        }
    }

    [Fact]
    public void Without_an_engine_it_says_so()
    {
        using var driver = new RunningDriver();
        using var live = CliRun.ToEnd(
            out int exitCode, "cost", "--live", "--aeron-dir", driver.Directory, "--size", "5");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(
            "is 'flowengine run' running", Assert.Single(live.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--live asks for now", "cost", "x", "--live", "--size", "5")]
    [InlineData("--live asks for now", "cost", "--live", "--size", "5", "--seq", "3")]
    [InlineData("no file", "cost", "--size", "5")]
    [InlineData("exclude each other", "cost", "x", "--size", "5", "--seq", "3", "--at", "4")]
    public void A_bad_request_is_one_line(string said, params string[] args)
    {
        using var run = CliRun.ToEnd(out int exitCode, args);
        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Contains(said, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
