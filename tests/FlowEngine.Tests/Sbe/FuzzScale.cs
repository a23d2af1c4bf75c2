namespace FlowEngine.Tests.Sbe;

/// <summary>How many inputs a fuzz test takes: 1 % unless FLOWENGINE_FULL=1 asks for all.</summary>
internal static class FuzzScale
{
    public static bool IsFull => Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1";

    public static int Of(int full) => IsFull ? full : Math.Max(1, full / 100);

    /// <summary>Another one in full runs; FLOWENGINE_SEED replays a printed one.</summary>
    public static int Seed => int.TryParse(Environment.GetEnvironmentVariable("FLOWENGINE_SEED"), out var seed)
        ? seed : IsFull ? Environment.TickCount & int.MaxValue : 20261122;
}
