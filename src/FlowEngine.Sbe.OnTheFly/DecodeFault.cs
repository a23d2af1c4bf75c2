namespace FlowEngine.Sbe.OnTheFly;

/// <summary>Why bytes are not a message of a schema.</summary>
public enum DecodeFault
{
    /// <summary>They are.</summary>
    None,

    /// <summary>There are fewer bytes than a header has.</summary>
    TooShort,

    /// <summary>The header names another schema.</summary>
    OtherSchema,

    /// <summary>The schema has no such template.</summary>
    UnknownTemplate,

    /// <summary>A length or count does not fit the bytes.</summary>
    Malformed,
}
