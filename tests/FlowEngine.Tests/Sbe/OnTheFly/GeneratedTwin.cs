using System.Collections.Concurrent;
using System.Text;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>
/// The generated code of a schema file, compiled once per run: what the on-the-fly decoder must agree with.
/// </summary>
internal sealed class GeneratedTwin
{
    private const string Program = """
        #pragma warning disable
        public static class Twin
        {
            public static byte[]? Json(byte[] buffer, int start, int length, out int encoded)
            {
                var text = new System.Buffers.ArrayBufferWriter<byte>();
                using var json = new System.Text.Json.Utf8JsonWriter(text, FlowEngine.Sbe.SbeJson.Options);
                var message = new System.ReadOnlySpan<byte>(buffer, start, length);
                if (!Generated.SchemaInfo.TryWriteJson(message, json, out encoded))
                    return null;
                json.Flush();
                return text.WrittenSpan.ToArray();
            }
        }
        """;

    private static readonly ConcurrentDictionary<string, Lazy<GeneratedTwin>> s_twins = new();

    private readonly JsonFunction _json;

    private GeneratedTwin(SchemaText[] schema) => _json = SbeCompiler.Load(schema, [Program])
        .GetType("Twin")!.GetMethod("Json")!.CreateDelegate<JsonFunction>();

    private delegate byte[]? JsonFunction(byte[] buffer, int start, int length, out int encoded);

    /// <summary>The twin of a conformance schema.</summary>
    public static GeneratedTwin OfConformance(string name) => s_twins.GetOrAdd(
        name, schema => new Lazy<GeneratedTwin>(() => new GeneratedTwin(SbeFiles.Schema(schema, "Generated")))).Value;

    /// <summary>The twin of a schema file that includes no other.</summary>
    public static GeneratedTwin OfFile(string path) => s_twins.GetOrAdd(
        path,
        file => new Lazy<GeneratedTwin>(
            () => new GeneratedTwin([new SchemaText(file, File.ReadAllText(file), "Generated")]))).Value;

    /// <summary>The twin of a schema in a test.</summary>
    public static GeneratedTwin OfText(SchemaText schema) => new([schema]);

    /// <summary>What generated code makes of a message; null when it refuses it.</summary>
    public string? Json(byte[] bytes, int start, int length, out int encodedLength) =>
        _json(bytes, start, length, out encodedLength) is { } json ? Encoding.UTF8.GetString(json) : null;
}
