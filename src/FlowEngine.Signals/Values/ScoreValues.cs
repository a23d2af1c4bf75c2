namespace FlowEngine.Signals;

/// <summary>The score, what it is made of, and the regime (F9, L9): message <c>sellPressure</c>.</summary>
public struct ScoreValues
{
    /// <summary>Score, contributions, deviations and coverage (F9).</summary>
    public SellPressureValues Composite;

    /// <summary>ofi_I of the newest whole second, + is buy (F3).</summary>
    public double IntegratedOfi;

    /// <summary>Volume imbalance of the band that the score uses, + is bid heavy (B1).</summary>
    public double BandImbalance;

    /// <summary>Where the market stands: the graver of the two directions (L9).</summary>
    public Regime Regime;

    /// <summary>1 a fall, -1 a squeeze, 0 while calm.</summary>
    public int Direction;

    /// <summary>State of the fall's machine.</summary>
    public Regime Fall;

    /// <summary>State of the squeeze's machine.</summary>
    public Regime Squeeze;

    /// <summary>Which correlation of the legs scaled the score; 0 where none did.</summary>
    public uint CorrelationVersion;
}
