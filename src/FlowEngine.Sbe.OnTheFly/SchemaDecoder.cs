using System.Text.Encodings.Web;
using FlowEngine.Sbe.OnTheFly.Layouts;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly;

/// <summary>
/// Decodes any message of a schema that was read at run time. Made once, then it does not change: any thread may use
/// it. It accepts the bytes that the generated <c>TryWrap</c> of the message accepts, and no others.
/// </summary>
public sealed class SchemaDecoder
{
    private readonly Dictionary<ulong, MessageLayout> _messages = [];
    private readonly ExtensionLayout _extension;
    private readonly NumberPlace _blockLength;
    private readonly NumberPlace _templateId;
    private readonly NumberPlace _schemaId;
    private readonly NumberPlace _version;

    private SchemaDecoder(SbeSchema schema, SbeComposite header)
    {
        Schema = schema;
        HeaderLength = header.EncodedLength;
        _blockLength = NumberPlace.Of(header.Find("blockLength")!);
        _templateId = NumberPlace.Of(header.Find("templateId")!);
        _schemaId = NumberPlace.Of(header.Find("schemaId")!);
        _version = NumberPlace.Of(header.Find("version")!);
        _extension = new ExtensionLayout(schema);
        var compiler = new LayoutCompiler();
        foreach (var message in schema.Messages)
            _messages.TryAdd((ulong)message.Id, compiler.Compile(message));
    }

    /// <summary>What values are escaped with, here and in generated code: only what JSON demands.</summary>
    public static JavaScriptEncoder JsonEncoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The schema.</summary>
    public SbeSchema Schema { get; }

    /// <summary>Bytes of a message header.</summary>
    public int HeaderLength { get; }

    /// <summary>Makes a decoder of a schema that has no errors.</summary>
    /// <exception cref="ArgumentException">The schema has errors.</exception>
    public static SchemaDecoder Compile(SbeParseResult parsed)
    {
        if (!parsed.IsValid)
        {
            throw new ArgumentException(
                parsed.Diagnostics.Count > 0 ? parsed.Diagnostics[0].ToString() : "no schema", nameof(parsed));
        }

        return new SchemaDecoder(parsed.Schema!, parsed.Schema!.Header!);
    }

    /// <summary>Reads a header; more bytes may follow it.</summary>
    /// <returns>False when there are too few bytes.</returns>
    public bool TryReadHeader(ReadOnlySpan<byte> bytes, out MessageHeader header)
    {
        if (bytes.Length < HeaderLength)
        {
            header = default;
            return false;
        }

        header = new MessageHeader(
            Read(bytes, _blockLength), Read(bytes, _templateId), Read(bytes, _schemaId), Read(bytes, _version));
        return true;
    }

    /// <summary>Whether a header names this schema and one of its messages.</summary>
    public bool Knows(in MessageHeader header) =>
        header.SchemaId == (ulong)Schema.Id && _messages.ContainsKey(header.TemplateId);

    /// <summary>Decodes a message that begins at its header; more bytes may follow it.</summary>
    /// <returns>False when it is none of this schema or any of its lengths and counts is wrong.</returns>
    public bool TryDecode(ReadOnlySpan<byte> bytes, out DecodedMessage message) =>
        TryDecode(bytes, out message, out _);

    /// <summary>Decodes a message that begins at its header, and says what is wrong with it.</summary>
    public bool TryDecode(ReadOnlySpan<byte> bytes, out DecodedMessage message, out DecodeFailure failure)
    {
        message = default;
        if (!TryReadHeader(bytes, out var header))
        {
            failure = new DecodeFailure(
                DecodeFault.TooShort, 0, $"a header has {HeaderLength} bytes and {bytes.Length} are left");
            return false;
        }

        if (header.SchemaId != (ulong)Schema.Id)
        {
            failure = new DecodeFailure(
                DecodeFault.OtherSchema, _schemaId.Offset, $"schema id {header.SchemaId}, not {Schema.Id}");
            return false;
        }

        if (!_messages.TryGetValue(header.TemplateId, out var layout))
        {
            failure = new DecodeFailure(
                DecodeFault.UnknownTemplate, _templateId.Offset, $"no template {header.TemplateId} in the schema");
            return false;
        }

        var body = bytes[HeaderLength..];
        if (header.BlockLength > (ulong)body.Length || header.BlockLength < (ulong)layout.MinimumLength)
        {
            failure = new DecodeFailure(
                DecodeFault.Malformed, _blockLength.Offset, BlockFault(header, layout, body.Length));
            return false;
        }

        var version = SbeWire.ToVersion(header.Version);
        var walk = new BlockWalk(_extension, version);
        var extra = _extension.OfMessage(bytes, layout, version);
        var position = (int)header.BlockLength;
        if (walk.Measure(layout, extra, body, ref position) is { } fault)
        {
            failure = new DecodeFailure(DecodeFault.Malformed, HeaderLength + position, fault);
            return false;
        }

        message = new DecodedMessage(layout, walk, extra, bytes[..(HeaderLength + position)], HeaderLength, header);
        failure = default;
        return true;
    }

    private static string BlockFault(in MessageHeader header, MessageLayout layout, int available) =>
        header.BlockLength > (ulong)available
            ? $"'{layout.Message.Name}' claims a block of {header.BlockLength} bytes and {available} are left"
            : $"'{layout.Message.Name}' claims a block of {header.BlockLength} bytes and has at least "
                + $"{layout.MinimumLength}";

    private ulong Read(ReadOnlySpan<byte> bytes, NumberPlace place) =>
        WireNumbers.ReadBits(bytes[place.Offset..], place.Primitive, Schema.IsBigEndian);
}
