using System.Text.Json;
using FlowEngine.Sbe.OnTheFly;

namespace FlowEngine.Cli.Dump;

/// <summary>One line of one JSON object per message.</summary>
internal sealed class JsonLines : DumpLines
{
    private readonly Utf8JsonWriter _json;

    /// <summary>Lines onto a writer.</summary>
    public JsonLines(TextWriter stdout)
        : base(stdout)
    {
        _json = new Utf8JsonWriter(
            Buffer, new JsonWriterOptions { Encoder = SchemaDecoder.JsonEncoder, SkipValidation = true });
    }

    /// <inheritdoc/>
    public override void Message(in MessagePlace place, in DecodedMessage message, ReadOnlySpan<byte> unread)
    {
        Begin(in place);
        _json.WriteString("message"u8, message.Name);
        Header(message.Header);
        _json.WritePropertyName("body"u8);
        message.WriteJson(_json);
        if (!unread.IsEmpty)
            _json.WriteString("unread"u8, Convert.ToHexStringLower(unread));
        End();
    }

    /// <inheritdoc/>
    public override void Unknown(in MessagePlace place, in MessageHeader header, ReadOnlySpan<byte> bytes)
    {
        Begin(in place);
        _json.WriteNull("message"u8);
        Header(in header);
        _json.WriteBoolean("unknown"u8, true);
        _json.WriteString("raw"u8, Convert.ToHexStringLower(bytes));
        End();
    }

    /// <inheritdoc/>
    public override void Dispose() => _json.Dispose();

    private void Begin(in MessagePlace place)
    {
        _json.Reset();
        _json.WriteStartObject();
        if (place.Packet > 0)
        {
            _json.WriteNumber("packet"u8, place.Packet);
            _json.WriteString("time"u8, TimeOf(place.TimeNs));
            _json.WriteString("source"u8, place.Source);
            _json.WriteString("destination"u8, place.Destination);
        }

        if (place.Facts.Channel is { } channel)
            _json.WriteNumber("channel"u8, channel);
        if (place.Facts.Sequence is { } sequence)
            _json.WriteNumber("sequence"u8, sequence);
        _json.WriteNumber("offset"u8, place.Offset);
    }

    private void Header(in MessageHeader header)
    {
        _json.WriteNumber("templateId"u8, header.TemplateId);
        _json.WriteNumber("schemaId"u8, header.SchemaId);
        _json.WriteNumber("version"u8, header.Version);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        Buffer.GetSpan(1)[0] = (byte)'\n';
        Buffer.Advance(1);
        FlushIfFull();
    }
}
