namespace FlowEngine.Peers;

/// <summary>One implementation of a contest.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Sample">One measurement, in the contest's unit.</param>
internal sealed record Contestant(string Name, Func<double> Sample);
