namespace FlowEngine.Signals;

/// <summary>What an evaluation could make of the book.</summary>
public enum BookStep : byte
{
    /// <summary>Nothing: it is crossed or has a gap; what comes from the book holds.</summary>
    Frozen = 0,

    /// <summary>A start: the book is the state before the next event, and nothing is flow.</summary>
    Started = 1,

    /// <summary>A step from the book before.</summary>
    Stepped = 2,
}
