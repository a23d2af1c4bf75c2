namespace FlowEngine.Peers.Sbe;

/// <summary>A loop over the copies of a message.</summary>
/// <param name="Name">Whose code it is.</param>
/// <param name="Run">Takes the turns to do; returns the sum of what was read, or of the bytes written.</param>
internal sealed record Codec(string Name, Func<int, long> Run)
{
    public const string Ours = "FlowEngine";
    public const string Official = "official C#";
    public const string ByHand = "by hand";
}
