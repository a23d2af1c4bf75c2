namespace FlowEngine.Sbe.Schema;

/// <summary>An attribute of another vocabulary than SBE's, such as Binance's <c>mbx:exponent</c>.</summary>
public sealed class SbeForeignAttribute
{
    internal SbeForeignAttribute(string namespaceUri, string name, string value)
    {
        NamespaceUri = namespaceUri;
        Name = name;
        Value = value;
    }

    /// <summary>The vocabulary.</summary>
    public string NamespaceUri { get; }

    /// <summary>The name without its prefix.</summary>
    public string Name { get; }

    /// <summary>The value as it stands.</summary>
    public string Value { get; }
}
