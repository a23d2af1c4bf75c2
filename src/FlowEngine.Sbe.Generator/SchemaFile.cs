namespace FlowEngine.Sbe.Generator;

/// <summary>An XML file given to the compiler: a schema, or types that schemas include.</summary>
internal sealed record SchemaFile
{
    public SchemaFile(string path, string text, string? namespaceName)
    {
        Path = path;
        Text = text;
        Namespace = namespaceName;
    }

    public string Path { get; }

    public string Text { get; }

    public string? Namespace { get; }
}
