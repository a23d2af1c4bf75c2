using System.Text.Json;
using System.Text.Json.Serialization;
using FlowEngine.Cli.Book;

namespace FlowEngine.Cli.Explain;

/// <summary>An event as the engine took it.</summary>
/// <param name="Sequence">The engine's number.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Side">Resting side, or the aggressor's.</param>
/// <param name="Price">Quote currency; null where the kind has none.</param>
/// <param name="Size">The venue's unit.</param>
/// <param name="Id">Order, trade or predecessor.</param>
/// <param name="Flags">What else is known.</param>
/// <param name="VenueSequence">The venue's own sequence.</param>
/// <param name="VenueTime">Matching-engine time, UTC.</param>
internal sealed record ExplainedEvent(
    long Sequence,
    string Kind,
    string Side,
    decimal? Price,
    decimal Size,
    ulong Id,
    string Flags,
    ulong VenueSequence,
    string VenueTime);

/// <summary>A book's best levels.</summary>
/// <param name="State">Whether it could be believed.</param>
/// <param name="Bids">Best first.</param>
/// <param name="Asks">Best first.</param>
internal sealed record ExplainedBook(string State, IReadOnlyList<BookLevel> Bids, IReadOnlyList<BookLevel> Asks);

/// <summary>The event's order flow (F1), in lots, + is buy: the two add up to it.</summary>
/// <param name="Step">What the event was to the touch: stepped, started or frozen; only a step has flow.</param>
/// <param name="Bid">1{Pb ≥ Pb'} qb - 1{Pb ≤ Pb'} qb'.</param>
/// <param name="Ask">1{Pa ≥ Pa'} qa' - 1{Pa ≤ Pa'} qa.</param>
internal sealed record ExplainedFlow(string Step, long Bid, long Ask);

/// <summary>A leg of the score (F9), + is sell.</summary>
/// <param name="Name">Which.</param>
/// <param name="Of">What it is read from.</param>
/// <param name="Value">Now; null where it is not known.</param>
/// <param name="Usual">Its mean before; null where it had no past.</param>
/// <param name="Deviation">One deviation, at least the floor.</param>
/// <param name="Z">(value - usual) / deviation, within 4.</param>
/// <param name="Weight">Its weight over that of all known legs.</param>
/// <param name="Contribution">z times weight, and times the score's scale: what it adds to raw.</param>
/// <param name="Why">Why it is not known.</param>
internal sealed record ExplainedLeg(
    string Name,
    string Of,
    double? Value,
    double? Usual,
    double? Deviation,
    double Z,
    double Weight,
    double Contribution,
    string? Why);

/// <summary>A message that named the event.</summary>
/// <param name="Name">Template.</param>
/// <param name="ComputedAt">Number of the event at which it was computed: this one, or a timer after it.</param>
/// <param name="Fields">Every field under the schema's name.</param>
/// <param name="Flow">For pressure: its order flow; none where it is stale.</param>
/// <param name="Legs">For sellPressure: what the score is made of; none where it is stale.</param>
internal sealed record ExplainedMessage(
    string Name,
    long ComputedAt,
    JsonElement Fields,
    ExplainedFlow? Flow,
    IReadOnlyList<ExplainedLeg>? Legs)
{
    /// <summary>Name, value and meaning of each field.</summary>
    [JsonIgnore]
    public IReadOnlyList<FieldLine> Lines { get; init; } = [];
}

/// <summary>A field for a human.</summary>
/// <param name="Name">With its composite's.</param>
/// <param name="Value">Its value.</param>
/// <param name="Meaning">What the schema says of it.</param>
internal readonly record struct FieldLine(string Name, string Value, string Meaning);

/// <summary>What <c>explain</c> prints.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Sequence">The event's number: <c>provenance.eventSequence</c>.</param>
/// <param name="ParameterHash">Hash of the configuration.</param>
/// <param name="Events">The venue event: this one and those before it that belong to it.</param>
/// <param name="Before">The book before it.</param>
/// <param name="After">The book after it.</param>
/// <param name="Published">The messages that named it.</param>
internal sealed record ExplainResult(
    string Symbol,
    long Sequence,
    string ParameterHash,
    IReadOnlyList<ExplainedEvent> Events,
    ExplainedBook Before,
    ExplainedBook After,
    IReadOnlyList<ExplainedMessage> Published);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExplainResult))]
internal sealed partial class ExplainJson : JsonSerializerContext;
