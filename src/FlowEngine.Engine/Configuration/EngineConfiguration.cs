using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlowEngine.Engine;

/// <summary>
/// The configuration file: JSON with the fields of <see cref="EngineOptions"/>; what it leaves out has its default. Its
/// canonical form (all fields, fixed order, no spaces) is hashed, so that every published value names the parameters
/// behind it.
/// </summary>
public static class EngineConfiguration
{
    private static readonly JsonDocumentOptions s_lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">UTF-8 JSON; comments and trailing commas are allowed.</param>
    /// <param name="source">File name for messages.</param>
    /// <exception cref="EngineConfigurationException">Not JSON, an unknown field, or a value out of range.</exception>
    public static EngineOptions Read(ReadOnlySpan<byte> json, string source)
    {
        EngineOptions options;
        try
        {
            // Laid over the defaults: the serializer would give a field that is left out not its default but none.
            var merged = JsonNode.Parse(Canonical(new EngineOptions()))!.AsObject();
            var given = JsonNode.Parse(json, documentOptions: s_lenient) as JsonObject
                ?? throw new EngineConfigurationException($"{source}: expected a JSON object");
            Overlay(merged, given);
            options = merged.Deserialize(EngineJson.Default.EngineOptions)!;
        }
        catch (JsonException exception) when (exception.Path is null)
        {
            throw new EngineConfigurationException(
                $"{source}, line {(exception.LineNumber ?? 0) + 1}: {FirstSentence(exception.Message)}");
        }
        catch (JsonException exception)
        {
            throw new EngineConfigurationException(
                $"{source}, at {exception.Path}: {FirstSentence(exception.Message)}");
        }
        catch (ArgumentException exception)
        {
            throw new EngineConfigurationException($"{source}: {exception.Message.ReplaceLineEndings(" ")}");
        }

        var faults = options.Faults();
        return faults.Count == 0
            ? options
            : throw new EngineConfigurationException($"{source}: {string.Join("; ", faults)}");
    }

    /// <summary>The canonical form.</summary>
    public static byte[] Canonical(EngineOptions options) =>
        JsonSerializer.SerializeToUtf8Bytes(options, EngineJson.Default.EngineOptions);

    /// <summary>The first eight bytes of SHA-256 over the canonical form, little endian.</summary>
    public static ulong Hash(EngineOptions options) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Canonical(options)));

    private static void Overlay(JsonObject onto, JsonObject given)
    {
        foreach (var (name, value) in given)
        {
            if (value is JsonObject inner && onto[name] is JsonObject into)
            {
                Overlay(into, inner);
            }
            else
            {
                onto[name] = value?.DeepClone();
            }
        }
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

/// <summary>A configuration that cannot be used; the message is one line: where, what and what is allowed.</summary>
public sealed class EngineConfigurationException(string message) : Exception(message);

/// <summary>How options are written: camelCase, unknown fields refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = false)]
[JsonSerializable(typeof(EngineOptions))]
internal sealed partial class EngineJson : JsonSerializerContext;
