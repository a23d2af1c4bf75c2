using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>
/// Writes the properties that read fields. They assume <c>_block</c>, and <c>_blockLength</c> and <c>_version</c> where
/// fields of later versions exist; members of composites have no versions of their own.
/// </summary>
internal sealed class FieldReaders
{
    private readonly SchemaPlan _plan;
    private readonly CodeWriter _code;
    private readonly bool _inComposite;

    public FieldReaders(SchemaPlan plan, CodeWriter code, bool inComposite)
    {
        _plan = plan;
        _code = code;
        _inComposite = inComposite;
    }

    public void Emit(FieldPlan field)
    {
        EmitFacts(field);
        if (field.IsConstant)
            EmitConstant(field);
        else if (field.IsText)
            EmitText(field);
        else if (field.IsNumberArray)
            EmitArray(field);
        else if (field.IsNumber)
            EmitNumber(field);
        else if (field.Type is SbeComposite)
            EmitComposite(field);
        else
            EmitEnum(field);
    }

    // What a user may ask about a field without reading it.
    private void EmitFacts(FieldPlan field)
    {
        if (field.IsConstant)
            return;
        _code.Doc($"The schema version that brought {field.Name}.");
        _code.Line($"public const int {field.SinceName} = {field.Field.SinceVersion};");
        _code.Line();
        if (field.MinName.Length == 0)
            return;
        var scalar = field.Scalar!;
        var keyword = Primitive.Keyword(scalar.Primitive);
        _code.Doc($"The smallest value of {field.Name}.");
        _code.Line(
            $"public const {keyword} {field.MinName} = {Primitive.Literal(scalar.Primitive, scalar.MinValue)};");
        _code.Line();
        _code.Doc($"The largest value of {field.Name}.");
        _code.Line(
            $"public const {keyword} {field.MaxName} = {Primitive.Literal(scalar.Primitive, scalar.MaxValue)};");
        _code.Line();
    }

    /// <summary>An expression that reads a primitive at an offset from <c>_block</c>.</summary>
    private string Read(SbePrimitive primitive, string offset) =>
        $"{_plan.Endian}.Read{Primitive.Method(primitive)}(ref _block, {offset})";

    /// <summary>The condition under which the field is there, or null when it always is.</summary>
    public static string? Guard(FieldPlan field, bool inComposite) => IsLater(field, inComposite)
        ? $"_version >= {field.Field.SinceVersion} && _blockLength >= {field.End}" : null;

    private string? Guard(FieldPlan field) => Guard(field, _inComposite);

    private static bool IsLater(FieldPlan field, bool inComposite) => !inComposite && field.Field.SinceVersion > 0;

    private static string Guarded(string? guard, string expression, string otherwise) =>
        guard is null ? expression : $"{guard} ? {expression} : {otherwise}";

    private void EmitNumber(FieldPlan field)
    {
        var scalar = field.Scalar!;
        var keyword = Primitive.Keyword(scalar.Primitive);
        var hasNull = field.Field.Presence == SbePresence.Optional || IsLater(field, _inComposite);
        _code.Doc($"The value of {field.Name} that means null.");
        _code.Line(
            $"public const {keyword} {field.NullName} = {Primitive.Literal(scalar.Primitive, scalar.NullValue)};");
        _code.Line();
        _code.Doc(field.Field.Notes.Description, $"The field {field.Field.Name}.");
        _code.Obsolete(field.Field.Notes.Deprecated);
        _code.Arrow(
            $"public {keyword} {field.Name}",
            Guarded(Guard(field), Read(scalar.Primitive, $"{field.Field.Offset}"), field.NullName));
        _code.Line();
        if (!hasNull)
            return;
        _code.Doc($"Whether {field.Name} is null or absent.");
        _code.Arrow(
            $"public bool {field.IsNullName}",
            Primitive.IsNaN(scalar.NullValue)
                ? $"{keyword}.IsNaN({field.Name})" : $"{field.Name} == {field.NullName}");
        _code.Line();
    }

    private void EmitEnum(FieldPlan field)
    {
        var plan = _plan.EnumOf(field.Type);
        var type = _plan.Global(plan.Name);
        _code.Doc(field.Field.Notes.Description, $"The field {field.Field.Name}.");
        _code.Obsolete(field.Field.Notes.Deprecated);
        _code.Arrow(
            $"public {type} {field.Name}",
            Guarded(
                Guard(field), $"({type}){Read(plan.Encoding, $"{field.Field.Offset}")}", $"{type}.{plan.EmptyName}"));
        _code.Line();
    }

