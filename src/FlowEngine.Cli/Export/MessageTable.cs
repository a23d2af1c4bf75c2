using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Cli.Export;

/// <summary>
/// The table of one kind of message: a column a field, an array a column an element. What the provenance says of where
/// and when it was sent is left out: a file was never sent.
/// </summary>
internal sealed class MessageTable : IMessageVisitor, IDisposable
{
    private const string Origin = "provenance.";

    private static readonly HashSet<string> s_unsent =
        ["epoch", "publishTime", "receiveTime", "conflated", "delivery", "reserved"];

    private readonly List<TableColumn> _columns = [new("symbol", ColumnKind.Text)];
    private TableFile? _file;
    private string _prefix = "";
    private int _next;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds a message; the first makes the file.</summary>
    /// <param name="message">Of the same kind each time.</param>
    /// <param name="symbol">Of what.</param>
    /// <param name="create">Creates the file of the columns.</param>
    public void Add(
        in DecodedMessage message, string symbol, Func<IReadOnlyList<TableColumn>, TableFile> create)
    {
        var visitor = this;
        if (_file is null)
        {
            // Once to see which columns there are.
            message.Accept(ref visitor);
            _file = create(_columns);
        }

        _next = 1;
        _columns[0].Add(symbol);
        message.Accept(ref visitor);
        _file.EndRow();
        Rows++;
    }

    /// <inheritdoc/>
    public void OnField(in FieldValue value)
    {
        var name = _prefix + value.Name;
        if (name.StartsWith(Origin, StringComparison.Ordinal))
        {
            name = name[Origin.Length..];
            if (s_unsent.Contains(name))
            {
                return;
            }
        }

        for (var i = 0; i < (value.Kind == FieldKind.Numbers ? value.Count : 1); i++)
        {
            if (_file is null)
            {
                _columns.Add(new(value.Kind == FieldKind.Numbers ? $"{name}{i + 1}" : name, KindOf(in value)));
            }
            else
            {
                AddTo(_columns[_next++], in value, i);
            }
        }
    }

    /// <inheritdoc/>
    public void OnBeginComposite(SbeField field) => _prefix += field.Name + ".";

    /// <inheritdoc/>
    public void OnEndComposite(SbeField field) => _prefix = _prefix[..^(field.Name.Length + 1)];

    /// <inheritdoc/>
    public void OnBeginGroup(SbeGroup group, int count) => throw Variable(group.Name);

    /// <inheritdoc/>
    public void OnBeginEntry(SbeGroup group, int index)
    {
    }

    /// <inheritdoc/>
    public void OnEndEntry(SbeGroup group, int index)
    {
    }

    /// <inheritdoc/>
    public void OnEndGroup(SbeGroup group)
    {
    }

    /// <inheritdoc/>
    public void OnData(in DataValue value) => throw Variable(value.Name);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static void AddTo(TableColumn column, in FieldValue value, int index)
    {
        switch (column.Kind)
        {
            case ColumnKind.Text:
                column.Add(value.Kind == FieldKind.Enum ? value.EnumName : value.Text);
                break;
            case ColumnKind.Real:
                column.Add((double?)value.DoubleAt(index));
                break;
            default:
                column.Add(value.IsNull ? null : (long)value.BitsAt(index));
                break;
        }
    }

    private static ColumnKind KindOf(in FieldValue value) => value.Kind switch
    {
        FieldKind.Enum or FieldKind.Text or FieldKind.Character => ColumnKind.Text,
        FieldKind.Set => ColumnKind.Whole,
        _ => value.Field.Type is SbeScalarType scalar && scalar.Primitive.IsFloating()
            ? ColumnKind.Real
            : ColumnKind.Whole,
    };

    // Every message of the signals has a fixed length.
    private static InvalidOperationException Variable(string name) => new($"'{name}' has no fixed length");
}
