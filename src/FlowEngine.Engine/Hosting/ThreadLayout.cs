namespace FlowEngine.Engine;

/// <summary>How ingress and engine are laid on threads.</summary>
public enum ThreadLayout
{
    /// <summary>
    /// A thread each where there are more than two cores, else one for both: spinning threads must not outnumber cores.
    /// </summary>
    Automatic,

    /// <summary>A thread each, with the ring between them.</summary>
    Dedicated,

    /// <summary>One thread for both.</summary>
    Shared,
}
