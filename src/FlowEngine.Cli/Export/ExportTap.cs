using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Sbe.OnTheFly;

namespace FlowEngine.Cli.Export;

/// <summary>Writes each message that a replayed engine computes to the table of its kind.</summary>
internal sealed class ExportTap : IEventTap, IDisposable
{
    private readonly SchemaDecoder _schema;
    private readonly ExportOptions _options;
    private readonly SortedDictionary<string, MessageTable> _tables = new(StringComparer.Ordinal);
    private EngineState? _state;

    /// <summary>Tables of what is to come.</summary>
    public ExportTap(SchemaDecoder schema, ExportOptions options) => (_schema, _options) = (schema, options);

    /// <summary>The tables by message, and their rows.</summary>
    public IEnumerable<(string Message, long Rows)> Tables =>
        _tables.Select(pair => (pair.Key, pair.Value.Rows));

    /// <summary>Lets the tap look into an engine.</summary>
    public void Watch(EngineState state) => _state = state;

    /// <inheritdoc/>
    public void Before(in MarketEvent evt, long sequence)
    {
    }

    /// <inheritdoc/>
    public void After(in MarketEvent evt, long sequence)
    {
    }

    /// <inheritdoc/>
    public void Message(ReadOnlySpan<byte> message)
    {
        // Directory and status are about the engine, not the market.
        if (!_schema.TryDecode(message, out var decoded) || !IsSignal(in decoded))
        {
            return;
        }

        // The provenance comes first and begins with the instrument: signals.xml.
        var symbol = _state!.Table[BitConverter.ToInt32(message[decoded.HeaderLength..])].Symbol;
        if ((_options.Symbol is not null && _options.Symbol != symbol)
            || (_options.Messages.Count > 0 && !_options.Messages.Contains(decoded.Name)))
        {
            return;
        }

        if (!_tables.TryGetValue(decoded.Name, out var table))
        {
            table = new MessageTable();
            _tables.Add(decoded.Name, table);
        }

        var name = $"{_options.Name}.{decoded.Name}";
        table.Add(
            in decoded, symbol, columns => new TableFile(_options.Directory, name, _options.IsParquet, columns));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }
    }

    private static bool IsSignal(in DecodedMessage message) =>
        message.Message.Fields is [{ Name: "provenance" }, ..];
}
