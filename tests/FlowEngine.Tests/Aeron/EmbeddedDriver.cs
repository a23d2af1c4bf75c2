using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Core.Time;

namespace FlowEngine.Tests.Aeron;

/// <summary>
/// A driver and clients without threads on a virtual clock, in a directory of their own: every step is the test's.
/// </summary>
internal sealed class EmbeddedDriver : IDisposable
{
    private const int MaxSteps = 300_000;

    private readonly List<AeronClient> _clients = [];
    private int _steps;

    public EmbeddedDriver(Func<MediaDriverContext, MediaDriverContext>? configure = null)
    {
        Directory = NewDirectory();
        var context = new MediaDriverContext
        {
            Directory = Directory,
            IpcTermBufferLength = 64 * 1024,
            CounterBufferLength = 1024 * 1024,
            ErrorBufferLength = 1024 * 1024,
            DeleteDirectoryOnShutdown = true,
            UseInvoker = true,
            Clock = Clock,
            Seed = 7,
        };
        Driver = MediaDriver.Launch(configure?.Invoke(context) ?? context);
    }

    public string Directory { get; }

    public VirtualClock Clock { get; } = new();

    public MediaDriver Driver { get; }

    public List<Exception> ClientErrors { get; } = [];

    public static string NewDirectory()
    {
        var parent = System.IO.Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        return Path.Combine(parent, $"flow-test-{Guid.NewGuid():N}");
    }

    public AeronClient Connect(Func<AeronContext, AeronContext>? configure = null)
    {
        var context = new AeronContext
        {
            Directory = Directory,
            UseInvoker = true,
            DriverAgent = Driver.ConductorAgent,
            Clock = Clock,
            ErrorHandler = ClientErrors.Add,
        };
        var client = AeronClient.Connect(configure?.Invoke(context) ?? context);
        _clients.Add(client);
        return client;
    }

    /// <summary>One duty cycle of the driver and of each client.</summary>
    public void Step()
    {
        if (++_steps > MaxSteps)
        {
            throw new InvalidOperationException("the test makes no progress");
        }

        Driver.ConductorAgent.DoWork(Clock.NanoTime);
        foreach (var client in _clients)
        {
            client.ConductorAgent.DoWork(Clock.NanoTime);
        }
    }

    /// <summary>Lets time pass in small steps.</summary>
    public void Run(TimeSpan time, int stepMs = 100)
    {
        for (var elapsed = 0.0; elapsed < time.TotalMilliseconds; elapsed += stepMs)
        {
            Clock.AdvanceMs(stepMs);
            Step();
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        Driver.Dispose();
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    internal sealed class VirtualClock : IClock
    {
        public long NanoTime { get; private set; } = 1_000_000_000;

        public long EpochNanos => 1_700_000_000_000_000_000 + NanoTime;

        public long EpochMs => EpochNanos / 1_000_000;

        public void AdvanceMs(long ms) => NanoTime += ms * 1_000_000;

        public void AdvanceNs(long ns) => NanoTime += ns;
    }
}
