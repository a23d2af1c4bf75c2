using System.Runtime.InteropServices;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>What a <see cref="CalibrationSample"/> tells.</summary>
public enum SampleKind : byte
{
    /// <summary>A slot that was never written.</summary>
    None = 0,

    /// <summary>Another touch, after so many venue events that left the one before as it was.</summary>
    Touch = 1,

    /// <summary>Lots traded in one venue event.</summary>
    Trades = 2,

    /// <summary>Flow of a whole second by level, and the mid at its end.</summary>
    Flows = 3,

    /// <summary>Capture time reached the schedule's next boundary.</summary>
    Boundary = 4,

    /// <summary>Deviations of the score's legs, every ten seconds of the pipeline's clock.</summary>
    Legs = 5,
}

/// <summary>
/// What the engine thread lets slow work know, by kind; the fields of another kind hold nothing.
/// <code>
///  0        4    5     6      8      16                        48       56     64           96
/// +--------+----+-----+------+------+-------------------------+--------+------+------------+
/// | Instr. |Kind|Prime|  --  | Time | Touch: prices and lots  | Repeats|  --  |            |   Touch
/// |        |    |     |      |      | Sold | Bought| Unsigned |        |      |            |   Trades
/// |        |    |     |      |      | Flows: a double for each of ten levels |            |   Flows, Mid2 at 96
/// |        |    |     |      |      | Legs: a double for each of seven       |            |   Legs, ValidLegs at 72
/// +--------+----+-----+------+------+-------------------------+--------+------+------------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
public struct CalibrationSample
{
    /// <summary>Bytes of a sample; touch and trades write the first 64 only.</summary>
    public const int Length = 128;

    /// <summary>Dense id; -1 for a boundary.</summary>
    [FieldOffset(0)]
    public int InstrumentId;

    /// <summary>What it tells.</summary>
    [FieldOffset(4)]
    public SampleKind Kind;

    /// <summary>A touch that does not follow from the one before: a start, or samples were dropped.</summary>
    [FieldOffset(5)]
    public bool Prime;

    /// <summary>Clamped venue time; of a boundary capture time. Nanoseconds since epoch.</summary>
    [FieldOffset(8)]
    public long TimeNs;

    /// <summary>The touch.</summary>
    [FieldOffset(16)]
    public TouchState Touch;

    /// <summary>Venue events since the touch before that left it as it was.</summary>
    [FieldOffset(48)]
    public long Repeats;

    /// <summary>Lots sold by aggressors.</summary>
    [FieldOffset(16)]
    public long Sold;

    /// <summary>Lots bought by aggressors.</summary>
    [FieldOffset(24)]
    public long Bought;

    /// <summary>Lots traded by nobody knows whom.</summary>
    [FieldOffset(32)]
    public long Unsigned;

    /// <summary>ofi^m of the second (F3).</summary>
    [FieldOffset(16)]
    public PerLevel Flows;

    /// <summary>z of each leg (F9).</summary>
    [FieldOffset(16)]
    public PerLeg Legs;

    /// <summary>Bit n is set where leg n was valid.</summary>
    [FieldOffset(72)]
    public uint ValidLegs;

    /// <summary>Twice the mid at the second's end, quanta; 0 where there is none.</summary>
    [FieldOffset(96)]
    public long Mid2;
}
