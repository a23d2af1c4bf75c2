using System.Runtime.InteropServices;

namespace FlowEngine.Peers.Ring;

/// <summary>What travels: a number, in a slot of some size.</summary>
internal interface IPeerEvent
{
    long Value { get; set; }
}

/// <summary>The event of Disruptor-net's own performance tests.</summary>
internal struct SmallEvent : IPeerEvent
{
    public long Value { get; set; }
}

/// <summary>A cache line, the size of a market event.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct LineEvent : IPeerEvent
{
    public long Value { get; set; }
}
