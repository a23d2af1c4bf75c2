using FlowEngine.Cli.Frame;
using Xunit;

namespace FlowEngine.Tests.Cli;

public sealed class NoDriverTests
{
    [Theory]
    [InlineData("stat")]
    [InlineData("watch")]
    [InlineData("feed", "--sim")]
    public void Without_a_media_driver_one_line_says_where_it_was_looked_for_and_what_to_do(params string[] command)
    {
        using var directory = new TemporaryDirectory();
        using var run = CliRun.ToEnd(out var exitCode, [.. command, "--aeron-dir", directory.Path]);

        Assert.Equal(ExitCode.Failed, exitCode);
        var told = Assert.Single(run.ErrorLines);
        Assert.StartsWith(
            $"flowengine: no media driver is running in {directory.Path}: ", told, StringComparison.Ordinal);
        Assert.Contains("flowengine driver", told, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public void A_command_file_of_another_version_is_told_at_once()
    {
        using var directory = new TemporaryDirectory();
        var bytes = new byte[4096];
        bytes[2] = 77;
        File.WriteAllBytes(directory.File("cnc.dat"), bytes);

        using var run = CliRun.ToEnd(out var exitCode, "stat", "--aeron-dir", directory.Path);

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("another version of Aeron", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
