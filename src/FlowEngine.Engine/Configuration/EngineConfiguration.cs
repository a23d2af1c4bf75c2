using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowEngine.Engine;

/// <summary>
/// The configuration file: JSON with the fields of <see cref="EngineOptions"/>; what it leaves out has its default. Its
/// canonical form (all fields, fixed order, no spaces) is hashed, so that every published value names the parameters
/// behind it.
/// </summary>
public static class EngineConfiguration
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="json">UTF-8 JSON; comments and trailing commas are allowed.</param>
    /// <param name="source">File name for messages.</param>
    /// <exception cref="EngineConfigurationException">Not JSON, an unknown field, or a value out of range.</exception>
    public static EngineOptions Read(ReadOnlySpan<byte> json, string source)
    {
        EngineOptions options;
        try
        {
            options = JsonSerializer.Deserialize(json, EngineJson.Default.EngineOptions)
                ?? throw new EngineConfigurationException($"{source}: is null, expected a JSON object");
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber ?? 0) + 1;
            throw new EngineConfigurationException($"{source}, line {line}: {FirstSentence(exception.Message)}");
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
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = false)]
[JsonSerializable(typeof(EngineOptions))]
internal sealed partial class EngineJson : JsonSerializerContext;
