namespace FlowEngine.Feeds.Readers;

/// <summary>
/// The lines of a stream through one buffer, whatever the file's size; the span handed out dies with the next call.
/// </summary>
internal sealed class LineReader : IDisposable
{
    private const int InitialLength = 64 * 1024;
    private const int MaxLineLength = 64 * 1024 * 1024;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[InitialLength];
    private int _start;
    private int _end;
    private bool _ended;
    private bool _tooLong;

    public LineReader(Stream stream) => _stream = stream;

    /// <summary>Number of the line last read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Byte at which it begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Where it is, for messages.</summary>
    public string Place => $"line {Number} (byte {Offset})";

    private long NextOffset { get; set; }

    /// <summary>Reads a line without its end; lines beyond 64 MiB come out empty.</summary>
    /// <returns>False at the end of the stream.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = Take(searched + at, 1);
                return true;
            }

            searched = _end - _start;
            if (_ended || !Fill(ref searched))
            {
                _ended = true;
                bool isLast = _end > _start;
                line = isLast ? Take(_end - _start, 0) : default;
                return isLast;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private ReadOnlySpan<byte> Take(int length, int ending)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length + ending;
        Number++;
        Offset = NextOffset;
        NextOffset += length + ending;
        if (_tooLong)
        {
            _tooLong = false;
            return default;
        }

        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private bool Fill(ref int searched)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        else if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxLineLength)
            {
                _tooLong = true;
                NextOffset += _end;
                _end = 0;
                searched = 0;
            }
            else
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
