using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Export;

/// <summary>What to export, and where to.</summary>
/// <param name="Directory">Where to; exists.</param>
/// <param name="Name">First part of the files' names.</param>
/// <param name="IsParquet">Parquet, else CSV.</param>
/// <param name="Messages">Only these messages; empty for all.</param>
/// <param name="Symbol">Only this instrument; null for all.</param>
internal sealed record ExportOptions(
    string Directory, string Name, bool IsParquet, IReadOnlySet<string> Messages, string? Symbol);

/// <summary>One table.</summary>
/// <param name="Message">The message's name in signals.xml.</param>
/// <param name="Rows">Messages.</param>
internal sealed record ExportedTable(string Message, long Rows);

/// <summary>What <c>export</c> wrote, for its last line.</summary>
/// <param name="Directory">Where to.</param>
/// <param name="Events">Events replayed.</param>
/// <param name="ParameterHash">Of the configuration.</param>
/// <param name="Tables">By message.</param>
internal sealed record ExportResult(
    string Directory, long Events, string ParameterHash, IReadOnlyList<ExportedTable> Tables);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExportResult))]
internal sealed partial class ExportJson : JsonSerializerContext;
