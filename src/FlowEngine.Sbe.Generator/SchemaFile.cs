namespace FlowEngine.Sbe.Generator;

/// <summary>An XML file given to the compiler: a schema, or types that schemas include.</summary>
internal sealed record SchemaFile(string Path, string Text, string? Namespace);

/// <summary>A schema with the files it may include.</summary>
internal sealed record SchemaInput(SchemaFile Schema, ValueList<SchemaFile> Includes);

/// <summary>All that comes of one schema.</summary>
internal sealed record SchemaOutput(ValueList<GeneratedFile> Files, ValueList<FoundFault> Faults);
