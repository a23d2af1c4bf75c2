using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes the properties and methods that set fields; they assume <c>_block</c>.</summary>
internal sealed class FieldWriters
{
    private readonly SchemaPlan _plan;
    private readonly CodeWriter _code;

    public FieldWriters(SchemaPlan plan, CodeWriter code)
    {
        _plan = plan;
        _code = code;
    }

    public void Emit(FieldPlan field)
    {
        if (field.IsConstant)
            return;
        if (field.IsText)
            EmitBytes(field);
        else if (field.IsNumberArray)
            EmitArray(field);
        else if (field.Type is SbeComposite)
            EmitComposite(field);
        else
            EmitProperty(field);
    }

    /// <summary>Schema types as C# types of a property.</summary>
    private string TypeOf(FieldPlan field, out SbePrimitive primitive)
    {
        if (field.IsNumber)
        {
            primitive = field.Scalar!.Primitive;
            return Primitive.Keyword(primitive);
        }

        var plan = _plan.EnumOf(field.Type);
        primitive = plan.Encoding;
        return _plan.Global(plan.Name);
    }

    private void EmitProperty(FieldPlan field)
    {
        var type = TypeOf(field, out var primitive);
        var method = Primitive.Method(primitive);
        var (read, write) = field.IsNumber
            ? (string.Empty, string.Empty) : ($"({type})", $"({Primitive.Keyword(primitive)})");
        _code.Doc(field.Field.Notes.Description, $"The field {field.Field.Name}.");
        _code.Obsolete(field.Field.Notes.Deprecated);
        _code.Open($"public {type} {field.Name}");
        _code.Arrow("readonly get", $"{read}{_plan.Endian}.Read{method}(ref _block, {field.Field.Offset})");
        var store = $"{_plan.Endian}.Write{method}(ref _block, {field.Field.Offset}, {write}value)";
        if (RangeOf(field) is null)
        {
            _code.Arrow("set", store);
        }
        else
        {
            _code.Open("set");
            EmitRangeCheck(field);
            _code.Line(store + ";");
            _code.Close();
        }

        _code.Close();
        _code.Line();
    }

    // Null passes, and so does anything in a floating number whose limits the schema leaves as they are.
    private static string? RangeOf(FieldPlan field)
    {
        if (field.Scalar is not { } scalar)
            return null;
        var (min, max) = (scalar.MinValue, scalar.MaxValue);
        if (scalar.Primitive.IsFloating() && min == scalar.Primitive.Min() && max == scalar.Primitive.Max())
            return null;
        string Of(SbeNumber number) => Primitive.Literal(scalar.Primitive, number);
        var isNull = Primitive.IsNaN(scalar.NullValue)
            ? $"{Primitive.Keyword(scalar.Primitive)}.IsNaN(value)" : $"value == {Of(scalar.NullValue)}";
        var isRequired = field.Field.Presence == SbePresence.Required && scalar.Primitive != SbePrimitive.Char;
        return $"!(value >= {Of(min)} && value <= {Of(max)}{(isRequired ? ")" : $" || {isNull})")}";
    }

    private void EmitRangeCheck(FieldPlan field)
    {
        if (RangeOf(field) is not { } test)
            return;
        _code.Line(PartWriters.Checks);
        _code.Line($"if ({test})");
        var range = $"{field.Scalar!.MinValue} to {field.Scalar.MaxValue}";
        _code.Line($"    SbeThrow.ValueOutOfRange(\"{field.Name}\", \"{range}\");");
        _code.Line("#endif");
    }

    private void EmitBytes(FieldPlan field)
    {
        _code.Doc($"Sets {field.Name}; at most {field.Scalar!.Length} bytes, the rest becomes NUL.");
        _code.Open($"public readonly void {field.SetName}(ReadOnlySpan<byte> value)");
        _code.Line(
            $"SbeText.WriteFixed(ref _block, {field.Field.Offset}, {field.Scalar.Length}, value, \"{field.Name}\");");
        _code.Close();
        _code.Line();
    }

    private void EmitArray(FieldPlan field)
    {
        var scalar = field.Scalar!;
        _code.Doc(field.Field.Notes.Description, $"Sets one element of the field {field.Field.Name}.");
        _code.Open($"public readonly void {field.SetName}(int index, {Primitive.Keyword(scalar.Primitive)} value)");
        _code.Line($"if ((uint)index >= {scalar.Length})");
        _code.Line($"    SbeThrow.IndexOutOfRange(index, {scalar.Length});");
        EmitRangeCheck(field);
        var offset = $"{field.Field.Offset} + (index * {scalar.Primitive.Size()})";
        _code.Line($"{_plan.Endian}.Write{Primitive.Method(scalar.Primitive)}(ref _block, {offset}, value);");
        _code.Close();
        _code.Line();
        if (field.IsByteArray)
            EmitBytes(field);
    }

    private void EmitComposite(FieldPlan field)
    {
        var composite = _plan.CompositeOf(field.Type);
        var type = _plan.Global(composite.Writer);
        _code.Doc(field.Field.Notes.Description, $"Writes the field {field.Field.Name}.");
        _code.Arrow(
            $"public readonly {type} {field.Name}", $"new(ref Unsafe.Add(ref _block, {field.Field.Offset}))");
        _code.Line();
        if (!composite.IsSimple)
            return;
        var members = composite.Members.Where(member => !member.IsConstant).ToList();
        var parameters = members.Select(member => $"{TypeOf(member, out _)} {CSharpName.Parameter(member.Name)}");
        _code.Doc($"Sets all members of {field.Name}.");
        _code.Open($"public readonly void {field.SetName}({string.Join(", ", parameters)})");
        foreach (var member in members)
        {
            TypeOf(member, out var primitive);
            var cast = member.IsNumber ? string.Empty : $"({Primitive.Keyword(primitive)})";
            _code.Line(
                $"{_plan.Endian}.Write{Primitive.Method(primitive)}(ref _block, "
                + $"{field.Field.Offset + member.Field.Offset}, {cast}{CSharpName.Parameter(member.Name)});");
        }

        _code.Close();
        _code.Line();
    }
}
