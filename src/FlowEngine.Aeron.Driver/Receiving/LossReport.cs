using System.Text;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// The driver's <c>loss-report.dat</c>: one record for each image that lost something, read by Aeron's tools while it
/// grows. Conductor's thread.
/// <code>
///  0 observations i64, 0 is the end | 8 bytes lost i64 | 16 first epoch ms i64 | 24 last epoch ms i64
/// 32 session id i32 | 36 stream id i32 | 40 channel length i32 | 44 channel | align 4 | source length i32 | source
/// next record at the next multiple of 64
/// </code>
/// </summary>
internal sealed unsafe class LossReport : IDisposable
{
    /// <summary>Name of the file in the driver's directory.</summary>
    public const string FileName = "loss-report.dat";

    /// <summary>Bytes of the file.</summary>
    public const int DefaultLength = 1024 * 1024;

    /// <summary>What <see cref="AddEntry"/> returns when the file is full.</summary>
    public const long Full = -1;

    private const int BytesLostOffset = 8;
    private const int FirstOffset = 16;
    private const int LastOffset = 24;
    private const int SessionIdOffset = 32;
    private const int StreamIdOffset = 36;
    private const int ChannelOffset = 40;

    private readonly MappedFile _file;
    private long _next;

    private LossReport(MappedFile file) => _file = file;

    /// <summary>Creates the file in a driver's directory.</summary>
    public static LossReport Create(string directory, int length = DefaultLength) =>
        new(MappedFile.Create(Path.Combine(directory, FileName), length, reserve: true));

    /// <summary>Adds the first loss of a stream.</summary>
    /// <returns>Where it is, for <see cref="Record"/>; <see cref="Full"/> if there is no room.</returns>
    public long AddEntry(long bytesLost, long nowMs, int sessionId, int streamId, string channel, string source)
    {
        var sourceOffset = CacheLine.Align(ChannelOffset + sizeof(int) + channel.Length, sizeof(int));
        var length = sourceOffset + sizeof(int) + source.Length;
        if (length > _file.Length - _next)
        {
            return Full;
        }

        var offset = _next;
        var record = _file.Pointer + offset;
        *(long*)(record + BytesLostOffset) = bytesLost;
        *(long*)(record + FirstOffset) = nowMs;
        *(long*)(record + LastOffset) = nowMs;
        *(int*)(record + SessionIdOffset) = sessionId;
        *(int*)(record + StreamIdOffset) = streamId;
        WriteText(record + ChannelOffset, channel);
        WriteText(record + sourceOffset, source);

        // Pairs with readers in other processes: a record counts from its first observation on.
        Volatile.Write(ref *(long*)record, 1);
        _next = CacheLine.Align(offset + length, CacheLine.Length);
        return offset;
    }

    /// <summary>Adds another loss of the same stream.</summary>
    public void Record(long entry, long bytesLost, long nowMs)
    {
        var record = _file.Pointer + entry;
        Volatile.Write(ref *(long*)(record + LastOffset), nowMs);
        Volatile.Write(ref *(long*)(record + BytesLostOffset), *(long*)(record + BytesLostOffset) + bytesLost);
        Volatile.Write(ref *(long*)record, *(long*)record + 1);
    }

    public void Dispose() => _file.Dispose();

    private static void WriteText(byte* at, string text)
    {
        *(int*)at = text.Length;
        Encoding.Latin1.GetBytes(text, new Span<byte>(at + sizeof(int), text.Length));
    }
}
