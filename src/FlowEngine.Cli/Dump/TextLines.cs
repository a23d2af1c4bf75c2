using System.Globalization;
using System.Text;
using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Cli.Dump;

/// <summary>A headline per message, then its fields, each level two columns further in.</summary>
internal sealed class TextLines : DumpLines, IMessageVisitor
{
    private const int BytesPerRow = 32;

    private readonly StringBuilder _text = new();
    private int _depth;
    private int _composites;

    /// <summary>Lines onto a writer.</summary>
    public TextLines(TextWriter stdout)
        : base(stdout)
    {
    }

    /// <inheritdoc/>
    public override void Message(in MessagePlace place, in DecodedMessage message, ReadOnlySpan<byte> unread)
    {
        Headline(in place, message.Name, message.Header, message.EncodedLength);
        _depth = 1;
        var self = this;
        message.Accept(ref self);
        if (!unread.IsEmpty)
            Line(1, $"unread: {Convert.ToHexStringLower(unread)}");
        End();
    }

    /// <inheritdoc/>
    public override void Unknown(in MessagePlace place, in MessageHeader header, ReadOnlySpan<byte> bytes)
    {
        Headline(in place, "unknown message", in header, bytes.Length);
        for (var row = 0; row < bytes.Length; row += BytesPerRow)
        {
            var length = Math.Min(BytesPerRow, bytes.Length - row);
            Line(1, $"{row:x4}  {Convert.ToHexStringLower(bytes.Slice(row, length))}");
        }

        End();
    }

    /// <inheritdoc/>
    public void OnField(in FieldValue value)
    {
        if (_composites == 0)
            Line(_depth, $"{value.Name}: {value.ToString()}");
        else
            _text.Append(_text[^1] == '{' ? " " : ", ").Append(value.Name).Append(' ').Append(value.ToString());
    }

    /// <inheritdoc/>
    public void OnBeginComposite(SbeField field)
    {
        if (_composites++ == 0)
            _text.Append(' ', _depth * 2).Append(field.Name).Append(": {");
        else
            _text.Append(_text[^1] == '{' ? " " : ", ").Append(field.Name).Append(" {");
    }

    /// <inheritdoc/>
    public void OnEndComposite(SbeField field)
    {
        _text.Append(" }");
        if (--_composites == 0)
            _text.Append('\n');
    }

    /// <inheritdoc/>
    public void OnBeginGroup(SbeGroup group, int count)
    {
        Line(_depth, $"{group.Name}: {count}");
        _depth++;
    }

    /// <inheritdoc/>
    public void OnBeginEntry(SbeGroup group, int index)
    {
        Line(_depth, $"[{index}]");
        _depth++;
    }

    /// <inheritdoc/>
    public void OnEndEntry(SbeGroup group, int index) => _depth--;

    /// <inheritdoc/>
    public void OnEndGroup(SbeGroup group) => _depth--;

    /// <inheritdoc/>
    public void OnData(in DataValue value) => Line(_depth, $"{value.Name}: {value.ToString()}");

    /// <inheritdoc/>
    public override void Dispose() => Flush();

    private void Headline(in MessagePlace place, string name, in MessageHeader header, int length)
    {
        if (place.Packet > 0)
            _text.Append(TimeOf(place.TimeNs)).Append(' ');
        if (place.Facts.Channel is { } channel)
            _text.Append(CultureInfo.InvariantCulture, $"channel {channel} ");
        if (place.Facts.Sequence is { } sequence)
            _text.Append(CultureInfo.InvariantCulture, $"#{sequence} ");
        _text.Append(CultureInfo.InvariantCulture, $"{name} (template {header.TemplateId}, ")
            .Append(CultureInfo.InvariantCulture, $"schema {header.SchemaId} v{header.Version}, {length} bytes) at ");
        if (place.Packet > 0)
        {
            _text.Append(
                CultureInfo.InvariantCulture, $"packet {place.Packet} {place.Source} > {place.Destination} byte ");
        }
        else
        {
            _text.Append("byte ");
        }

        _text.Append(place.Offset).Append('\n');
    }

    private void Line(int depth, string text) => _text.Append(' ', depth * 2).Append(text).Append('\n');

    private void End()
    {
        Encoding.UTF8.GetBytes(_text.ToString(), Buffer);
        _text.Clear();
        FlushIfFull();
    }
}
