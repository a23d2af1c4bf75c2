using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Record;

/// <summary>What <c>record</c> did, for its last line.</summary>
/// <param name="Out">The file written.</param>
/// <param name="Packets">Packets written.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Unreadable">Messages of the stream that were no venue packet and are not in the file.</param>
/// <param name="ImagesLost">Publishers that went away while it recorded.</param>
/// <param name="ElapsedSeconds">Time it took.</param>
internal sealed record RecordResult(
    string Out, long Packets, long Bytes, long Unreadable, long ImagesLost, double ElapsedSeconds);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecordResult))]
internal sealed partial class RecordJson : JsonSerializerContext;
