using System.CommandLine;
using FlowEngine.Peers.Books;

namespace FlowEngine.Peers;

/// <summary>The commands about books of orders.</summary>
internal static class BookCommands
{
    private const int TenMillion = 10_000_000;

    private static readonly int[] s_depths = [50, 1000];

    /// <summary>Runs the contest.</summary>
    public static Command Contest(PeerOptions common)
    {
        Option<string[]> streams = new("--stream")
        {
            Description = "files that 'streams' made",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> peers = new("--peer")
        {
            Description = "NAME=PROGRAM of a book in another language; how it is asked is in README.md",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> orders = new("--orders")
        {
            Description = "orders that our book has room for",
            DefaultValueFactory = _ => 1 << 16,
        };
        Command books = new("books", "our book of orders beside others, from the same ITCH bytes")
        {
            common.Runs, common.Cpus, common.Filter, streams, peers, orders,
        };
        books.SetAction(parsed => common.Run(
            parsed,
            BookContests.All(parsed.GetValue(streams)!, parsed.GetValue(peers) ?? [], parsed.GetValue(orders)),
            "one thread each"));
        return books;
    }

    /// <summary>Runs the contest of price levels.</summary>
    public static Command Levels(PeerOptions common)
    {
        Option<string[]> streams = new("--stream")
        {
            Description = "files that 'streams' made",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> peers = new("--peer")
        {
            Description = "NAME=PROGRAM of a book in another language; how it is asked is in README.md",
            AllowMultipleArgumentsPerToken = true,
        };
        Command levels = new("levels", "our book of price levels beside others, from the same changes")
        {
            common.Runs, common.Cpus, common.Filter, streams, peers,
        };
        levels.SetAction(parsed => common.Run(
            parsed, LevelContests.All(parsed.GetValue(streams)!, parsed.GetValue(peers) ?? []), "one thread each"));
        return levels;
    }

    /// <summary>Makes the streams.</summary>
    public static Command Streams()
    {
        Option<DirectoryInfo> into = new("--out") { Description = "folder for the stream files", Required = true };
        Option<string[]> recordings = new("--recorded")
        {
            Description = "order-by-order recordings of one instrument, in order of time",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> levels = new("--levels")
        {
            Description = "recordings of price levels, for 'levels': the busiest instrument of each is taken",
            AllowMultipleArgumentsPerToken = true,
        };
        Command make = new("streams", "makes the streams of 'books' and 'levels'") { into, recordings, levels };
        make.SetAction(parsed =>
        {
            string InFolder(string name) => Path.Combine(parsed.GetValue(into)!.FullName, name);
            foreach (var levels in s_depths)
            {
                var messages = StreamFiles.Synthetic(InFolder($"depth{levels}.itch"), levels, TenMillion);
                Console.WriteLine($"depth{levels}.itch: {messages:N0} messages");
            }

            foreach (var file in parsed.GetValue(levels) ?? [])
            {
                var path = InFolder(Path.GetFileName(file).Split('.')[0] + ".levels");
                Console.WriteLine($"{Path.GetFileName(path)}: {LevelStream.Make(path, file)}");
            }

            if (parsed.GetValue(recordings) is { Length: > 0 } files)
            {
                var messages = StreamFiles.Recorded(InFolder("recorded.itch"), files);
                Console.WriteLine($"recorded.itch: {messages:N0} messages");
            }
        });
        return make;
    }
}
