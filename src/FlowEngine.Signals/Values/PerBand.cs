using System.Runtime.CompilerServices;

namespace FlowEngine.Signals;

/// <summary>How many bands and sizes a message has room for.</summary>
public static class SignalWidths
{
    /// <summary>Bands around the mid.</summary>
    public const int Bands = 4;

    /// <summary>Sweep sizes.</summary>
    public const int Sizes = 5;
}

/// <summary>One ratio for each band, narrowest first.</summary>
[InlineArray(SignalWidths.Bands)]
public struct PerBand
{
    private double _first;
}

/// <summary>Lots for each band, narrowest first.</summary>
[InlineArray(SignalWidths.Bands)]
public struct PerBandLots
{
    private long _first;
}
