using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Verify;

/// <summary>One kind of comparison over a file.</summary>
/// <param name="Checked">Comparisons made.</param>
/// <param name="Equal">Those that came out equal.</param>
/// <param name="Different">Those that did not.</param>
/// <param name="NotComparable">Truth that nothing could be held against: first rows, books not known yet.</param>
/// <param name="FirstDifference">Where the first difference is, and what differs.</param>
/// <param name="Entered">Equal rows in which a level came from beyond the view; rows only.</param>
internal sealed record VerifyKind(
    long Checked, long Equal, long Different, long NotComparable, string? FirstDifference, long? Entered);

/// <summary>What came of one file.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Records">Records read.</param>
/// <param name="Refused">Records refused.</param>
/// <param name="FirstRefusal">Where the first refused record is, and why.</param>
/// <param name="CutOff">Whether it could not be read to its end.</param>
/// <param name="BookRows">Rows of a book file against the book rebuilt from the rows before and the message.</param>
/// <param name="Checksums">The venue's checksums against the rebuilt books'.</param>
/// <param name="Tickers">The venue's best bid and ask against the rebuilt books'.</param>
/// <param name="Sequence">Book updates against the updates that they say they build on.</param>
/// <param name="Orders">Changes of orders against the orders that rest.</param>
/// <param name="Skipped">Why the file was passed over; null when it was read.</param>
internal sealed record VerifyFile(
    string File,
    string Format,
    long Records,
    long Refused,
    string? FirstRefusal,
    bool CutOff,
    VerifyKind? BookRows,
    VerifyKind? Checksums,
    VerifyKind? Tickers,
    VerifyKind? Sequence,
    VerifyKind? Orders,
    string? Skipped = null)
{
    /// <summary>A file that was passed over.</summary>
    public static VerifyFile PassedOver(string file, string why) =>
        new(file, "none", 0, 0, null, false, null, null, null, null, null, why);

    /// <summary>Whether anything differs.</summary>
    [JsonIgnore]
    public bool IsDifferent => Kinds.Any(kind => kind.Value is { Different: > 0 });

    /// <summary>The kinds by name.</summary>
    [JsonIgnore]
    public IEnumerable<KeyValuePair<string, VerifyKind?>> Kinds =>
    [
        new("bookRows", BookRows), new("checksums", Checksums), new("tickers", Tickers), new("sequence", Sequence),
        new("orders", Orders),
    ];
}

/// <summary>What came of several files.</summary>
/// <param name="Files">One for each.</param>
/// <param name="ElapsedSeconds">Time it took.</param>
internal sealed record VerifyFiles(IReadOnlyList<VerifyFile> Files, double ElapsedSeconds);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyFile))]
[JsonSerializable(typeof(VerifyFiles))]
internal sealed partial class VerifyJson : JsonSerializerContext;
