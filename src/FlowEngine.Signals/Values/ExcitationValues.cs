namespace FlowEngine.Signals;

/// <summary>A fit of L2 at another scale; all 0 before the first.</summary>
public struct ExcitationScale
{
    /// <summary>n: events that one event causes.</summary>
    public double Branching;

    /// <summary>β, 1/s.</summary>
    public double Decay;

    /// <summary>β is an end of what was tried: the truth may lie beyond it.</summary>
    public bool IsAtBound;

    /// <summary>Which fit; 0 before the first.</summary>
    public uint Version;
}

/// <summary>How one side's orders excite each other (L2); all 0 before there are parameters.</summary>
public struct ExcitationLine
{
    /// <summary>λ, events a second.</summary>
    public double Intensity;

    /// <summary>n: events that one event causes.</summary>
    public double Branching;

    /// <summary>Probability of another within the horizon, 0 to 1.</summary>
    public double ProbabilitySoon;

    /// <summary>Which parameters; 0 before the first.</summary>
    public uint Version;

    /// <summary>β, 1/s.</summary>
    public double Decay;

    /// <summary>β is an end of what was tried: the truth may lie beyond it.</summary>
    public bool IsAtBound;

    /// <summary>The same fit over the newest quarter: where its n is much the lesser, the rate drifted and the events
    /// did not breed.</summary>
    public ExcitationScale Recent;
}

/// <summary>Clustering and the course of a cascade (L2, L8): message <c>excitation</c>.</summary>
public struct ExcitationValues
{
    /// <summary>Venue events with sells.</summary>
    public ExcitationLine Sells;

    /// <summary>Venue events with buys.</summary>
    public ExcitationLine Buys;

    /// <summary>Forced lots a second, fast over slow; 0 where there were none (L8).</summary>
    public double Acceleration;

    /// <summary>The running episode or the last one; all 0 before the first.</summary>
    public EpisodeRecord Episode;

    /// <summary>How far its mid went, basis points of its start, + along the cascade.</summary>
    public double EpisodeBps;

    /// <summary>What says that it has run out; none while there is none.</summary>
    public ExhaustionCues Cues;
}
