using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Book;

/// <summary>A level of a shown book, in the venue's units.</summary>
/// <param name="Price">Price in quote currency.</param>
/// <param name="Size">Size in the venue's amount unit.</param>
internal sealed record BookLevel(decimal Price, decimal Size);

/// <summary>A book as of a moment.</summary>
/// <param name="Symbol">The venue's name of the instrument.</param>
/// <param name="State">Whether it can be believed.</param>
/// <param name="Time">Venue time of the last event in it, UTC.</param>
/// <param name="TimeNs">The same, nanoseconds since epoch.</param>
/// <param name="Sequence">Venue sequence of the book.</param>
/// <param name="Bids">Best first.</param>
/// <param name="Asks">Best first.</param>
internal sealed record BookResult(
    string Symbol,
    string State,
    string Time,
    long TimeNs,
    ulong Sequence,
    IReadOnlyList<BookLevel> Bids,
    IReadOnlyList<BookLevel> Asks);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BookResult))]
internal sealed partial class BookJson : JsonSerializerContext;
