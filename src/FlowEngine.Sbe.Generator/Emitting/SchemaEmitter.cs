using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes all files of a schema: one for each type, reader and writer.</summary>
internal static class SchemaEmitter
{
    public static IEnumerable<KeyValuePair<string, string>> Emit(SbeSchema schema, string? namespaceName)
    {
        var plan = new SchemaPlan(schema, namespaceName);
        yield return File(plan, "SchemaInfo", code => EmitInfo(plan, code));
        foreach (var type in plan.Enums)
            yield return File(plan, type.Name, code => EnumEmitter.Emit(type, code));
        foreach (var composite in plan.Composites)
        {
            yield return File(
                plan, composite.Reader, code => new CompositeEmitter(plan, composite, code).EmitReader());
            yield return File(
                plan, composite.Writer, code => new CompositeEmitter(plan, composite, code).EmitWriter());
        }

        foreach (var message in plan.Messages)
        {
            yield return File(
                plan, message.Reader, code => new MessageReaderEmitter(plan, message, code).Emit());
            yield return File(
                plan, message.Writer, code => new MessageWriterEmitter(plan, message, code).Emit());
        }
    }

    private static KeyValuePair<string, string> File(SchemaPlan plan, string name, Action<CodeWriter> emit)
    {
        var code = new CodeWriter(plan.Namespace);
        emit(code);
        return new KeyValuePair<string, string>($"{plan.Namespace}.{name}.g.cs", code.ToString());
    }

    private static void EmitInfo(SchemaPlan plan, CodeWriter code)
    {
        var schema = plan.Schema;
        code.Doc(schema.Description, $"The schema {schema.Package}.");
        code.Open("public static class SchemaInfo");
        code.Doc("The schema id in every message header.");
        code.Line($"public const ushort Id = {schema.Id};");
        code.Line();
        code.Doc("The schema version in every message header.");
        code.Line($"public const ushort Version = {schema.Version};");
        code.Line();
        code.Doc("The package the schema names.");
        code.Line($"public const string Package = {CodeWriter.Literal(schema.Package)};");
        code.Line();
        EmitTryWriteJson(plan, code);
        if (schema.Extension.HeaderCounts || SbeExtension.CountsParts(schema.Extension.Dimension))
            EmitUnknownParts(schema, code);
        code.Close();
    }

    private static void EmitTryWriteJson(SchemaPlan plan, CodeWriter code)
    {
        var header = plan.CompositeOf(plan.Header);
        code.Doc(
            "Writes any message of the schema, which begins at its header, as one JSON object; false, and nothing "
            + "written, when it is of another schema, unknown or malformed. For display: it allocates.");
        code.Line("public static bool TryWriteJson(");
        code.Open(
            "    ReadOnlySpan<byte> message, global::System.Text.Json.Utf8JsonWriter json, out int encodedLength)");
        code.Line("encodedLength = 0;");
        var schemaId = header.Members.First(member => member.Field.Name == "schemaId").Name;
        var templateId = header.Members.First(member => member.Field.Name == "templateId").Name;
        code.Line(
            $"if (!{plan.Global(header.Reader)}.TryWrap(message, out var header) || header.{schemaId} != Id)");
        code.Line("    return false;");
        code.Open($"switch ((ulong)header.{templateId})");
        for (var i = 0; i < plan.Messages.Count; i++)
        {
            var reader = plan.Global(plan.Messages[i].Reader);
            code.Line($"case {reader}.TemplateId when {reader}.TryWrap(message, out var reader{i}):");
            code.Line($"    reader{i}.WriteJson(json);");
            code.Line($"    encodedLength = reader{i}.EncodedLength;");
            code.Line("    return true;");
        }

        code.Line("default:");
        code.Line("    return false;");
        code.Close();
        code.Close();
    }

    private static void EmitUnknownParts(SbeSchema schema, CodeWriter code)
    {
        code.Line();
        code.Doc("How what only a newer sender knows is measured.");
        code.Line("internal static SbeUnknownParts UnknownParts => new()");
        code.Line("{");
        code.Line($"    IsBigEndian = {(schema.IsBigEndian ? "true" : "false")},");
        if (schema.Extension.Dimension is { } dimension)
        {
            code.Line($"    DimensionLength = {dimension.EncodedLength},");
            foreach (var name in new[] { "blockLength", "numInGroup", "numGroups", "numVarDataFields" })
                code.Line($"    {CSharpName.Pascal(name)} = {PlaceOf(dimension.Find(name)!)},");
        }

        if (schema.Extension.Data is { } data)
        {
            code.Line($"    PrefixLength = {data.Content.Offset},");
            code.Line($"    Length = {PlaceOf(data.LengthMember)},");
        }

        code.Line("};");
    }

    private static string PlaceOf(SbeField member) => $"new SbeNumberPlace({member.Offset}, {member.EncodedLength})";
}
