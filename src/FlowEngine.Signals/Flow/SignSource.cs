namespace FlowEngine.Signals;

/// <summary>How a trade got its sign (F4). The numbers are those of <c>signals.xml</c>.</summary>
public enum SignSource : byte
{
    /// <summary>No sign.</summary>
    None = 0,

    /// <summary>The venue's aggressor flag.</summary>
    Venue = 1,

    /// <summary>Quote rule against the book before the trade.</summary>
    Quote = 2,

    /// <summary>Tick test.</summary>
    Tick = 3,
}
