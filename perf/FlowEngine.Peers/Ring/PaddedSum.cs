using System.Runtime.InteropServices;

namespace FlowEngine.Peers.Ring;

/// <summary>A number alone on its cache lines.</summary>
[StructLayout(LayoutKind.Explicit, Size = 264)]
internal struct PaddedSum
{
    [FieldOffset(128)]
    public long Value;
}
