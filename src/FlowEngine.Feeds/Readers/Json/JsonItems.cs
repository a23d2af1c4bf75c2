namespace FlowEngine.Feeds.Readers.Json;

/// <summary>
/// The items of one JSON array that takes a whole stream, one at a time through one buffer; the span handed out dies
/// with the next call. Nothing but nesting and strings is looked at.
/// </summary>
internal sealed class JsonItems : IDisposable
{
    private const int InitialLength = 64 * 1024;
    private const int MaxItemLength = 64 * 1024 * 1024;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[InitialLength];
    private int _start;
    private int _end;
    private bool _isOpen;
    private bool _isOver;

    public JsonItems(Stream stream) => _stream = stream;

    /// <summary>Number of the item last read, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Byte at which it begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Where it is, for messages.</summary>
    public string Place => $"item {Number} (byte {Offset})";

    /// <summary>Whether the stream ended inside of the array.</summary>
    public bool IsCutOff { get; private set; }

    private long BufferOffset { get; set; }

    /// <summary>Reads the next item.</summary>
    /// <returns>False at the end of the array, or of the stream.</returns>
    public bool TryRead(out ReadOnlySpan<byte> item)
    {
        item = default;
        if (_isOver || !TryFindStart())
        {
            _isOver = true;
            return false;
        }

        (int at, int depth) = (_start, 0);
        (bool isText, bool isEscaped) = (false, false);
        while (true)
        {
            if (at == _end)
            {
                int searched = at - _start;
                if (!Fill())
                {
                    (_isOver, IsCutOff) = (true, true);
                    return false;
                }

                at = _start + searched;
            }

            byte letter = _buffer[at];
            if (isText)
            {
                isText = letter != '"' || isEscaped;
                isEscaped = letter == '\\' && !isEscaped;
            }
            else if (depth == 0 && letter is (byte)',' or (byte)']')
            {
                return Take(at, out item);
            }
            else
            {
                isText = letter == '"';
                int step = letter is (byte)'[' or (byte)'{' ? 1 : letter is (byte)'}' or (byte)']' ? -1 : 0;
                depth = Math.Max(0, depth + step);
            }

            at++;
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool Take(int end, out ReadOnlySpan<byte> item)
    {
        item = _buffer.AsSpan(_start, end - _start);
        Number++;
        Offset = BufferOffset + _start;
        _start = end;
        return true;
    }

    // Over the opening bracket, blanks and the comma between items.
    private bool TryFindStart()
    {
        while (true)
        {
            for (; _start < _end; _start++)
            {
                byte letter = _buffer[_start];
                if (letter == '[' && !_isOpen)
                {
                    _isOpen = true;
                }
                else if (letter == ']' && _isOpen)
                {
                    return false;
                }
                else if (letter is not ((byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                {
                    return _isOpen;
                }
            }

            if (!Fill())
            {
                IsCutOff = true;
                return false;
            }
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            BufferOffset += _start;
            _start = 0;
        }
        else if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxItemLength)
            {
                return false;
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
