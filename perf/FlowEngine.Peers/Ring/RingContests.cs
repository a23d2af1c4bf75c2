namespace FlowEngine.Peers.Ring;

internal static class RingContests
{
    public static IEnumerable<Contest> All(string wait) => [];
}
