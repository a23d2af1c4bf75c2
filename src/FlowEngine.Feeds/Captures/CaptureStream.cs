namespace FlowEngine.Feeds.Captures;

/// <summary>
/// Forward reading of a stream through one buffer: memory stays flat whatever the file's size. The spans it hands out
/// die with the next call.
/// </summary>
internal sealed class CaptureStream : IDisposable
{
    private const int InitialCapacity = 64 * 1024;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[InitialCapacity];
    private int _start;
    private int _end;

    public CaptureStream(Stream stream, string path)
    {
        _stream = stream;
        Path = path;
    }

    /// <summary>The file's name, for messages.</summary>
    public string Path { get; }

    /// <summary>Bytes consumed so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Shows the next bytes without consuming them; fewer at the end of the file.</summary>
    /// <param name="length">Bytes wanted; the caller has bounded them.</param>
    public ReadOnlySpan<byte> Peek(int length)
    {
        if (_end - _start < length)
        {
            Fill(length);
        }

        return _buffer.AsSpan(_start, Math.Min(length, _end - _start));
    }

    /// <summary>Shows what is at hand of the next bytes, and reads on only where nothing is.</summary>
    public ReadOnlySpan<byte> PeekSome(int length) =>
        _end > _start ? _buffer.AsSpan(_start, Math.Min(length, _end - _start)) : Peek(Math.Min(length, 1));

    /// <summary>Shows the next bytes as far as they can be read: a fault behind them is left for later.</summary>
    public ReadOnlySpan<byte> PeekReadable(int length)
    {
        try
        {
            return Peek(length);
        }
        catch (CaptureException) when (_end > _start)
        {
            return _buffer.AsSpan(_start, Math.Min(length, _end - _start));
        }
    }

    /// <summary>Consumes the next bytes.</summary>
    /// <returns>False, with nothing consumed, when the file ends before them.</returns>
    public bool TryTake(int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = Peek(length);
        if (bytes.Length < length)
        {
            bytes = default;
            return false;
        }

        _start += length;
        Offset += length;
        return true;
    }

    /// <summary>Passes over bytes without holding them.</summary>
    /// <returns>False when the file ends before them.</returns>
    public bool TrySkip(long length)
    {
        while (length > 0)
        {
            int piece = (int)Math.Min(length, InitialCapacity);
            if (!TryTake(piece, out _))
            {
                return false;
            }

            length -= piece;
        }

        return true;
    }

    public void Dispose() => _stream.Dispose();

    private void Fill(int length)
    {
        int held = _end - _start;
        if (length > _buffer.Length)
        {
            byte[] larger = new byte[Math.Max(length, _buffer.Length * 2)];
            _buffer.AsSpan(_start, held).CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }

        _start = 0;
        _end = held;
        try
        {
            while (_end < length)
            {
                int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
                if (read == 0)
                {
                    return;
                }

                _end += read;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new CaptureException(
                Path, Offset, $"cannot be read on ({exception.Message})", "copy or compress the capture again",
                    exception);
        }
    }
}
