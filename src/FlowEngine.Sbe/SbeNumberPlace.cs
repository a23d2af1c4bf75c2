using System.Runtime.CompilerServices;

namespace FlowEngine.Sbe;

/// <summary>Where an unsigned number lies in a header, dimension or prefix.</summary>
/// <param name="Offset">Bytes from the composite's start.</param>
/// <param name="Size">Bytes it takes: 1, 2, 4 or 8.</param>
public readonly record struct SbeNumberPlace(int Offset, int Size)
{
    /// <summary>Reads it as a length or count; -1, which no check lets pass, when it does not fit an int.</summary>
    public int Read(ref byte start, bool isBigEndian) => (Size, isBigEndian) switch
    {
        (1, _) => Unsafe.Add(ref start, Offset),
        (2, false) => LittleEndian.ReadUInt16(ref start, Offset),
        (2, true) => BigEndian.ReadUInt16(ref start, Offset),
        (4, false) => SbeWire.ToLength(LittleEndian.ReadUInt32(ref start, Offset)),
        (4, true) => SbeWire.ToLength(BigEndian.ReadUInt32(ref start, Offset)),
        (8, false) => SbeWire.ToLength(LittleEndian.ReadUInt64(ref start, Offset)),
        _ => SbeWire.ToLength(BigEndian.ReadUInt64(ref start, Offset)),
    };
}
