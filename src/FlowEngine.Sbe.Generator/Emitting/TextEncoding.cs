namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>The .NET encodings for what schemas call them.</summary>
internal static class TextEncoding
{
    /// <summary>A C# expression for the encoding of that name.</summary>
    public static string Expression(string name) => name.Trim().ToUpperInvariant() switch
    {
        "ASCII" or "US-ASCII" => "global::System.Text.Encoding.ASCII",
        "UTF-8" or "UTF8" => "global::System.Text.Encoding.UTF8",
        "ISO-8859-1" or "ISO8859-1" or "ISO_8859_1" or "ISO8859_1" or "LATIN1" => "global::System.Text.Encoding.Latin1",
        "UTF-16" or "UTF-16LE" => "global::System.Text.Encoding.Unicode",
        "UTF-16BE" => "global::System.Text.Encoding.BigEndianUnicode",
        _ => $"SbeText.FindEncoding({CodeWriter.Literal(name.Trim())})",
    };
}
