using System.Text;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>The .NET encodings for what schemas call them.</summary>
internal static class TextEncodings
{
    /// <summary>The encoding of that name; null where the schema names none.</summary>
    public static Encoding? Of(string? name) => name?.Trim().ToUpperInvariant() switch
    {
        null or "" => null,
        "ASCII" or "US-ASCII" => Encoding.ASCII,
        "UTF-8" or "UTF8" => Encoding.UTF8,
        "ISO-8859-1" or "ISO8859-1" or "ISO_8859_1" or "ISO8859_1" or "LATIN1" => Encoding.Latin1,
        "UTF-16" or "UTF-16LE" => Encoding.Unicode,
        "UTF-16BE" => Encoding.BigEndianUnicode,
        _ => SbeText.FindEncoding(name.Trim()),
    };
}
