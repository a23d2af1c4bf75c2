using System.Runtime.InteropServices;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Aeron;

/// <summary>
/// Messages and bytes of one side, written by its thread and read by the reporter; on cache lines of its own, so that
/// the sides do not slow each other down.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct FlowCount
{
    /// <summary>Messages so far.</summary>
    [FieldOffset(64)]
    public long Messages;

    /// <summary>Payload bytes so far.</summary>
    [FieldOffset(72)]
    public long Bytes;

    /// <summary>Attempts that found no room, a new term or no subscriber; or messages out of order.</summary>
    [FieldOffset(80)]
    public long Failures;

    /// <summary>When the warm-up was over, monotonic nanoseconds; 0 before.</summary>
    [FieldOffset(88)]
    public long StartNs;

    /// <summary>When the last message was there; 0 before.</summary>
    [FieldOffset(96)]
    public long EndNs;

    /// <summary>Counts a message; marks the start and the end of the measurement.</summary>
    public void Add(int length, long warmup, long total)
    {
        // Pairs with the reporter's acquires: whoever sees the message sees its bytes.
        Volatile.Write(ref Bytes, Bytes + length);
        var count = Messages + 1;
        if (count == Math.Max(1, warmup))
        {
            StartNs = SystemClock.Nanos();
        }
        else if (count == total)
        {
            EndNs = SystemClock.Nanos();
        }

        Volatile.Write(ref Messages, count);
    }
}
