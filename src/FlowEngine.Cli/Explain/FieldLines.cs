using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Cli.Explain;

/// <summary>Keeps every field of a message with what its schema says of it.</summary>
internal sealed class FieldLines : IMessageVisitor
{
    private readonly List<FieldLine> _lines = [];
    private string _prefix = "";

    /// <summary>The fields of a message, in its order.</summary>
    public static IReadOnlyList<FieldLine> Of(in DecodedMessage message)
    {
        var lines = new FieldLines();
        message.Accept(ref lines);
        return lines._lines;
    }

    /// <inheritdoc/>
    public void OnField(in FieldValue value) =>
        _lines.Add(new FieldLine(_prefix + value.Name, value.ToString(), value.Field.Notes.Description ?? ""));

    /// <inheritdoc/>
    public void OnBeginComposite(SbeField field) => _prefix += field.Name + ".";

    /// <inheritdoc/>
    public void OnEndComposite(SbeField field) => _prefix = _prefix[..^(field.Name.Length + 1)];

    /// <inheritdoc/>
    public void OnBeginGroup(SbeGroup group, int count)
    {
    }

    /// <inheritdoc/>
    public void OnBeginEntry(SbeGroup group, int index) => _prefix = $"{group.Name}[{index}].";

    /// <inheritdoc/>
    public void OnEndEntry(SbeGroup group, int index) => _prefix = "";

    /// <inheritdoc/>
    public void OnEndGroup(SbeGroup group)
    {
    }

    /// <inheritdoc/>
    public void OnData(in DataValue value) => _lines.Add(new FieldLine(_prefix + value.Name, value.ToString(), ""));
}
