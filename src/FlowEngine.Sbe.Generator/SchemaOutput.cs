namespace FlowEngine.Sbe.Generator;

/// <summary>All that comes of one schema.</summary>
internal sealed record SchemaOutput
{
    public SchemaOutput(ValueList<GeneratedFile> files, ValueList<FoundFault> faults)
    {
        Files = files;
        Faults = faults;
    }

    public ValueList<GeneratedFile> Files { get; }

    public ValueList<FoundFault> Faults { get; }
}
