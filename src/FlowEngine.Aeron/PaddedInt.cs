using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron;

/// <summary>
/// A number that one thread writes all the time, with room around it, so that its neighbours on the heap, which other
/// threads read all the time, are on other cache lines.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = CacheLine.Pad + sizeof(int) + CacheLine.Pad)]
internal struct PaddedInt
{
    [FieldOffset(CacheLine.Pad)]
    public int Value;
}