    private void EmitText(FieldPlan field)
    {
        _code.Doc($"Bytes {field.Name} takes on the wire.");
        _code.Line($"public const int {field.LengthName} = {field.Scalar!.Length};");
        _code.Line();
        _code.Doc(field.Field.Notes.Description, $"The field {field.Field.Name}, up to its first NUL.");
        _code.Obsolete(field.Field.Notes.Deprecated);
        _code.Arrow(
            $"public ReadOnlySpan<byte> {field.Name}",
            Guarded(
                Guard(field), $"SbeText.UntilNul(ref _block, {field.Field.Offset}, {field.LengthName})", "default"));
        _code.Line();
        EmitString(field.TextName, field.Name, field.Encoding, string.Empty);
    }

    /// <summary>Writes the method that decodes a byte string.</summary>
    public void EmitString(string name, string source, string encoding, string modifier)
    {
        _code.Doc($"{source} as text; allocates.");
        _code.Arrow(
            $"public {modifier}string {name}()", $"SbeText.ToText({source}, {TextEncoding.Expression(encoding)})");
        _code.Line();
    }

    private void EmitArray(FieldPlan field)
    {
        var scalar = field.Scalar!;
        var keyword = Primitive.Keyword(scalar.Primitive);
        _code.Doc($"Elements of {field.Name}.");
        _code.Line($"public const int {field.LengthName} = {scalar.Length};");
        _code.Line();
        _code.Doc(field.Field.Notes.Description, $"One element of the field {field.Field.Name}.");
        _code.Obsolete(field.Field.Notes.Deprecated);
        _code.Open($"public {keyword} {field.Name}(int index)");
        _code.Line($"if ((uint)index >= {field.LengthName})");
        _code.Line($"    SbeThrow.IndexOutOfRange(index, {field.LengthName});");
        var read = Read(scalar.Primitive, $"{field.Field.Offset} + (index * {scalar.Primitive.Size()})");
        var absent = Primitive.Literal(scalar.Primitive, scalar.NullValue);
        _code.Line($"return {Guarded(Guard(field), read, $"({keyword})({absent})")};");
        _code.Close();
        _code.Line();
        if (!field.IsByteArray)
            return;
        _code.Doc($"All bytes of {field.Name}.");
        _code.Arrow(
            $"public ReadOnlySpan<byte> {field.BytesName}",
            Guarded(Guard(field), $"SbeText.Bytes(ref _block, {field.Field.Offset}, {field.LengthName})", "default"));
        _code.Line();
    }

    private void EmitComposite(FieldPlan field)
    {
        var type = _plan.Global(_plan.CompositeOf(field.Type).Reader);
        _code.Doc(field.Field.Notes.Description, $"The field {field.Field.Name}.");
        _code.Obsolete(field.Field.Notes.Deprecated);
        _code.Arrow(
            $"public {type} {field.Name}",
            Guarded(
                Guard(field), $"new {type}(ref Unsafe.Add(ref _block, {field.Field.Offset}))", $"{type}._absent"));
        _code.Line();
    }

    private void EmitConstant(FieldPlan field)
    {
        var constant = field.Field.Constant!;
        _code.Doc(field.Field.Notes.Description, $"The constant {field.Field.Name}; not on the wire.");
        if (field.Type is SbeEnum && constant.EnumValue is not null)
        {
            var plan = _plan.EnumOf(field.Type);
            var type = _plan.Global(plan.Name);
            _code.Line($"public const {type} {field.Name} = {type}.{plan.NameOf(constant.EnumValue)};");
        }
        else if (constant.Text is not null)
        {
            _code.Arrow($"public static ReadOnlySpan<byte> {field.Name}", Utf8Bytes(constant.Text));
            _code.Line();
            EmitString(field.TextName, field.Name, field.Encoding, "static ");
            return;
        }
        else
        {
            var primitive = field.Scalar!.Primitive;
            _code.Line(
                $"public const {Primitive.Keyword(primitive)} {field.Name} = "
                + $"{Primitive.Literal(primitive, constant.Number)};");
        }

        _code.Line();
    }

    private static string Utf8Bytes(string text) =>
        "new byte[] { " + string.Join(", ", System.Text.Encoding.UTF8.GetBytes(text).Select(b => $"0x{b:X2}")) + " }";
}
