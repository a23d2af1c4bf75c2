using System.Runtime.InteropServices;

namespace FlowEngine.Peers;

/// <summary>Binds the calling thread to one processor, on Linux; a thread that cannot be bound is an error.</summary>
internal static partial class CpuAffinity
{
    private static int[] s_cpus = [];

    /// <summary>The processors to use, in the order threads ask for them; none leaves threads where they are.</summary>
    public static void Use(int[] cpus) => s_cpus = cpus;

    /// <summary>Binds the calling thread to the processor of <paramref name="place"/>, round robin.</summary>
    public static unsafe void Pin(int place)
    {
        if (s_cpus.Length == 0)
        {
            return;
        }

        var cpu = s_cpus[place % s_cpus.Length];
        var mask = stackalloc byte[128];
        new Span<byte>(mask, 128).Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        if (SetAffinity(0, 128, mask) != 0)
        {
            throw new InvalidOperationException($"cannot bind a thread to processor {cpu}: choose others with --cpus");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static unsafe partial int SetAffinity(int thread, nint length, byte* mask);
}
