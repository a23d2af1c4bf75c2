using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Control;

/// <summary>
/// Reads a driver's loss report, <c>loss-report.dat</c>: one entry for each stream and source that lost something.
/// <code>
/// entry, 64-byte aligned: 0 observations i64 (0 ends the report; stored last) | 8 bytes lost i64
///                        16 first, epoch ms, i64 | 24 last i64 | 32 session id i32 | 36 stream id i32
///                        40 channel length i32 | 44 channel | pad to 4 | source length i32 | source
/// </code>
/// Written by the driver while it is read; any thread, any process.
/// </summary>
public static unsafe class LossReportReader
{
    /// <summary>Name of the file in the driver's directory.</summary>
    public const string FileName = "loss-report.dat";

    private const int BytesLostOffset = 8;
    private const int FirstOffset = 16;
    private const int LastOffset = 24;
    private const int SessionIdOffset = 32;
    private const int StreamIdOffset = 36;
    private const int ChannelOffset = 40;
    private const int EntryAlignment = 64;

    /// <summary>Reads the report of a driver's directory; the file stays as it is.</summary>
    /// <exception cref="FileNotFoundException">No driver was ever there.</exception>
    public static List<LossObservation> Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        var info = new FileInfo(path);
        if (info.Exists && info.Length == 0)
        {
            return [];
        }

        using var file = MappedFile.Open(path, readOnly: true);
        return Read(new ReadOnlySpan<byte>(file.Pointer, (int)Math.Min(file.Length, int.MaxValue)));
    }

    /// <summary>All entries, in order of first appearance; what makes no sense ends the report.</summary>
    public static List<LossObservation> Read(ReadOnlySpan<byte> report)
    {
        var found = new List<LossObservation>();
        while (TryRead(report, out var observation, out var length))
        {
            found.Add(observation);
            if (length >= report.Length)
            {
                break;
            }

            report = report[length..];
        }

        return found;
    }

    private static bool TryRead(ReadOnlySpan<byte> entry, out LossObservation observation, out int length)
    {
        observation = default;
        length = 0;
        if (entry.Length < ChannelOffset + sizeof(int))
        {
            return false;
        }

        // Pairs with the driver's release of the count, which makes the rest of the entry visible.
        var count = Volatile.Read(ref Unsafe.As<byte, long>(ref MemoryMarshal.GetReference(entry)));
        if (count <= 0
            || !TryReadText(entry, ChannelOffset, out var channel, out var channelEnd)
            || !TryReadText(entry, (channelEnd + 3) & ~3, out var source, out var end))
        {
            return false;
        }

        observation = new LossObservation(
            count,
            MemoryMarshal.Read<long>(entry[BytesLostOffset..]),
            MemoryMarshal.Read<long>(entry[FirstOffset..]),
            MemoryMarshal.Read<long>(entry[LastOffset..]),
            MemoryMarshal.Read<int>(entry[SessionIdOffset..]),
            MemoryMarshal.Read<int>(entry[StreamIdOffset..]),
            channel,
            source);
        length = (end + EntryAlignment - 1) & -EntryAlignment;
        return true;
    }

    private static bool TryReadText(ReadOnlySpan<byte> entry, int offset, out string text, out int end)
    {
        text = "";
        end = 0;
        if (offset > entry.Length - sizeof(int))
        {
            return false;
        }

        var length = MemoryMarshal.Read<int>(entry[offset..]);
        if (length < 0 || length > entry.Length - offset - sizeof(int))
        {
            return false;
        }

        end = offset + sizeof(int) + length;
        text = Encoding.Latin1.GetString(entry[(offset + sizeof(int))..end]);
        return true;
    }
}

/// <summary>What one stream lost from one source.</summary>
/// <param name="Count">Gaps seen.</param>
/// <param name="BytesLost">Bytes of all gaps, before they were filled again.</param>
/// <param name="FirstMs">First gap, epoch milliseconds.</param>
/// <param name="LastMs">Last gap, epoch milliseconds.</param>
/// <param name="SessionId">Session of the publisher.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="Channel">Channel of the subscription.</param>
/// <param name="Source">Address of the publisher.</param>
public readonly record struct LossObservation(
    long Count,
    long BytesLost,
    long FirstMs,
    long LastMs,
    int SessionId,
    int StreamId,
    string Channel,
    string Source);
