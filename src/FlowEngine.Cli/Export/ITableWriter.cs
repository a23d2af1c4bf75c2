namespace FlowEngine.Cli.Export;

/// <summary>A format of tables.</summary>
internal interface ITableWriter : IDisposable
{
    /// <summary>Writes the rows that the columns hold, at least one.</summary>
    void Write(int rows);
}
