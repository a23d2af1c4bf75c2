namespace FlowEngine.Sbe.Schema;

/// <summary>Whether a field is on the wire, and whether it may be null there.</summary>
public enum SbePresence
{
    /// <summary>Always there and never null.</summary>
    Required,

    /// <summary>Always there; one value of its range means null.</summary>
    Optional,

    /// <summary>Not on the wire: the schema says the value.</summary>
    Constant,
}
