namespace FlowEngine.Cli.Export;

/// <summary>Comma-separated text with a heading; what is not known is an empty cell.</summary>
internal sealed class CsvTable : ITableWriter
{
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly StreamWriter _writer;

    /// <summary>Creates the file and writes its heading.</summary>
    public CsvTable(string path, IReadOnlyList<TableColumn> columns)
    {
        _columns = columns;
        _writer = new StreamWriter(path);
        _writer.Write(string.Join(',', columns.Select(column => column.Name)) + "\n");
    }

    /// <inheritdoc/>
    public void Write(int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < _columns.Count; i++)
            {
                _writer.Write(i == 0 ? "" : ",");
                _writer.Write(_columns[i].Show(row));
            }

            _writer.Write('\n');
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
