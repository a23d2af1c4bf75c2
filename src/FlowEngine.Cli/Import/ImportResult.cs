using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Import;

/// <summary>What <c>import</c> did, for its last line.</summary>
/// <param name="Out">The file written.</param>
/// <param name="Files">Files read.</param>
/// <param name="Packets">Packets written.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Records">Records read.</param>
/// <param name="Refused">Records refused.</param>
/// <param name="FirstRefusal">Where the first refused record is, and why.</param>
/// <param name="ElapsedSeconds">Time it took.</param>
internal sealed record ImportResult(
    string Out,
    int Files,
    long Packets,
    long Bytes,
    long Records,
    long Refused,
    string? FirstRefusal,
    double ElapsedSeconds);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImportResult))]
internal sealed partial class ImportJson : JsonSerializerContext;
