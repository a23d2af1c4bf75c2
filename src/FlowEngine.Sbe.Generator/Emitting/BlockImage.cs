using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>
/// The bytes a fresh block starts with: zero, and the null value in optional fields. One copy writes them, instead of
/// one store a field. Also the bytes an absent composite is read from: null in every field.
/// </summary>
internal sealed class BlockImage
{
    private readonly byte[] _bytes;
    private readonly bool _isBigEndian;

    public BlockImage(int length, bool isBigEndian)
    {
        _bytes = new byte[length];
        _isBigEndian = isBigEndian;
    }

    public bool IsZero => Array.TrueForAll(_bytes, value => value == 0);

    public int Length => _bytes.Length;

    /// <summary>Writes the null values of fields that start at an offset; of optional ones only, or of all.</summary>
    public void Fill(IEnumerable<SbeField> fields, int start, bool all)
    {
        foreach (var field in fields)
        {
            if (field.EncodedLength == 0)
                continue;
            var isNull = all || field.Presence == SbePresence.Optional;
            switch (field.Type)
            {
                case SbeComposite composite:
                    Fill(composite.Members, start + field.Offset, all);
                    break;
                case SbeEnum enumType when isNull:
                    Put(start + field.Offset, enumType.Encoding, enumType.NullValue);
                    break;
                case SbeScalarType scalar when isNull && !(scalar.Primitive == SbePrimitive.Char && scalar.IsArray):
                    for (var i = 0; i < scalar.Length; i++)
                    {
                        Put(
                            start + field.Offset + (i * scalar.Primitive.Size()), scalar.Primitive, scalar.NullValue);
                    }

                    break;
            }
        }
    }

    /// <summary>Writes a number into a member of a header or dimension, if it has that member.</summary>
    public void PutMember(SbeComposite composite, string member, decimal value)
    {
        var field = composite.Find(member);
        if (field is { Presence: not SbePresence.Constant, Type: SbeScalarType { Length: 1 } type })
            Put(field.Offset, type.Primitive, SbeNumber.Of(value));
    }

    /// <summary>Declares the image as constant data of the assembly.</summary>
    public void Declare(CodeWriter code, string name)
    {
        code.Line($"private static ReadOnlySpan<byte> {name} => new byte[]");
        code.Line("{");
        foreach (var line in Lines())
            code.Line("    " + line);
        code.Line("};");
        code.Line();
    }

    private IEnumerable<string> Lines()
    {
        for (var start = 0; start < _bytes.Length; start += 16)
        {
            yield return string.Join(
                " ", _bytes.Skip(start).Take(16).Select(value => $"0x{value:X2},"));
        }
    }

    private void Put(int offset, SbePrimitive primitive, SbeNumber value)
    {
        var size = primitive.Size();
        var bits = primitive switch
        {
            SbePrimitive.Float => BitConverter.ToUInt32(BitConverter.GetBytes((float)value.Floating), 0),
            SbePrimitive.Double => (ulong)BitConverter.DoubleToInt64Bits(value.Floating),
            _ => value.Bits,
        };

        // C#'s NaN has its sign bit set; the golden files of the standard's tool have it clear.
        if (Primitive.IsNaN(value))
            bits = primitive == SbePrimitive.Float ? 0x7FC00000UL : 0x7FF8000000000000UL;
        for (var i = 0; i < size; i++)
            _bytes[offset + (_isBigEndian ? size - 1 - i : i)] = (byte)(bits >> (8 * i));
    }
}
