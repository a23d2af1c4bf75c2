using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Core.Time;

namespace FlowEngine.Testing;

/// <summary>
/// A media driver and a client on the calling thread, in a directory of their own that is removed at the end.
/// </summary>
public sealed class SteppedAeron : IDisposable
{
    private readonly MediaDriver _driver;

    /// <summary>Starts both.</summary>
    public SteppedAeron()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"flowengine-test-{Path.GetRandomFileName()}");
        _driver = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = directory,
            UseInvoker = true,
            CounterBufferLength = 1024 * 1024,
            DeleteDirectoryOnShutdown = true,
        });
        Client = AeronClient.Connect(new AeronContext
        {
            Directory = directory,
            UseInvoker = true,
            DriverAgent = _driver.ConductorAgent,
        });
    }

    /// <summary>The client.</summary>
    public AeronClient Client { get; }

    /// <summary>One duty cycle of driver and client.</summary>
    /// <returns>How much was done.</returns>
    public int Step()
    {
        var now = SystemClock.Nanos();
        return _driver.ConductorAgent.DoWork(now) + Client.ConductorAgent.DoWork(now);
    }

    /// <summary>Steps until the condition holds, ten thousand times at most.</summary>
    public void StepUntil(Func<bool> condition)
    {
        const int Limit = 10_000;
        for (var i = 0; !condition(); i++)
        {
            if (i == Limit)
            {
                throw new TimeoutException($"the condition did not hold after {Limit} duty cycles");
            }

            Step();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _driver.Dispose();
    }
}
