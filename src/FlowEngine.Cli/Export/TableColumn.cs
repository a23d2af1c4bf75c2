using System.Globalization;

namespace FlowEngine.Cli.Export;

/// <summary>What the cells of a column are.</summary>
internal enum ColumnKind
{
    /// <summary>Whole numbers of 64 bits.</summary>
    Whole,

    /// <summary>Doubles; NaN is not known.</summary>
    Real,

    /// <summary>Text.</summary>
    Text,
}

/// <summary>A column of a table and its cells since the last flush; null is not known.</summary>
/// <param name="name">Its heading.</param>
/// <param name="kind">What its cells are.</param>
internal sealed class TableColumn(string name, ColumnKind kind)
{
    /// <summary>Its heading.</summary>
    public string Name => name;

    /// <summary>What its cells are.</summary>
    public ColumnKind Kind => kind;

    /// <summary>Cells of <see cref="ColumnKind.Whole"/>.</summary>
    public List<long?> Wholes { get; } = [];

    /// <summary>Cells of <see cref="ColumnKind.Real"/>.</summary>
    public List<double?> Reals { get; } = [];

    /// <summary>Cells of <see cref="ColumnKind.Text"/>.</summary>
    public List<string?> Texts { get; } = [];

    /// <summary>Adds a whole number.</summary>
    public void Add(long? value) => Wholes.Add(value);

    /// <summary>Adds a double.</summary>
    public void Add(double? value) => Reals.Add(value is { } known && double.IsNaN(known) ? null : value);

    /// <summary>Adds a text.</summary>
    public void Add(string? value) => Texts.Add(value);

    /// <summary>A cell as text with a dot for the decimal sign; empty where it is not known.</summary>
    public string Show(int row) => kind switch
    {
        ColumnKind.Whole => Wholes[row]?.ToString(CultureInfo.InvariantCulture) ?? "",
        ColumnKind.Real => Reals[row]?.ToString("R", CultureInfo.InvariantCulture) ?? "",
        _ => Texts[row] ?? "",
    };

    /// <summary>Forgets the cells.</summary>
    public void Clear()
    {
        Wholes.Clear();
        Reals.Clear();
        Texts.Clear();
    }
}
