using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Sbe.Schema;
using Xunit;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>Decoders of schema files, each compiled once per run, and their JSON.</summary>
internal static class Decoders
{
    private static readonly ConcurrentDictionary<string, SchemaDecoder> s_decoders = new();

    /// <summary>The decoder of a conformance schema.</summary>
    public static SchemaDecoder OfConformance(string name) =>
        OfFile(Path.Combine(SbeFiles.NeedFolder(SbeFiles.Conformance), "schemas", name));

    /// <summary>The decoder of a schema file.</summary>
    public static SchemaDecoder OfFile(string path) => s_decoders.GetOrAdd(path, static file =>
    {
        var parsed = SbeSchema.Parse(File.ReadAllText(file), file, File.ReadAllText);
        Assert.Empty(parsed.Diagnostics);
        return SchemaDecoder.Compile(parsed);
    });

    /// <summary>The decoder of a schema in a test.</summary>
    public static SchemaDecoder OfText(string xml)
    {
        var parsed = SbeSchema.Parse(xml, "test.xml");
        Assert.Empty(parsed.Diagnostics);
        return SchemaDecoder.Compile(parsed);
    }

    /// <summary>The message as JSON, or null when it is refused.</summary>
    public static string? Json(this SchemaDecoder decoder, ReadOnlySpan<byte> bytes, out int encodedLength)
    {
        encodedLength = 0;
        if (!decoder.TryDecode(bytes, out var message))
            return null;
        encodedLength = message.EncodedLength;
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = SchemaDecoder.JsonEncoder });
        message.WriteJson(json);
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
