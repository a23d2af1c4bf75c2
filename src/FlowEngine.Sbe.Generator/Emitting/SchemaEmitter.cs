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
        code.Line($"public const string Package = \"{schema.Package.Replace("\\", "\\\\").Replace("\"", "\\\"")}\";");
        code.Close();
    }
}
