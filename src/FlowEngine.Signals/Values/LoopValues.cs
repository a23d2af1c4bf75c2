namespace FlowEngine.Signals;

/// <summary>All loops of one direction together.</summary>
public struct LoopLine
{
    /// <summary>Gain through forced orders (L6).</summary>
    public double Forced;

    /// <summary>Sum of all gains.</summary>
    public double Total;

    /// <summary>1 / (1 - total); 0 where it is 1 or more and moves feed themselves.</summary>
    public double Amplification;
}

/// <summary>The loops through which a move comes back as flow, and their sum (L6): message <c>loopGains</c>.</summary>
public struct LoopValues
{
    /// <summary>A fall, into the bids.</summary>
    public LoopLine Bid;

    /// <summary>A squeeze, into the asks.</summary>
    public LoopLine Ask;

    /// <summary>Gain through takers who follow the move, at an unchanged premium (M6b).</summary>
    public double Trend;

    /// <summary>Gain through takers who follow the premium that the move makes (L7).</summary>
    public double Funding;

    /// <summary>Gain through makers who leave the side that the move runs into (B9).</summary>
    public double Makers;

    /// <summary>Lots that makers move with a quantum of the second before, + is with the move.</summary>
    public RegressionFit MakerFlow;
}
