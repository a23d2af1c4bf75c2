using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Core.Counters;
using FlowEngine.Tests.Aeron.Media;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>
/// Several drivers and their clients without threads, on one virtual clock and one network in memory: a run is the same
/// each time.
/// </summary>
internal sealed class NetworkHouse : IDisposable
{
    private readonly List<Node> _nodes = [];
    private int _steps;

    public NetworkHouse(int seed = 1) => Network = new SimulatedNetwork(Clock, seed);

    public EmbeddedDriver.VirtualClock Clock { get; } = new();

    public SimulatedNetwork Network { get; }

    /// <summary>Steps after which a test is taken to be stuck.</summary>
    public int MaxSteps { get; set; } = 3_000_000;

    /// <summary>Time that passes in a step.</summary>
    public long StepNs { get; set; } = 20_000;

    /// <summary>A machine: a driver and one client.</summary>
    public Node Add(Func<MediaDriverContext, MediaDriverContext>? configure = null)
    {
        var context = new MediaDriverContext
        {
            Directory = EmbeddedDriver.NewDirectory(),
            IpcTermBufferLength = 64 * 1024,
            TermBufferLength = 64 * 1024,
            CounterBufferLength = 1024 * 1024,
            ErrorBufferLength = 1024 * 1024,
            DeleteDirectoryOnShutdown = true,
            UseInvoker = true,
            Clock = Clock,
            Seed = 7 + _nodes.Count,
            Network = Network,
        };
        var node = new Node(this, MediaDriver.Launch(configure?.Invoke(context) ?? context));
        _nodes.Add(node);
        return node;
    }

    /// <summary>One duty cycle of everybody.</summary>
    public void Step()
    {
        if (++_steps > MaxSteps)
        {
            throw new InvalidOperationException("the test makes no progress");
        }

        Clock.AdvanceNs(StepNs);
        _nodes.ForEach(node => node.Step());
    }

    /// <summary>Steps until something holds, for at most so long on the virtual clock.</summary>
    public void Until(Func<bool> condition, double limitSeconds = 30)
    {
        var deadline = Clock.NanoTime + (long)(limitSeconds * 1e9);
        while (!condition())
        {
            if (Clock.NanoTime > deadline)
            {
                throw new TimeoutException($"it did not hold within {limitSeconds} s\n{Report()}");
            }

            Step();
        }
    }

    /// <summary>Lets time pass in larger steps.</summary>
    public void Run(double seconds, int stepMs = 5)
    {
        var stepNs = StepNs;
        StepNs = stepMs * 1_000_000L;
        for (var end = Clock.NanoTime + (long)(seconds * 1e9); Clock.NanoTime < end;)
        {
            Step();
        }

        StepNs = stepNs;
    }

    /// <summary>Ends a machine without warning to the others.</summary>
    public void Remove(Node node)
    {
        _nodes.Remove(node);
        node.Dispose();
    }

    /// <summary>What all drivers have counted and logged.</summary>
    public string Report() => string.Join(
        "\n",
        _nodes.SelectMany(node => node.Driver.CountersReader.Scan()
            .Where(counter => counter.Value != 0)
            .Select(counter => $"{node.Index}: {counter.Value} {counter.Label}")
            .Concat(node.Errors().Select(error => $"{node.Index}: {error}"))));

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        Assert.Equal(0, Network.OpenCount);
    }

    internal sealed class Node : IDisposable
    {
        private readonly List<AeronClient> _clients = [];
        private readonly NetworkHouse _house;

        public Node(NetworkHouse house, MediaDriver driver)
        {
            _house = house;
            Driver = driver;
            Index = house._nodes.Count;
            Client = Connect();
        }

        public int Index { get; }

        public MediaDriver Driver { get; }

        public AeronClient Client { get; }

        public List<Exception> ClientErrors { get; } = [];

        public List<PublicationErrorFrame> PublicationErrors { get; } = [];

        /// <summary>One more client of its driver.</summary>
        public AeronClient Connect()
        {
            var client = AeronClient.Connect(new AeronContext
            {
                Directory = Driver.Directory,
                UseInvoker = true,
                DriverAgent = Driver.ConductorAgent,
                Clock = _house.Clock,
                ErrorHandler = ClientErrors.Add,
                OnPublicationError = PublicationErrors.Add,
            });
            _clients.Add(client);
            return client;
        }

        /// <summary>A client that is not stepped any more: as if it had been killed.</summary>
        public void Abandon(AeronClient client) => _clients.Remove(client);

        public void Step()
        {
            Driver.ConductorAgent.DoWork(_house.Clock.NanoTime);
            foreach (var client in _clients)
            {
                client.ConductorAgent.DoWork(_house.Clock.NanoTime);
            }
        }

        /// <summary>Value of a system counter.</summary>
        public long System(SystemCounter counter) => Driver.CountersReader.Value((int)counter);

        /// <summary>The live counters of a type.</summary>
        public List<CounterEntry> Counters(int typeId) =>
            Driver.CountersReader.Scan().FindAll(counter => counter.TypeId == typeId);

        public IEnumerable<string> Errors()
        {
            using var cnc = FlowEngine.Aeron.Control.CncFile.Open(Driver.Directory, readOnly: true);
            return [.. cnc.ReadErrors().Select(error => error.Text)];
        }

        public void Dispose()
        {
            _clients.ForEach(client => client.Dispose());
            Driver.Dispose();
            if (Directory.Exists(Driver.Directory))
            {
                Directory.Delete(Driver.Directory, recursive: true);
            }
        }
    }
}
