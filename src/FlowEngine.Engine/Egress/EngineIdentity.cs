namespace FlowEngine.Engine;

/// <summary>What tells this engine's values from another's.</summary>
/// <param name="Epoch">Start of the engine, nanoseconds since epoch.</param>
/// <param name="ParameterHash">Hash of the canonical configuration.</param>
public sealed record EngineIdentity(ulong Epoch, ulong ParameterHash);
