using System.Runtime.InteropServices;
using System.Text.Json;
using FlowEngine.Feeds.Readers.Text;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>Looks into JSON of which nothing is certain: what is not there is empty.</summary>
internal static class JsonFields
{
    private const long MillisecondNs = 1_000_000;

    /// <summary>A field of an object.</summary>
    public static JsonElement Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement field)
            ? field
            : default;

    /// <summary>An item of an array.</summary>
    public static JsonElement Item(this JsonElement element, int index) =>
        element.ValueKind == JsonValueKind.Array && (uint)index < (uint)element.GetArrayLength()
            ? element[index]
            : default;

    /// <summary>Items of an array.</summary>
    public static int Length(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : 0;

    /// <summary>Number or string as it stands in the text, without quotes.</summary>
    public static ReadOnlySpan<byte> Raw(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => JsonMarshal.GetRawUtf8Value(element),
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(element)[1..^1],
        _ => default,
    };

    /// <summary>A string; null for everything else.</summary>
    public static string? Text(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    /// <summary>Whether it is the literal true.</summary>
    public static bool IsTrue(this JsonElement element) => element.ValueKind == JsonValueKind.True;

    /// <summary>A decimal, number or string, in units of ten to the minus digits.</summary>
    public static bool TryDecimal(this JsonElement element, int digits, out long value) =>
        DecimalText.TryParse(element.Raw(), digits, out value);

    /// <summary>A sequence number; 0 where there is none.</summary>
    public static ulong Sequence(this JsonElement element) =>
        element.TryDecimal(0, out long value) && value > 0 ? (ulong)value : 0;

    /// <summary>Milliseconds since epoch as nanoseconds; otherwise where there are none.</summary>
    public static long TimeNs(this JsonElement milliseconds, long otherwise) =>
        milliseconds.TryDecimal(0, out long value) && value is > 0 and < long.MaxValue / MillisecondNs
            ? value * MillisecondNs
            : otherwise;

    /// <summary>Digits behind the point that say something, at most so far and here.</summary>
    public static int Digits(this JsonElement element, int soFar) =>
        Math.Max(soFar, DecimalText.SignificantDigits(element.Raw()));

    /// <summary>Digits behind the point as written, at most so far and here.</summary>
    public static int WrittenDigits(this JsonElement element, int soFar) =>
        Math.Max(soFar, DecimalText.WrittenDigits(element.Raw()));
}
