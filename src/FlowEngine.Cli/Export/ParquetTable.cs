using Parquet;
using Parquet.Schema;

namespace FlowEngine.Cli.Export;

/// <summary>Apache Parquet, one row group a flush; what is not known is null.</summary>
internal sealed class ParquetTable : ITableWriter
{
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly FileStream _file;
    private readonly DataField[] _fields;
    private readonly ParquetWriter _writer;

    /// <summary>Creates the file.</summary>
    public ParquetTable(string path, IReadOnlyList<TableColumn> columns)
    {
        _columns = columns;
        _fields = [.. columns.Select(FieldOf)];
        _file = File.Create(path);
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), _file).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Write(int rows)
    {
        using var group = _writer.CreateRowGroup();
        for (var i = 0; i < _fields.Length; i++)
        {
            var (field, column) = (_fields[i], _columns[i]);
            var written = column.Kind switch
            {
                ColumnKind.Whole => group.WriteAsync<long>(field, column.Wholes.ToArray()),
                ColumnKind.Real => group.WriteAsync<double>(field, column.Reals.ToArray()),
                _ => group.WriteAsync(field, column.Texts.ToArray()!),
            };
            written.GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private static DataField FieldOf(TableColumn column) => column.Kind switch
    {
        ColumnKind.Whole => new DataField<long?>(column.Name),
        ColumnKind.Real => new DataField<double?>(column.Name),
        _ => new DataField<string>(column.Name),
    };
}
