using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Export;

/// <summary>
/// A table on disk, written some ten thousand rows at a time, so that memory stays flat however long it gets. Every row
/// adds one cell to each column and then ends.
/// </summary>
internal sealed class TableFile : IDisposable
{
    private const int RowsAtOnce = 65_536;

    private readonly ITableWriter _writer;
    private int _rows;

    /// <summary>Creates the file.</summary>
    /// <param name="directory">Where to; made if need be.</param>
    /// <param name="name">Its name without extension; what no file name may have is left out.</param>
    /// <param name="isParquet">Parquet, else CSV.</param>
    /// <param name="columns">Its columns.</param>
    public TableFile(string directory, string name, bool isParquet, IReadOnlyList<TableColumn> columns)
    {
        Columns = columns;
        var clean = string.Concat(name.Split(Path.GetInvalidFileNameChars()));
        var path = Path.Combine(directory, clean + (isParquet ? ".parquet" : ".csv"));
        _writer = isParquet ? new ParquetTable(path, columns) : new CsvTable(path, columns);
    }

    /// <summary>Its columns.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Makes the directory of an option.</summary>
    /// <exception cref="UserError">It is a file.</exception>
    public static void MakeDirectory(string option, string directory)
    {
        if (File.Exists(directory))
        {
            throw UserError.Usage($"{option} is '{directory}', which is a file: name a directory");
        }

        Directory.CreateDirectory(directory);
    }

    /// <summary>Ends a row.</summary>
    public void EndRow()
    {
        if (++_rows == RowsAtOnce)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        _writer.Dispose();
    }

    private void Flush()
    {
        if (_rows == 0)
        {
            return;
        }

        _writer.Write(_rows);
        _rows = 0;
        foreach (var column in Columns)
        {
            column.Clear();
        }
    }
}
