using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowEngine.Sbe;

/// <summary>
/// How values look as JSON; what the <c>WriteJson</c> of generated readers leans on. For display and tests: it
/// allocates, and nothing on a hot path calls it.
/// </summary>
public static class SbeJson
{
    /// <summary>One line, and only what JSON must escape is escaped.</summary>
    public static JsonWriterOptions Options { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>An integer, or null.</summary>
    public static void Number(Utf8JsonWriter json, long value, bool isNull = false)
    {
        if (isNull)
            json.WriteNullValue();
        else
            json.WriteNumberValue(value);
    }

    /// <summary>An unsigned integer, or null.</summary>
    public static void Number(Utf8JsonWriter json, ulong value, bool isNull = false)
    {
        if (isNull)
            json.WriteNullValue();
        else
            json.WriteNumberValue(value);
    }

    /// <summary>The shortest number that reads back the same, null, or the name of what is no number.</summary>
    public static void Number(Utf8JsonWriter json, float value, bool isNull = false)
    {
        if (isNull)
            json.WriteNullValue();
        else if (float.IsFinite(value))
            json.WriteNumberValue(value);
        else
            NotFinite(json, value);
    }

    /// <summary>The shortest number that reads back the same, null, or the name of what is no number.</summary>
    public static void Number(Utf8JsonWriter json, double value, bool isNull = false)
    {
        if (isNull)
            json.WriteNullValue();
        else if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            NotFinite(json, value);
    }

    /// <summary>A string of one Latin-1 character, or null.</summary>
    public static void Char(Utf8JsonWriter json, byte value, bool isNull = false)
    {
        var character = (char)value;
        if (isNull)
            json.WriteNullValue();
        else
            json.WriteStringValue(new ReadOnlySpan<char>(in character));
    }

    /// <summary>A string of decoded bytes.</summary>
    public static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> bytes, Encoding encoding) =>
        json.WriteStringValue(encoding.GetString(bytes));

    /// <summary>A string of lower-case hex digits.</summary>
    public static void Hex(Utf8JsonWriter json, ReadOnlySpan<byte> bytes) =>
        json.WriteStringValue(Convert.ToHexStringLower(bytes));

    /// <summary>Begins a text of its own, for the <c>ToString</c> of readers.</summary>
    public static Utf8JsonWriter Begin(out ArrayBufferWriter<byte> text)
    {
        text = new ArrayBufferWriter<byte>();
        return new Utf8JsonWriter(text, Options);
    }

    /// <summary>Ends what <see cref="Begin"/> began and gives the text.</summary>
    public static string End(Utf8JsonWriter json, ArrayBufferWriter<byte> text)
    {
        json.Dispose();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void NotFinite(Utf8JsonWriter json, double value) => json.WriteStringValue(
        double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
}
