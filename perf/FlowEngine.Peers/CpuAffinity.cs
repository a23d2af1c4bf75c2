using FlowEngine.Core.Agents;

namespace FlowEngine.Peers;

/// <summary>Which processor each thread of a contest runs on; one that cannot be bound is an error.</summary>
internal static class CpuAffinity
{
    private static int[] s_cpus = [];

    /// <summary>The processors to use, in the order threads ask for them; none leaves threads where they are.</summary>
    public static void Use(int[] cpus) => s_cpus = cpus;

    /// <summary>Binds the calling thread to the processor of <paramref name="place"/>, round robin.</summary>
    public static void Pin(int place)
    {
        if (s_cpus.Length == 0)
        {
            return;
        }

        var cpu = s_cpus[place % s_cpus.Length];
        if (ThreadAffinity.PinCurrent(cpu) != Pinning.Pinned)
        {
            throw new InvalidOperationException($"cannot bind a thread to processor {cpu}: choose others with --cpus");
        }
    }
}
