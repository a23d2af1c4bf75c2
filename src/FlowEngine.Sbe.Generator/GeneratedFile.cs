namespace FlowEngine.Sbe.Generator;

/// <summary>One generated file; equal by value, so that an unchanged file is not compiled again.</summary>
internal sealed record GeneratedFile(string HintName, string Source);
