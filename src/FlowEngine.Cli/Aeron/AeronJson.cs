using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Aeron;

/// <summary>How the results of the <c>aeron</c> commands are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(LossReport))]
[JsonSerializable(typeof(StreamReport))]
[JsonSerializable(typeof(PingResult))]
[JsonSerializable(typeof(PongResult))]
[JsonSerializable(typeof(ThroughputResult))]
internal sealed partial class AeronJson : JsonSerializerContext;
