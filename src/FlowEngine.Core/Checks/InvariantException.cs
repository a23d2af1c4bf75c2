namespace FlowEngine.Core.Checks;

/// <summary>A broken invariant: the program is wrong, not its input.</summary>
public sealed class InvariantException(string message) : Exception(message);
