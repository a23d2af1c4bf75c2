namespace FlowEngine.Aeron;

/// <summary>What a controlled poll does after a fragment.</summary>
public enum ControlledPollAction
{
    /// <summary>Go on; the position is published when the poll ends.</summary>
    Continue,

    /// <summary>Stop after this fragment.</summary>
    Break,

    /// <summary>Publish the position behind this fragment now, and go on.</summary>
    Commit,

    /// <summary>Stop, and deliver this fragment again in the next poll.</summary>
    Abort,
}
