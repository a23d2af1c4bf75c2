using System.Text.Json;
using FlowEngine.Cli.Frame;
using FlowEngine.Tests.Feeds;
using Xunit;

namespace FlowEngine.Tests.Cli.Book;

public sealed class BookTests
{
    [Fact]
    public void A_book_as_of_a_time_is_the_row_of_the_file_at_that_time()
    {
        // Row 5 of the file is of 34200.025579546 s, row 6 of 34200.025613151 s.
        using var run = CliRun.ToEnd(
            out var exitCode, "book", FeedRoom.Data("lobster", "AAPL_10_first_rows.zip"), "--at",
            "2012-06-21T13:30:00.0255800Z", "--levels", "2", "--json");

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(("AAPL", "Live"), (run.Json.GetProperty("symbol").GetString(), State(run.Json)));
        Assert.Equal([(585.91m, 18m), (585.92m, 18m)], Levels(run.Json, "asks"));
        Assert.Equal([(585.33m, 18m), (585.32m, 18m)], Levels(run.Json, "bids"));
    }

    [Fact]
    public void Without_a_moment_the_book_is_that_of_the_end()
    {
        using var run = CliRun.ToEnd(
            out _, "book", FeedRoom.Data("lobster", "AAPL_10_first_rows.zip"), "--json", "--levels", "10");
        Assert.Equal(10, Levels(run.Json, "asks").Length);
        Assert.True(Levels(run.Json, "bids")[0].Price < Levels(run.Json, "asks")[0].Price);
    }

    [Fact]
    public void An_instrument_that_is_not_there_is_told_with_those_that_are()
    {
        using var run = CliRun.ToEnd(
            out var exitCode, "book", FeedRoom.Data("lobster", "AAPL_10_first_rows.zip"), "--symbol", "NONE");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("it has AAPL", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_and_a_sequence_exclude_each_other()
    {
        using var run = CliRun.ToEnd(out var exitCode, "book", "x", "--at", "1", "--seq", "2");
        Assert.Equal(ExitCode.BadUsage, exitCode);
    }

    private static string? State(JsonElement book) => book.GetProperty("state").GetString();

    private static (decimal Price, decimal Size)[] Levels(JsonElement book, string side) =>
    [
        .. book.GetProperty(side).EnumerateArray()
            .Select(level => (level.GetProperty("price").GetDecimal(), level.GetProperty("size").GetDecimal())),
    ];
}
