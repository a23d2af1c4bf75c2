using System.Diagnostics;
using FlowEngine.Aeron.Driver;

namespace FlowEngine.Peers.Messaging;

/// <summary>Aeron's own driver in a directory of its own: one thread for everything, as ours.</summary>
internal sealed class DriverProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it, and waits until it lives.</summary>
    public DriverProcess(string program)
    {
        Directory = NewDirectory();
        ProcessStartInfo start = new(program)
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["AERON_DIR"] = Directory,
                ["AERON_THREADING_MODE"] = "SHARED",
                ["AERON_SHARED_IDLE_STRATEGY"] = "aeron_idle_strategy_backoff",
                ["AERON_DIR_DELETE_ON_START"] = "true",
                ["AERON_DIR_DELETE_ON_SHUTDOWN"] = "true",
            },
        };
        _process = Process.Start(start) ?? throw new ArgumentException($"{program} does not start");
        OurStreams.AwaitConnected(() => MediaDriver.IsActive(Directory));
    }

    /// <summary>Where clients find it.</summary>
    public string Directory { get; }

    /// <summary>A directory for a driver.</summary>
    public static string NewDirectory() => Path.Combine("/dev/shm", $"flow-peers-{Guid.NewGuid():N}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
