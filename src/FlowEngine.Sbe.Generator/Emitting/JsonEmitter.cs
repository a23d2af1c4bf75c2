using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>
/// Writes the display members of a reader, <c>WriteJson</c> and <c>ToString</c>: the schema's own names
/// in schema order. They are methods of their own that nothing else calls.
/// </summary>
internal sealed class JsonEmitter
{
    private const string Json = "global::System.Text.Json.Utf8JsonWriter";

    private readonly SchemaPlan _plan;
    private readonly CodeWriter _code;

    public JsonEmitter(SchemaPlan plan, CodeWriter code)
    {
        _plan = plan;
        _code = code;
    }

    /// <summary>Writes the members of a message's or an entry's reader.</summary>
    public void Emit(BlockPlan block)
    {
        Open();
        foreach (var field in block.Fields)
            EmitField(field, inComposite: false);
        foreach (var group in block.Groups)
        {
            Name(group.Block.Name);
            _code.Line("json.WriteStartArray();");
            _code.Line($"foreach (var entry in this.{group.Name})");
            _code.Line("    entry.WriteJson(json);");
            _code.Line("json.WriteEndArray();");
        }

        foreach (var data in block.Data)
        {
            Name(data.Data.Name);
            _code.Line(data.Encoding is { } encoding
                ? $"SbeJson.Text(json, this.{data.Name}, {TextEncoding.Expression(encoding)});"
                : $"SbeJson.Hex(json, this.{data.Name});");
        }

        Close();
    }

    /// <summary>Writes the members of a composite's reader.</summary>
    public void Emit(CompositePlan composite)
    {
        Open();
        foreach (var member in composite.Members)
            EmitField(member, inComposite: true);
        Close();
    }

    /// <summary>Writes the class that shows the values of an enum or set.</summary>
    public static void EmitEnum(EnumPlan plan, CodeWriter code)
    {
        code.Line();
        code.Doc($"Shows values of {plan.Name}.");
        code.Open($"internal static class {plan.JsonName}");
        code.Doc("Writes the name of a value, or which flags are set.");
        code.Open($"internal static void Write({Json} json, {plan.Name} value)");
        if (plan.Type is SbeSet)
            EmitFlags(plan, code);
        else
            EmitNames(plan, (SbeEnum)plan.Type, code);
        code.Close();
        code.Close();
    }

    private static void EmitFlags(EnumPlan plan, CodeWriter code)
    {
        code.Line("json.WriteStartObject();");
        foreach (var choice in plan.Values)
        {
            var name = CodeWriter.Literal(choice.Value.Name);
            code.Line($"json.WriteBoolean({name}, (value & {plan.Name}.{choice.Key}) != 0);");
        }

        code.Line("json.WriteEndObject();");
    }

    private static void EmitNames(EnumPlan plan, SbeEnum type, CodeWriter code)
    {
        var keyword = Primitive.Keyword(plan.Encoding);
        code.Open($"switch (({keyword})value)");
        code.Line($"case {Primitive.Literal(plan.Encoding, type.NullValue)}:");
        code.Line("    json.WriteNullValue();");
        code.Line("    break;");
        var seen = new HashSet<decimal> { type.NullValue.Integer };
        foreach (var value in plan.Values.Where(value => seen.Add(value.Value.Value.Integer)))
        {
            code.Line($"case {Primitive.Literal(plan.Encoding, value.Value.Value)}:");
            code.Line($"    json.WriteStringValue({CodeWriter.Literal(value.Value.Name)});");
            code.Line("    break;");
        }

        code.Line("default:");
        code.Line($"    SbeJson.{(plan.Encoding == SbePrimitive.Char ? "Char" : "Number")}(json, ({keyword})value);");
        code.Line("    break;");
        code.Close();
    }

    private void Open()
    {
        _code.Doc("Writes all there is as one JSON object under the schema's names; for display, it allocates.");
        _code.Open($"public void WriteJson({Json} json)");
        _code.Line("json.WriteStartObject();");
    }

    private void Close()
    {
        _code.Line("json.WriteEndObject();");
        _code.Close();
        _code.Line();
        _code.Doc("The JSON text of WriteJson; for display, it allocates.");
        _code.Open("public override string ToString()");
        _code.Line("var json = SbeJson.Begin(out var text);");
        _code.Line("WriteJson(json);");
        _code.Line("return SbeJson.End(json, text);");
        _code.Close();
        _code.Line();
    }

    private void Name(string name) => _code.Line($"json.WritePropertyName({CodeWriter.Literal(name)});");

    private void EmitField(FieldPlan field, bool inComposite)
    {
        Name(field.Field.Name);
        if (field.IsConstant)
        {
            _code.Line(Constant(field));
            return;
        }

        var guard = FieldReaders.Guard(field, inComposite);
        if (guard is not null)
        {
            _code.Line($"if (!({guard}))");
            _code.Line("    json.WriteNullValue();");
            _code.Open("else");
        }

        if (field.IsNumberArray)
            EmitArray(field);
        else
            _code.Line(Value(field));
        if (guard is not null)
            _code.Close();
    }

    private string Constant(FieldPlan field)
    {
        var constant = field.Field.Constant!;
        if (field.Type is SbeEnum && constant.EnumValue is not null)
            return $"json.WriteStringValue({CodeWriter.Literal(constant.EnumValue.Name)});";
        if (constant.Text is not null)
            return $"json.WriteStringValue({CodeWriter.Literal(constant.Text)});";
        var method = field.Scalar!.Primitive == SbePrimitive.Char ? "Char" : "Number";
        return $"SbeJson.{method}(json, {field.Name});";
    }

    private string Value(FieldPlan field)
    {
        switch (field.Type)
        {
            case SbeComposite:
                return $"this.{field.Name}.WriteJson(json);";
            case SbeEnum or SbeSet:
                return $"{_plan.Global(_plan.EnumOf(field.Type).JsonName)}.Write(json, this.{field.Name});";
        }

        if (field.IsText)
            return $"SbeJson.Text(json, this.{field.Name}, {TextEncoding.Expression(field.Encoding)});";
        var isNull = field.Field.Presence == SbePresence.Optional ? $", this.{field.IsNullName}" : string.Empty;
        var method = field.Scalar!.Primitive == SbePrimitive.Char ? "Char" : "Number";
        return $"SbeJson.{method}(json, this.{field.Name}{isNull});";
    }

    private void EmitArray(FieldPlan field)
    {
        _code.Line("json.WriteStartArray();");
        _code.Line($"for (int i = 0; i < {field.LengthName}; i++)");
        _code.Line($"    SbeJson.Number(json, this.{field.Name}(i));");
        _code.Line("json.WriteEndArray();");
    }
}
