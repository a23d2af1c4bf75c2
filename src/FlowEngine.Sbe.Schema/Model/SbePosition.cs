namespace FlowEngine.Sbe.Schema;

/// <summary>A place in a schema file. Line and column count from 1; 0 means the file as a whole.</summary>
public readonly struct SbePosition : IEquatable<SbePosition>
{
    /// <summary>Names a place.</summary>
    public SbePosition(string path, int line, int column)
    {
        Path = path;
        Line = line;
        Column = column;
    }

    /// <summary>The file, as it was given to the parser.</summary>
    public string Path { get; }

    /// <summary>Line from 1.</summary>
    public int Line { get; }

    /// <summary>Column from 1.</summary>
    public int Column { get; }

    /// <inheritdoc/>
    public bool Equals(SbePosition other) => Path == other.Path && Line == other.Line && Column == other.Column;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SbePosition other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (Line * 397) ^ Column;

    /// <summary>Same file, line and column.</summary>
    public static bool operator ==(SbePosition left, SbePosition right) => left.Equals(right);

    /// <summary>Another place.</summary>
    public static bool operator !=(SbePosition left, SbePosition right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => $"{Path}({Line},{Column})";
}
