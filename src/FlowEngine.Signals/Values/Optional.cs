namespace FlowEngine.Signals;

/// <summary>What an optional int64 of <c>signals.xml</c> holds when there is no value.</summary>
public static class Optional
{
    /// <summary>SBE's null of an int64.</summary>
    public const long Null = long.MinValue;
}
