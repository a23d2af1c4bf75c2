using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;

namespace FlowEngine.Tests.Cli;

/// <summary>A <c>flowengine driver</c> that runs in this process, in a directory of its own.</summary>
internal sealed class RunningDriver : IDisposable
{
    private static int s_number;

    private readonly CliRun _run;

    public RunningDriver(params string[] options)
    {
        var parent = System.IO.Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        Directory = Path.Combine(
            parent, $"flowengine-cli-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_number)}");
        _run = CliRun.Start(["driver", "--aeron-dir", Directory, "--ipc-term-length", "1m", "--json", .. options]);
        Await.That(() => MediaDriver.IsActive(Directory) || _run.HasEnded, () => _run.Error);
    }

    public string Directory { get; }

    public CliRun Run => _run;

    /// <summary>A client of the test's own.</summary>
    public AeronClient Connect() => AeronClient.Connect(new AeronContext { Directory = Directory });

    public void Dispose() => _run.Dispose();
}
