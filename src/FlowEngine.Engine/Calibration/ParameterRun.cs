using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Values of one kind for one instrument, and how they travel the ring: begin, values in their order, end, with nothing
/// in between.
/// <code>
///                  InstrumentId   Id                     Price          Quantity
/// ParameterBegin   whose          version                kind           values
/// ParameterValue   whose          kind &lt;&lt; 32 | index     bits           0
/// ParameterEnd     whose          version                kind           values
/// </code>
/// One buffer, used again for each run; whoever fills it owns it until it is written.
/// </summary>
public sealed class ParameterRun
{
    /// <summary>Events of the longest run.</summary>
    public const int MostEvents = SetParameters.MostValues + 2;

    private const int KindShift = 32;

    private readonly double[] _values = new double[SetParameters.MostValues];
    private int _count;

    /// <summary>Whose.</summary>
    public int InstrumentId { get; private set; }

    /// <summary>What they are.</summary>
    public ParameterKind Kind { get; private set; }

    /// <summary>Counts up for each kind and instrument, from 1.</summary>
    public uint Version { get; private set; }

    /// <summary>Boundary of capture time as of which they were found, nanoseconds since epoch.</summary>
    public long TimeNs { get; private set; }

    /// <summary>The values.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    /// <summary>Events it takes in the ring.</summary>
    public int Events => _count + 2;

    /// <summary>Starts another run.</summary>
    /// <returns>Where its values are to be written.</returns>
    public Span<double> Start(int instrumentId, ParameterKind kind, uint version, long timeNs)
    {
        InstrumentId = instrumentId;
        Kind = kind;
        Version = version;
        TimeNs = timeNs;
        _count = SetParameters.CountOf(kind);
        return _values.AsSpan(0, _count);
    }

    /// <summary>The key of a value within its run.</summary>
    public static ulong KeyOf(ParameterKind kind, int index) => (ulong)kind << KindShift | (uint)index;

    /// <summary>Writes one of its events.</summary>
    /// <param name="index">0 to <see cref="Events"/> - 1.</param>
    /// <param name="slot">Overwritten.</param>
    public void Write(int index, out MarketEvent slot)
    {
        var isValue = index > 0 && index <= _count;
        slot = new MarketEvent
        {
            InstrumentId = InstrumentId,
            Kind = isValue ? EventKind.ParameterValue
                : index == 0 ? EventKind.ParameterBegin
                : EventKind.ParameterEnd,
            Id = isValue ? KeyOf(Kind, index - 1) : Version,
            Price = isValue ? BitConverter.DoubleToInt64Bits(_values[index - 1]) : (long)Kind,
            Quantity = isValue ? 0 : _count,
            VenueTime = TimeNs,
            ReceiveTime = TimeNs,
        };
    }
}
