using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Market;

namespace FlowEngine.Benchmarks.Signals;

/// <summary>The decoded events of a stream, held in memory, and its instruments.</summary>
internal sealed class EventTape
{
    private const int Instruments = 1024;
    private const int SimulatedPackets = 100_000;

    private readonly List<MarketEvent> _events = [];

    private EventTape()
    {
    }

    /// <summary>The events, in order.</summary>
    public MarketEvent[] Events => [.. _events];

    /// <summary>What they are of.</summary>
    public InstrumentTable Table { get; } = new(Instruments);

    /// <summary>Reads a stream of <c>shared/data</c> by name, or makes the one that is simulated.</summary>
    public static EventTape Load(string name) => name switch
    {
        "deribit" => Read("deribit_sbe/pcaps/sample_capture_v1_6.pcapng"),
        "lobster" => Read("lobster/LOBSTER_SampleFile_AMZN_2012-06-21_5.zip"),
        "nbbo" => Read("lean_equity_tick/bac_20131007_quote.zip", "lean_equity_tick/bac_20131007_trade.zip"),
        "calm" => Simulate(TimeSpan.Zero),
        "burst" => Simulate(TimeSpan.FromMilliseconds(1)),
        _ => throw new ArgumentException($"no stream '{name}'", nameof(name)),
    };

    private static EventTape Read(params string[] files)
    {
        var root = Environment.GetEnvironmentVariable("FLOWENGINE_DATA") ?? FindData();
        string[] paths = [.. files.Select(file => Path.Combine(root, file))];
        using var source = new FileSource(paths, path => InputFile.Open(path));
        return Fill(source.MaxPacketLength, buffer => source.NextPacket(buffer, out _), int.MaxValue);
    }

    // Five seconds of one simulated market; a cascade lasts as long.
    private static EventTape Simulate(TimeSpan firstCascade)
    {
        var simulator = new MarketSimulator(
            new SimulatorOptions { Seed = 7, Instruments = 1, FirstCascade = firstCascade });
        return Fill(simulator.MaxPacketLength, buffer => simulator.NextPacket(buffer, out _), SimulatedPackets);
    }

    private static string FindData()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, "shared", "data")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? "..", "shared", "data");
    }

    private static EventTape Fill(int longest, Func<byte[], int> next, int most)
    {
        var tape = new EventTape();
        var decoder = new FeedDecoder(tape.Table);
        var sink = new Sink(tape._events);
        var buffer = new byte[longest];
        for (var packets = 0; packets < most && next(buffer) is > 0 and var length; packets++)
        {
            decoder.Decode(buffer.AsSpan(0, length), 0, ref sink);
            sink.Flush();
        }

        return tape;
    }

    private struct Sink(List<MarketEvent> events) : IEventSink
    {
        private readonly MarketEvent[] _packet = new MarketEvent[FeedLimits.MaxEventsPerPacket];
        private int _count;

        public ref MarketEvent Next()
        {
            _packet[_count] = default;
            return ref _packet[_count++];
        }

        public void Flush()
        {
            events.AddRange(_packet.AsSpan(0, _count));
            _count = 0;
        }
    }
}
