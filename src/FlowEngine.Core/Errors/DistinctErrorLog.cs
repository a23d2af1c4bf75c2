using System.Text;
using FlowEngine.Core.Memory;

namespace FlowEngine.Core.Errors;

/// <summary>
/// Aeron's error log: each distinct error is appended once, then counted. One writing thread, any number of readers.
/// <code>
/// record, 8-byte aligned: 0 length i32 (24 + text; stored last) | 4 count i32 | 8 last seen, epoch ms, i64
///                         16 first seen i64 | 24 text
/// </code>
/// </summary>
public sealed unsafe class DistinctErrorLog
{
    internal const int CountOffset = 4;
    internal const int LastOffset = 8;
    internal const int FirstOffset = 16;
    internal const int TextOffset = 24;

    private readonly byte* _buffer;
    private readonly int _length;
    private readonly object? _owner;
    private readonly Dictionary<(int Code, string Text), long> _offsets = [];
    private int _next;

    /// <summary>A log over zeroed memory.</summary>
    /// <param name="buffer">8-byte aligned.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="owner">Kept reachable, so that the memory stays mapped.</param>
    public DistinctErrorLog(byte* buffer, int length, object? owner = null)
    {
        _buffer = buffer;
        _length = length;
        _owner = owner;
    }

    /// <summary>Observations that found no room.</summary>
    public long Dropped { get; private set; }

    /// <summary>What keeps the memory mapped.</summary>
    public object? Owner => _owner;

    /// <summary>Counts the error, appending it if it is new.</summary>
    /// <returns>False if it is new and the log is full.</returns>
    public bool Record(int code, string text, long nowMs)
    {
        if (_offsets.TryGetValue((code, text), out var known))
        {
            var record = _buffer + known;
            Interlocked.Increment(ref *(int*)(record + CountOffset));

            // Pairs with ErrorLogReader.
            Volatile.Write(ref *(long*)(record + LastOffset), nowMs);
            return true;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var length = TextOffset + bytes.Length;
        if (length > _length - _next)
        {
            Dropped++;
            return false;
        }

        Append(bytes, length, nowMs);
        _offsets.Add((code, text), _next);
        _next = Math.Min(CacheLine.Align(_next + length, 8), _length);
        return true;
    }

    private void Append(byte[] text, int length, long nowMs)
    {
        var record = _buffer + _next;
        *(int*)(record + CountOffset) = 1;
        *(long*)(record + LastOffset) = nowMs;
        *(long*)(record + FirstOffset) = nowMs;
        text.CopyTo(new Span<byte>(record + TextOffset, text.Length));

        // Pairs with ErrorLogReader: whoever sees the length sees the record.
        Volatile.Write(ref *(int*)record, length);
    }
}
