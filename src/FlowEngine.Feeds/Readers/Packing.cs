namespace FlowEngine.Feeds.Readers;

/// <summary>How a file is compressed, told from its first bytes.</summary>
public enum Packing
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>gzip.</summary>
    Gzip = 1,

    /// <summary>Zip archive.</summary>
    Zip = 2,

    /// <summary>Zstandard.</summary>
    Zstd = 3,

    /// <summary>xz.</summary>
    Xz = 4,
}

/// <summary>Unpacks what the base library cannot: given by the application, which alone takes packages.</summary>
/// <param name="packing">How the stream is packed.</param>
/// <param name="packed">At its first byte; the result owns it.</param>
/// <returns>The unpacked stream, whose faults are <see cref="InvalidDataException"/>; null if there is no such
/// unpacker.</returns>
public delegate Stream? Unpacker(Packing packing, Stream packed);

/// <summary>Tells a <see cref="Packing"/>.</summary>
public static class Packings
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int MagicLength = 6;

    private const int SkippableFrameMask = 0xf0;

    /// <summary>Tells how a file that begins with these bytes is packed.</summary>
    public static Packing Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, ..] => Packing.Gzip,
        [0x50, 0x4b, 3, 4, ..] => Packing.Zip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing.Zstd,
        [var first, 0x2a, 0x4d, 0x18, ..] when (first & SkippableFrameMask) == 0x50 => Packing.Zstd,
        [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, ..] => Packing.Xz,
        _ => Packing.None,
    };
}
