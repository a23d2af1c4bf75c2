namespace FlowEngine.Feeds.Simulation;

/// <summary>How the simulated venue behaves. Equal options give equal bytes on any machine.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Most instruments the venue has.</summary>
    public const int MaxInstruments = 8;

    /// <summary>Seed of everything that looks random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Instruments that trade, 1 to <see cref="MaxInstruments"/>, in the order of the catalogue.</summary>
    public int Instruments { get; init; } = 6;

    /// <summary>
    /// Book and trade packets a second on average, over all instruments; more than 0. They come in bursts.
    /// </summary>
    public double EventsPerSecond { get; init; } = 20_000;

    /// <summary>Capture time of the first packet, nanoseconds since epoch.</summary>
    public long StartTimeNs { get; init; } = 1_767_571_200_000_000_000;

    /// <summary>How long the venue is open; zero: for ever.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Time between two snapshots of one instrument.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two rounds of definitions.</summary>
    public TimeSpan DefinitionInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two rounds of marks, indices, funding and open interest.</summary>
    public TimeSpan TickerInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Mean time between two runs of forced orders; zero: none.</summary>
    public TimeSpan LiquidationInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time of the first cascade of forced sales; zero: none ever. It takes the first perpetual.</summary>
    public TimeSpan FirstCascade { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Time from one cascade to the next, 10 s at least.</summary>
    public TimeSpan CascadeInterval { get; init; } = TimeSpan.FromSeconds(40);

    internal void Validate()
    {
        if (Instruments is < 1 or > MaxInstruments)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Instruments), Instruments, $"the simulated venue has 1 to {MaxInstruments} instruments");
        }

        if (!(EventsPerSecond is > 0 and <= 100_000_000))
        {
            throw new ArgumentOutOfRangeException(
                nameof(EventsPerSecond), EventsPerSecond, "give more than 0 and at most 100,000,000 events a second");
        }

        CheckInterval(SnapshotInterval, nameof(SnapshotInterval));
        CheckInterval(DefinitionInterval, nameof(DefinitionInterval));
        CheckInterval(TickerInterval, nameof(TickerInterval));
        if (CascadeInterval < TimeSpan.FromSeconds(10))
        {
            throw new ArgumentOutOfRangeException(
                nameof(CascadeInterval), CascadeInterval, "give ten seconds or more");
        }
    }

    private static void CheckInterval(TimeSpan interval, string name)
    {
        if (interval < TimeSpan.FromMilliseconds(1))
        {
            throw new ArgumentOutOfRangeException(name, interval, "give a millisecond or more");
        }
    }
}
