using System.Globalization;
using System.Text.Json;
using FlowEngine.Sbe.OnTheFly.Layouts;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Values;

/// <summary>The value of one field or composite member of a message. It dies with the message's bytes.</summary>
public readonly ref struct FieldValue
{
    private readonly FieldLayout _layout;
    private readonly bool _isBigEndian;

    internal FieldValue(FieldLayout layout, ReadOnlySpan<byte> bytes, bool isPresent, bool isBigEndian)
    {
        _layout = layout;
        _isBigEndian = isBigEndian;
        Bytes = bytes;
        IsPresent = isPresent;
    }

    /// <summary>The field as the schema describes it.</summary>
    public SbeField Field => _layout.Field;

    /// <summary>The name in the schema.</summary>
    public string Name => _layout.Field.Name;

    /// <summary>What it holds.</summary>
    public FieldKind Kind => _layout.Kind;

    /// <summary>Whether the schema says the value and no byte of the message does.</summary>
    public bool IsConstant => _layout.IsConstant;

    /// <summary>Whether it is in the message: false for a field of a later version than the sender's.</summary>
    public bool IsPresent { get; }

    /// <summary>Its bytes on the wire; empty when it is absent or constant.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Elements of an array, 1 for all else.</summary>
    public int Count => _layout.Count;

    /// <summary>Whether it is absent, or holds the value that means null.</summary>
    public bool IsNull
    {
        get
        {
            if (!IsPresent)
                return true;
            if (!_layout.IsNullable || IsConstant)
                return false;
            if (!_layout.Primitive.IsFloating())
                return Bits == _layout.NullBits;
            return double.IsNaN(_layout.NullFloating) ? double.IsNaN(Double) : Double == _layout.NullFloating;
        }
    }

    /// <summary>An integer, character, enum or set as it is on the wire, sign-extended; 0 when absent.</summary>
    public ulong Bits => IsConstant ? _layout.Field.Constant!.Number.Bits : IsPresent ? BitsAt(0) : 0;

    /// <summary>The same as a signed number.</summary>
    public long Int64 => (long)Bits;

    /// <summary>A floating number; NaN when absent.</summary>
    public double Double =>
        IsConstant ? _layout.Field.Constant!.Number.Floating : IsPresent ? DoubleAt(0) : double.NaN;

    /// <summary>The name of an enum's value; null when it is null, absent, or not in the schema.</summary>
    public string? EnumName =>
        Kind == FieldKind.Enum && IsPresent && _layout.EnumNames.TryGetValue(Bits, out var name)
            ? name.ToString() : null;

    /// <summary>A char array or char as text; empty when absent.</summary>
    public string Text
    {
        get
        {
            if (IsConstant)
                return _layout.Field.Constant!.Text ?? Character(Bits);
            if (Kind == FieldKind.Character)
                return IsPresent ? Character(Bits) : string.Empty;
            var end = Bytes.IndexOf((byte)0);
            return _layout.TextEncoding.GetString(end < 0 ? Bytes : Bytes[..end]);
        }
    }

    /// <summary>Whether a choice of a set is on.</summary>
    /// <param name="index">Its place in the schema.</param>
    public bool IsChosen(int index) => (Bits & _layout.Choices[index].Mask) != 0;

    /// <summary>The bits of one element of an array.</summary>
    public ulong BitsAt(int index) =>
        WireNumbers.ReadBits(Bytes[(index * _layout.Primitive.Size())..], _layout.Primitive, _isBigEndian);

    /// <summary>One element of an array of floating numbers.</summary>
    public double DoubleAt(int index) => _layout.Primitive == SbePrimitive.Float
        ? BitConverter.UInt32BitsToSingle((uint)BitsAt(index)) : BitConverter.UInt64BitsToDouble(BitsAt(index));

    /// <summary>Writes the value, without its name, as JSON.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        if (!IsPresent || (IsNull && Kind is FieldKind.Number or FieldKind.Character))
        {
            json.WriteNullValue();
            return;
        }

        switch (Kind)
        {
            case FieldKind.Number:
                WriteNumber(json, Bits, IsConstant && _layout.Primitive.IsFloating() ? Double : null);
                break;
            case FieldKind.Character or FieldKind.Text:
                json.WriteStringValue(Text);
                break;
            case FieldKind.Numbers:
                json.WriteStartArray();
                for (var i = 0; i < Count; i++)
                    WriteNumber(json, BitsAt(i), null);
                json.WriteEndArray();
                break;
            case FieldKind.Enum:
                WriteEnum(json);
                break;
            case FieldKind.Set:
                json.WriteStartObject();
                var bits = Bits;
                foreach (var (name, mask) in _layout.Choices)
                    json.WriteBoolean(name, (bits & mask) != 0);
                json.WriteEndObject();
                break;
        }
    }

    internal void WriteName(Utf8JsonWriter json) => json.WritePropertyName(_layout.Name);

    /// <summary>The value for a human: null is a dash, a set is its choices.</summary>
    public override string ToString()
    {
        if (!IsPresent || (IsNull && Kind is FieldKind.Number or FieldKind.Character))
            return "-";
        switch (Kind)
        {
            case FieldKind.Number:
                return IsConstant ? _layout.Field.Constant!.Number.ToString() : Format(BitsAt(0));
            case FieldKind.Character or FieldKind.Text:
                return Printable(Text);
            case FieldKind.Numbers:
                var items = new string[Count];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Format(BitsAt(i));
                return $"[{string.Join(", ", items)}]";
            case FieldKind.Enum:
                return EnumName ?? (IsNull ? "-" : Format(Bits));
            default:
                var bits = Bits;
                var chosen = _layout.Choices.Where(choice => (bits & choice.Mask) != 0).Select(choice => choice.Name);
                return bits == 0 ? "none" : string.Join("|", chosen) is { Length: > 0 } names ? names : $"0x{bits:X}";
        }
    }

    private static string Character(ulong bits) => ((char)(byte)bits).ToString();

    private void WriteEnum(Utf8JsonWriter json)
    {
        var bits = Bits;
        if (bits == _layout.NullBits && !IsConstant)
            json.WriteNullValue();
        else if (_layout.EnumNames.TryGetValue(bits, out var name))
            json.WriteStringValue(name);
        else if (_layout.Primitive == SbePrimitive.Char)
            json.WriteStringValue(Character(bits));
        else
            WriteNumber(json, bits, null);
    }

    private void WriteNumber(Utf8JsonWriter json, ulong bits, double? constant)
    {
        switch (_layout.Primitive)
        {
            case SbePrimitive.UInt64:
                json.WriteNumberValue(bits);
                break;
            case SbePrimitive.Float:
                var single = constant is { } value ? (float)value : BitConverter.UInt32BitsToSingle((uint)bits);
                if (float.IsFinite(single))
                    json.WriteNumberValue(single);
                else
                    json.WriteStringValue(single.ToString(CultureInfo.InvariantCulture));
                break;
            case SbePrimitive.Double:
                var number = constant ?? BitConverter.UInt64BitsToDouble(bits);
                if (double.IsFinite(number))
                    json.WriteNumberValue(number);
                else
                    json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteNumberValue((long)bits);
                break;
        }
    }

    private string Format(ulong bits) => _layout.Primitive switch
    {
        SbePrimitive.Char => Printable(Character(bits)),
        SbePrimitive.UInt64 => bits.ToString(CultureInfo.InvariantCulture),
        SbePrimitive.Float => BitConverter.UInt32BitsToSingle((uint)bits).ToString("R", CultureInfo.InvariantCulture),
        SbePrimitive.Double => BitConverter.UInt64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture),
        _ => ((long)bits).ToString(CultureInfo.InvariantCulture),
    };

    // In quotation marks, so that a blank value can be seen; control characters as JSON writes them.
    private static string Printable(string text) =>
        $"\"{JsonEncodedText.Encode(text, SchemaDecoder.JsonEncoder)}\"";
}
