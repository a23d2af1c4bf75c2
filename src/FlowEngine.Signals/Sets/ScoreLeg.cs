namespace FlowEngine.Signals;

/// <summary>A leg of the score with what it is held against (F9): for tools that explain a score.</summary>
public struct ScoreLeg
{
    /// <summary>Now, in the leg's own unit, + is sell; 0 where it is not known.</summary>
    public double Value;

    /// <summary>Whether it is known now.</summary>
    public bool IsKnown;

    /// <summary>Whether there is a past to hold it against.</summary>
    public bool HasPast;

    /// <summary>Its mean so far.</summary>
    public double Usual;

    /// <summary>One deviation from it, at least the leg's floor.</summary>
    public double Deviation;

    /// <summary>Its weight.</summary>
    public double Weight;
}
