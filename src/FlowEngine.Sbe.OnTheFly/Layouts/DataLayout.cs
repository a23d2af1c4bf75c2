using System.Text;
using System.Text.Json;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>Variable data and where its prefix keeps the length.</summary>
internal sealed class DataLayout
{
    public required SbeDataField Data { get; init; }

    public required JsonEncodedText Name { get; init; }

    public required NumberPlace Length { get; init; }

    /// <summary>How the bytes are text; null where they are none.</summary>
    public Encoding? TextEncoding { get; init; }

    /// <summary>Bytes before the content.</summary>
    public int PrefixLength => Data.Content.Offset;

    public int SinceVersion => Data.Notes.SinceVersion;
}
