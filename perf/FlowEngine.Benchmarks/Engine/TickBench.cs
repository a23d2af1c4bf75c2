using BenchmarkDotNet.Attributes;
using FlowEngine.Engine;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Signals;

namespace FlowEngine.Benchmarks.Engine;

/// <summary>
/// The full tick on one thread: venue packet in its envelope → decode → ring → book → signals → encoded messages in
/// their slots. No Aeron and no thread hop: those are measured apart. Time is for one packet of the simulated market;
/// every packet is seen once.
/// </summary>
[MemoryDiagnoser]
public class TickBench
{
    private const int WarmPackets = 20_000;
    private const int Packets = 200_000;

    private byte[][] _packets = [];
    private Pipeline? _pipeline;

    /// <summary>Whether every computed message is hashed.</summary>
    [Params(false, true)]
    public bool Digest { get; set; }

    /// <summary>Which signal set runs.</summary>
    [Params(SignalSets.Touch, SignalSets.Default, SignalSets.Full)]
    public string Set { get; set; } = SignalSets.Default;

    /// <summary>Records the market once.</summary>
    [GlobalSetup]
    public void Record()
    {
        var simulator = new MarketSimulator(new SimulatorOptions { Seed = 7 });
        var buffer = new byte[simulator.MaxPacketLength];
        _packets = new byte[WarmPackets + Packets][];
        for (var i = 0; i < _packets.Length; i++)
        {
            _packets[i] = buffer[..simulator.NextPacket(buffer, out _)];
        }
    }

    /// <summary>A fresh engine whose books are filled.</summary>
    [IterationSetup]
    public void Start()
    {
        _pipeline?.Dispose();
        var options = new EngineOptions { SignalSet = Set, Calibration = new() { IntervalSeconds = 0 } };
        _pipeline = new Pipeline(options, new EngineIdentity(1, 1), publication: null, Digest);
        _pipeline.Engine.OnStart();
        for (var i = 0; i < WarmPackets; i++)
        {
            Feed(_packets[i]);
        }
    }

    /// <summary>Releases the last engine.</summary>
    [GlobalCleanup]
    public void CleanUp() => _pipeline?.Dispose();

    /// <summary>Packet in, signal messages encoded.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public long Tick()
    {
        for (var i = WarmPackets; i < _packets.Length; i++)
        {
            Feed(_packets[i]);
        }

        return _pipeline!.Status.Evaluated;
    }

    private void Feed(ReadOnlySpan<byte> packet)
    {
        while (!_pipeline!.Ingress.TryAccept(packet))
        {
            _pipeline.Engine.DoWork(0);
        }

        _pipeline.Engine.DoWork(0);
    }
}
