namespace FlowEngine.Sbe.Generator;

/// <summary>One generated file; equal by value, so that an unchanged file is not compiled again.</summary>
internal sealed record GeneratedFile
{
    public GeneratedFile(string hintName, string source)
    {
        HintName = hintName;
        Source = source;
    }

    public string HintName { get; }

    public string Source { get; }
}
