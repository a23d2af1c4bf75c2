namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>Remembers on a document which file it came from.</summary>
internal sealed class SchemaPath
{
    public SchemaPath(string path) => Path = path;

    public string Path { get; }
}
