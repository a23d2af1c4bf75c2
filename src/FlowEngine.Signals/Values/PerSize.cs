using System.Runtime.CompilerServices;

namespace FlowEngine.Signals;

/// <summary>One value for each sweep size, smallest first.</summary>
[InlineArray(SignalWidths.Sizes)]
public struct PerSize
{
    private double _first;
}

/// <summary>Lots or prices for each sweep size, smallest first.</summary>
[InlineArray(SignalWidths.Sizes)]
public struct PerSizeLots
{
    private long _first;
}
