using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Framing;
using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Cli.Dump;

/// <summary>The schema file the user named.</summary>
internal static class DumpSchema
{
    /// <summary>Reads a schema with the files it includes.</summary>
    /// <exception cref="UserError">There is no such file, or it has errors; one line.</exception>
    public static SchemaDecoder Load(string path)
    {
        string xml;
        try
        {
            xml = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var what = exception is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : Directory.Exists(path) ? "is a folder" : $"cannot be read ({exception.Message})";
            throw new UserError($"{path}: {what}; give the XML file of an SBE schema with --schema", cause: exception);
        }

        var parsed = SbeSchema.Parse(xml, path, include => File.Exists(include) ? File.ReadAllText(include) : null);
        if (parsed.IsValid)
            return SchemaDecoder.Compile(parsed);
        if (parsed.Diagnostics.Count == 0)
            throw new UserError($"{path}: is no SBE schema");
        var more = parsed.Diagnostics.Count == 1 ? "" : $" (and {parsed.Diagnostics.Count - 1} more)";
        throw new UserError($"{parsed.Diagnostics[0]}{more}");
    }
}

/// <summary>Knows the messages of a schema.</summary>
internal readonly record struct SchemaProbe(SchemaDecoder Decoder) : IMessageProbe
{
    /// <inheritdoc/>
    public int Measure(ReadOnlySpan<byte> bytes) =>
        Decoder.TryDecode(bytes, out var message) ? message.EncodedLength : 0;
}
