using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>A field with the C# names of its members; what a name is for says its property.</summary>
internal sealed class FieldPlan
{
    public FieldPlan(SbeField field, NameScope scope)
    {
        Field = field;
        Name = scope.Take(CSharpName.Pascal(field.Name));
    }

    public SbeField Field { get; }

    public SbeType Type => Field.Type;

    public string Name { get; }

    public string NullName { get; private set; } = string.Empty;

    public string MinName { get; private set; } = string.Empty;

    public string MaxName { get; private set; } = string.Empty;

    public string SinceName { get; private set; } = string.Empty;

    public string IsNullName { get; private set; } = string.Empty;

    public string TextName { get; private set; } = string.Empty;

    public string LengthName { get; private set; } = string.Empty;

    public string BytesName { get; private set; } = string.Empty;

    public string SetName { get; private set; } = string.Empty;

    public bool IsConstant => Field.Presence == SbePresence.Constant;

    public SbeScalarType? Scalar => Type as SbeScalarType;

    public bool IsText => Scalar is { Primitive: SbePrimitive.Char, IsArray: true };

    public bool IsNumberArray => Scalar is { IsArray: true } && !IsText;

    public bool IsByteArray => Scalar is { Primitive: SbePrimitive.UInt8, IsArray: true };

    public bool IsNumber => Scalar is { IsArray: false };

    /// <summary>The encoding of a char array; ASCII unless the schema says another.</summary>
    public string Encoding =>
        string.IsNullOrWhiteSpace(Scalar?.CharacterEncoding) ? "US-ASCII" : Scalar!.CharacterEncoding!;

    /// <summary>Where the field ends in its block.</summary>
    public int End => Field.Offset + Field.EncodedLength;

    /// <summary>The value a reader gives for a field that is not there.</summary>
    public SbeNumber NullValue => Type switch
    {
        SbeScalarType scalar => scalar.NullValue,
        SbeEnum enumType => enumType.NullValue,
        _ => default,
    };

    /// <summary>Takes the names of the additional members, after all fields took theirs.</summary>
    public void TakeDerivedNames(NameScope scope)
    {
        if (!IsConstant)
            SinceName = scope.Take(Name + "Since");
        if (!IsConstant && Scalar is not null && !IsText)
        {
            MinName = scope.Take(Name + "Min");
            MaxName = scope.Take(Name + "Max");
        }

        if (!IsConstant && IsNumber)
        {
            NullName = scope.Take(Name + "Null");
            IsNullName = scope.Take(Name + "IsNull");
        }

        if (IsText)
            TextName = scope.Take(Name + "String");
        if (IsText || IsNumberArray)
            LengthName = scope.Take(Name + "Length");
        if (IsByteArray)
            BytesName = scope.Take(Name + "Bytes");
        if (!IsConstant)
            SetName = scope.Take("Set" + Name);
    }
}
