namespace FlowEngine.Cli.Frame;

/// <summary>What all commands of one invocation share.</summary>
/// <param name="Output">Where they write.</param>
/// <param name="Stop">When they have to end.</param>
internal sealed record FrameServices(CommandOutput Output, StopSignal Stop);
