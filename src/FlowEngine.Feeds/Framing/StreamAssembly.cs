namespace FlowEngine.Feeds.Framing;

/// <summary>
/// One direction of a TCP connection put back in order: bytes seen twice are dropped, segments that come early wait,
/// and what never comes is a gap. One thread.
/// </summary>
public sealed class StreamAssembly
{
    private const int MaxWaitingSegments = 256;

    private readonly List<(uint Sequence, byte[] Bytes)> _waiting = [];
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private uint _next;
    private bool _hasBegun;

    /// <summary>Bytes in order that nobody took yet.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Bytes of the stream, as captured, before <see cref="Bytes"/>.</summary>
    public long Offset { get; private set; }

    /// <summary>Adds a segment.</summary>
    /// <returns>
    /// Bytes that are missing before it, 0 normally. With a gap the bytes held before are gone, and <see cref="Bytes"/>
    /// begins behind it.
    /// </returns>
    public long Add(uint sequence, bool isSyn, ReadOnlySpan<byte> payload)
    {
        if (isSyn || !_hasBegun)
        {
            _hasBegun = true;
            _next = sequence + (isSyn ? 1u : 0u);
            _waiting.Clear();
        }

        int ahead = (int)(sequence + (isSyn ? 1u : 0u) - _next);
        if (ahead > 0)
        {
            if (!payload.IsEmpty)
            {
                _waiting.Add((sequence, payload.ToArray()));
            }

            return _waiting.Count > MaxWaitingSegments ? PassGap() : 0;
        }

        Append(payload[Math.Min(payload.Length, -ahead)..]);
        TakeWaiting();
        return 0;
    }

    /// <summary>Gives up waiting for what is missing.</summary>
    /// <returns>Bytes that are missing; 0 when nothing waits.</returns>
    public long PassGap()
    {
        if (_waiting.Count == 0)
        {
            return 0;
        }

        int missing = _waiting.Min(segment => (int)(segment.Sequence - _next));
        Drop(_end - _start);
        Offset += missing;
        _next += (uint)missing;
        TakeWaiting();
        return missing;
    }

    /// <summary>Takes bytes from the front.</summary>
    public void Drop(int length)
    {
        _start += length;
        Offset += length;
    }

    private void TakeWaiting()
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            var (sequence, bytes) = _waiting[i];
            int ahead = (int)(sequence - _next);
            if (ahead > 0)
            {
                continue;
            }

            Append(bytes.AsSpan(Math.Min(bytes.Length, -ahead)));
            _waiting.RemoveAt(i);
            i = -1;
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int held = _end - _start;
        if (_end + bytes.Length > _buffer.Length)
        {
            byte[] target = held + bytes.Length > _buffer.Length
                ? new byte[Math.Max(4096, (held + bytes.Length) * 2)] : _buffer;
            _buffer.AsSpan(_start, held).CopyTo(target);
            _buffer = target;
            _start = 0;
            _end = held;
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
        _next += (uint)bytes.Length;
    }
}
