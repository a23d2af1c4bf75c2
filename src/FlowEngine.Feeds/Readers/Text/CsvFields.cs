using System.Buffers.Text;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>The fields of one line of a CSV file without quotes, from left to right.</summary>
internal ref struct CsvFields
{
    private ReadOnlySpan<byte> _rest;
    private bool _ended;

    public CsvFields(ReadOnlySpan<byte> line) => _rest = line;

    /// <summary>Whether every field was read.</summary>
    public readonly bool IsAtEnd => _ended;

    /// <summary>The next field without blanks around it; empty behind the last.</summary>
    public ReadOnlySpan<byte> Next()
    {
        int comma = _rest.IndexOf((byte)',');
        ReadOnlySpan<byte> field = comma < 0 ? _rest : _rest[..comma];
        _ended |= comma < 0;
        _rest = comma < 0 ? default : _rest[(comma + 1)..];
        return field.Trim((byte)' ');
    }

    /// <summary>The next field as a whole number.</summary>
    public bool TryWhole(out long value) => TryWhole(Next(), out value);

    /// <summary>A field as a whole number, nothing behind it.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> field, out long value) =>
        Utf8Parser.TryParse(field, out value, out int used) && used == field.Length;
}
