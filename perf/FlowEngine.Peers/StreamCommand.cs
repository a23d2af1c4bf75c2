using System.CommandLine;
using FlowEngine.Aeron.Driver;
using FlowEngine.Peers.Messaging;

namespace FlowEngine.Peers;

/// <summary>The command about Aeron streams.</summary>
internal static class StreamCommand
{
    /// <summary>Runs the contest.</summary>
    public static Command Make(PeerOptions common)
    {
        Option<FileInfo?> driver = new("--aeronmd")
        {
            Description = "Aeron's own media driver; without it everybody runs on ours",
        };
        Option<FileInfo?> native = new("--native")
        {
            Description = "a program on Aeron's C client; how it is asked is in README.md",
        };
        Command command = new("aeron", "our client and driver beside Aeron.NET and the C client on the C driver")
        {
            common.Runs, common.Cpus, common.Filter, driver, native,
        };
        command.SetAction(parsed => Run(common, parsed, parsed.GetValue(driver), parsed.GetValue(native)));
        return command;
    }

    private static int Run(PeerOptions common, ParseResult parsed, FileInfo? program, FileInfo? native)
    {
        using var ours = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = DriverProcess.NewDirectory(),
            DeleteDirectoryOnShutdown = true,
        });
        using var theirs = program is null ? null : new DriverProcess(program.FullName);
        var (directory, name) = theirs is null ? (ours.Directory, "our driver") : (theirs.Directory, "C driver");
        List<(string Name, IStreamPeer Peer)> peers = [("FlowEngine, our driver", new OurStreams(ours.Directory))];
        if (theirs is not null)
        {
            peers.Add(("FlowEngine, C driver", new OurStreams(directory)));
        }

        peers.Add(($"Aeron.NET 1.51.0, {name}", new AeronNetStreams(directory)));
        if (native is not null)
        {
            peers.Add(($"C client, {name}", new NativeStreams(native.FullName, directory)));
        }

        var result = common.Run(parsed, StreamContests.All(peers), "drivers: one thread each, backing off when idle");
        peers.ForEach(p => p.Peer.Dispose());
        return result;
    }
}
