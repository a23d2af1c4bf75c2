using System.Buffers;
using System.Globalization;
using System.Text;
using FlowEngine.Sbe.OnTheFly;

namespace FlowEngine.Cli.Dump;

/// <summary>Prints messages to stdout through one buffer.</summary>
internal abstract class DumpLines : IDisposable
{
    private const int FlushLength = 64 * 1024;

    private readonly TextWriter _out;

    /// <summary>Lines onto a writer.</summary>
    protected DumpLines(TextWriter stdout) => _out = stdout;

    /// <summary>UTF-8 that waits for its way out.</summary>
    protected ArrayBufferWriter<byte> Buffer { get; } = new(FlushLength * 2);

    /// <summary>Prints a message.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="message">The message.</param>
    /// <param name="unread">What its frame holds behind it that is no padding: parts only its sender knows.</param>
    public abstract void Message(in MessagePlace place, in DecodedMessage message, ReadOnlySpan<byte> unread);

    /// <summary>Prints a message that the schema does not know.</summary>
    public abstract void Unknown(in MessagePlace place, in MessageHeader header, ReadOnlySpan<byte> bytes);

    /// <summary>Writes out what waits.</summary>
    public void Flush()
    {
        _out.Write(Encoding.UTF8.GetString(Buffer.WrittenSpan));
        _out.Flush();
        Buffer.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Writes out when enough waits.</summary>
    protected void FlushIfFull()
    {
        if (Buffer.WrittenCount >= FlushLength)
            Flush();
    }

    /// <summary>A time to the nanosecond, as ISO 8601 has it.</summary>
    protected static string TimeOf(long timeNs) =>
        DateTime.UnixEpoch.AddTicks(timeNs / 100)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture)
        + (timeNs % 100).ToString("00", CultureInfo.InvariantCulture) + "Z";
}
