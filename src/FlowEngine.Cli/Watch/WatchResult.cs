using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Watch;

/// <summary>What <c>watch</c> saw, for its last line.</summary>
/// <param name="Received">New values.</param>
/// <param name="Repeats">Repeats for late joiners.</param>
/// <param name="Conflated">Values that newer ones replaced unsent.</param>
/// <param name="Lost">Messages lost on the way.</param>
/// <param name="Unreadable">Messages of another schema, or broken.</param>
/// <param name="Instruments">Instruments known at the end.</param>
/// <param name="Epoch">The engine's epoch, nanoseconds since 1970; 0 when none spoke.</param>
/// <param name="ElapsedSeconds">How long it watched.</param>
internal sealed record WatchResult(
    long Received,
    long Repeats,
    long Conflated,
    long Lost,
    long Unreadable,
    int Instruments,
    ulong Epoch,
    double ElapsedSeconds);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WatchResult))]
internal sealed partial class WatchJson : JsonSerializerContext;
