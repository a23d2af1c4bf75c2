namespace FlowEngine.Signals;

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
