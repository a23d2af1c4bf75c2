namespace FlowEngine.Sbe.Generator;

/// <summary>A schema with the files it may include.</summary>
internal sealed record SchemaInput
{
    public SchemaInput(SchemaFile schema, ValueList<SchemaFile> includes)
    {
        Schema = schema;
        Includes = includes;
    }

    public SchemaFile Schema { get; }

    public ValueList<SchemaFile> Includes { get; }
}
