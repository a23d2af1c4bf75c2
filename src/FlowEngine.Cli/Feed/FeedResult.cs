using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Feed;

/// <summary>What <c>feed</c> did, for its last line.</summary>
/// <param name="Packets">Packets sent.</param>
/// <param name="Bytes">Bytes sent, envelopes included.</param>
/// <param name="Skipped">Packets left out on demand.</param>
/// <param name="Truncated">Packets that the capture does not hold whole.</param>
/// <param name="BackPressured">Times that a packet had to wait for the subscribers.</param>
/// <param name="MaxLateMicros">Longest time that a packet left after it was due; without meaning when flat out.</param>
/// <param name="ElapsedSeconds">From the first packet to the last one read by the subscribers.</param>
/// <param name="Complete">False when it was stopped before the end.</param>
internal sealed record FeedResult(
    long Packets,
    long Bytes,
    long Skipped,
    long Truncated,
    long BackPressured,
    long MaxLateMicros,
    double ElapsedSeconds,
    bool Complete);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FeedResult))]
internal sealed partial class FeedJson : JsonSerializerContext;
