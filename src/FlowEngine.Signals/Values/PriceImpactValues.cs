namespace FlowEngine.Signals;

/// <summary>What trades do to the price (M4, M5, M6, M8, M9, M11): message <c>priceImpact</c>.</summary>
public struct PriceImpactValues
{
    /// <summary>β: quanta a lot of order flow imbalance, second by second (M4).</summary>
    public RegressionFit FlowSlope;

    /// <summary>β × 2 × average depth: about 1, and drifts where depth hides.</summary>
    public double DepthRatio;

    /// <summary>Mean |return| of a minute over its notional in quote currency, times 1e9 (M5).</summary>
    public double Amihud;

    /// <summary>Minutes in it.</summary>
    public long AmihudMinutes;

    /// <summary>Quanta that stay of one trade in the end (M6); 0 where there is no stable fit.</summary>
    public double PermanentQuanta;

    /// <summary>Quanta five trades after it.</summary>
    public double FifthQuanta;

    /// <summary>Trades of its side that one trade brings with itself, all told.</summary>
    public double TradesPerTrade;

    /// <summary>Mean move along a trade after 1, 2, 5, 10, 20, 50, 100 trades, quanta (M6).</summary>
    public PerLag Response;

    /// <summary>φ: lots a quantum of the second before (M6b).</summary>
    public RegressionFit Trend;

    /// <summary>G = λ × φ: the loop through those who follow trends (M6b).</summary>
    public double TrendGain;

    /// <summary>1 / (1 - G); 0 where G is 1 or more and moves feed themselves.</summary>
    public double Amplification;

    /// <summary>Decayed sum of what trades moved the mid by at once, quanta (M9).</summary>
    public double ImmediateQuanta;

    /// <summary>Share of it that was still there a horizon later.</summary>
    public double PermanentShare;

    /// <summary>Twice what takers paid away from the mid, quanta (M11).</summary>
    public double EffectiveSpread;

    /// <summary>Twice what makers kept after each horizon, quanta; below 0 they were picked off (M11).</summary>
    public PerHorizon RealisedSpread;

    /// <summary>Trades that found no room to wait for their horizons, since the start.</summary>
    public long Dropped;

    /// <summary>What past trades still do to the price by the fitted kernel, quanta, + is up (M8); 0 before the first
    /// fit.</summary>
    public double TransientQuanta;

    /// <summary>g_k of that kernel, quanta for a root lot.</summary>
    public PerKernelTerm Kernel;

    /// <summary>Quanta for a root lot that did not fade, beside the kernel.</summary>
    public double KernelPermanent;

    /// <summary>Share of the squared moves of the mid that both explained, 0 to 1.</summary>
    public double KernelExplained;

    /// <summary>Which fit; 0 before the first.</summary>
    public uint KernelVersion;
}
