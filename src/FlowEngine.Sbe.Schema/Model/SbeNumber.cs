using System.Globalization;

namespace FlowEngine.Sbe.Schema;

/// <summary>A value of any primitive type: an integer of up to 64 bits, or a floating number.</summary>
public readonly struct SbeNumber : IEquatable<SbeNumber>
{
    private SbeNumber(decimal integer, double floating, bool isFloating)
    {
        Integer = integer;
        Floating = floating;
        IsFloating = isFloating;
    }

    /// <summary>The value of an integer; holds every int64 and uint64 exactly.</summary>
    public decimal Integer { get; }

    /// <summary>The value of a floating number; may be NaN.</summary>
    public double Floating { get; }

    /// <summary>Which of the two it is.</summary>
    public bool IsFloating { get; }

    /// <summary>An integer.</summary>
    public static SbeNumber Of(decimal value) => new(value, 0, isFloating: false);

    /// <summary>A floating number.</summary>
    public static SbeNumber Of(double value) => new(0, value, isFloating: true);

    /// <summary>The low 64 bits of an integer, as they stand on the wire.</summary>
    public ulong Bits => Integer < 0 ? unchecked((ulong)(long)Integer) : (ulong)Integer;

    /// <inheritdoc/>
    public bool Equals(SbeNumber other) =>
        IsFloating == other.IsFloating && Integer == other.Integer && Floating.Equals(other.Floating);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SbeNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsFloating ? Floating.GetHashCode() : Integer.GetHashCode();

    /// <summary>Same kind and value; NaN equals NaN.</summary>
    public static bool operator ==(SbeNumber left, SbeNumber right) => left.Equals(right);

    /// <summary>Different kind or value.</summary>
    public static bool operator !=(SbeNumber left, SbeNumber right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() =>
        IsFloating
            ? Floating.ToString("R", CultureInfo.InvariantCulture) : Integer.ToString(CultureInfo.InvariantCulture);
}
