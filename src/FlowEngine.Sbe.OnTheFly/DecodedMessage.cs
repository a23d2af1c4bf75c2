using System.Text.Json;
using FlowEngine.Sbe.OnTheFly.Layouts;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly;

/// <summary>A message whose lengths and counts were all checked: reading it cannot fail. Dies with its bytes.</summary>
public readonly ref struct DecodedMessage
{
    private readonly MessageLayout _layout;
    private readonly BlockWalk _walk;
    private readonly ExtraParts _extra;

    internal DecodedMessage(
        MessageLayout layout, BlockWalk walk, ExtraParts extra, ReadOnlySpan<byte> bytes, int headerLength,
        MessageHeader header)
    {
        _extra = extra;
        _layout = layout;
        _walk = walk;
        Bytes = bytes;
        HeaderLength = headerLength;
        Header = header;
    }

    /// <summary>The message from its header to its last byte.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Bytes of the whole message, header included: where the next begins.</summary>
    public int EncodedLength => Bytes.Length;

    /// <summary>Bytes of the header.</summary>
    public int HeaderLength { get; }

    /// <summary>What the header says.</summary>
    public MessageHeader Header { get; }

    /// <summary>The message as the schema describes it.</summary>
    public SbeMessage Message => _layout.Message;

    /// <summary>The name in the schema.</summary>
    public string Name => _layout.Message.Name;

    /// <summary>Shows all parts, constants included, in schema order.</summary>
    public void Accept<TVisitor>(ref TVisitor visitor)
        where TVisitor : IMessageVisitor, allows ref struct =>
        _walk.Show(_layout, _extra, Bytes[HeaderLength..], (int)Header.BlockLength, ref visitor);

    /// <summary>Writes the message as one JSON object, the same that generated code writes.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        var visitor = new JsonVisitor(json);
        json.WriteStartObject();
        Accept(ref visitor);
        json.WriteEndObject();
    }
}
