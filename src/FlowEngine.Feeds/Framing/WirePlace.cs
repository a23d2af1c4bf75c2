namespace FlowEngine.Feeds.Framing;

/// <summary>Where an unsigned number lies in a header; a size of 0 means that there is none.</summary>
internal readonly record struct WirePlace(int Offset, int Size, bool IsBigEndian = false)
{
    public bool Exists => Size > 0;

    public int End => Offset + Size;

    /// <summary>Reads the number; the caller has checked that it is there.</summary>
    public ulong Read(ReadOnlySpan<byte> header)
    {
        ulong value = 0;
        for (var i = 0; i < Size; i++)
        {
            value = (value << 8) | header[IsBigEndian ? Offset + i : Offset + Size - 1 - i];
        }

        return value;
    }
}
