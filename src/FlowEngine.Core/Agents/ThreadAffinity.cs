using System.Runtime.InteropServices;

namespace FlowEngine.Core.Agents;

/// <summary>Pins threads to processors, on Linux; elsewhere it does nothing and says so.</summary>
public static unsafe partial class ThreadAffinity
{
    // The kernel's default cpu_set_t: 1024 processors.
    private const int MaskWords = 16;
    private const int BitsPerWord = 64;

    /// <summary>Processors that can be named: 0 to this - 1.</summary>
    public const int MaxCpus = MaskWords * BitsPerWord;

    /// <summary>Pins the calling thread to processor <paramref name="cpu"/>.</summary>
    public static Pinning PinCurrent(int cpu)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Pinning.Unsupported;
        }

        if (cpu is < 0 or >= MaxCpus)
        {
            return Pinning.Refused;
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[cpu / BitsPerWord] = 1UL << (cpu % BitsPerWord);
        const int CallingThread = 0;
        return SetAffinity(CallingThread, MaskWords * sizeof(ulong), mask) == 0 ? Pinning.Pinned : Pinning.Refused;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int threadId, nuint maskBytes, ulong* mask);
}
