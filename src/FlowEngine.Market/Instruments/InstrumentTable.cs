namespace FlowEngine.Market;

/// <summary>
/// All instruments of an engine by dense id. Ingress appends and then publishes
/// <see cref="EventKind.InstrumentDefined"/>; whoever has seen that event may read the record. Nothing is ever removed.
/// </summary>
public sealed class InstrumentTable
{
    private readonly Instrument?[] _instruments;
    private int _count;

    /// <summary>An empty table.</summary>
    /// <param name="capacity">Most instruments it will ever hold, more than 0.</param>
    public InstrumentTable(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _instruments = new Instrument?[capacity];
    }

    /// <summary>Most instruments the table can hold.</summary>
    public int Capacity => _instruments.Length;

    /// <summary>Instruments in the table. Any thread; pairs with the release in <see cref="TryAdd"/>.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The instrument with this dense id, which must be below <see cref="Count"/>.</summary>
    public Instrument this[int id] => _instruments[id]!;

    /// <summary>Appends an instrument and gives it the next dense id. Ingress thread only.</summary>
    /// <returns>False when the table is full: the instrument stays unknown and its events are counted.</returns>
    public bool TryAdd(Instrument instrument, out int id)
    {
        id = _count;
        if (id == _instruments.Length)
        {
            id = -1;
            return false;
        }

        _instruments[id] = instrument with { Id = id };
        // Release: pairs with the acquire in Count, so that who sees the count sees the record.
        Volatile.Write(ref _count, id + 1);
        return true;
    }
}
