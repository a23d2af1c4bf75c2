using System.Globalization;
using System.Text;
using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>
/// Writes C# that uses everything the generator makes of a schema: <c>Dump</c> reads a message member by member into
/// JSON in the form of the reference tool's printer, <c>Recode</c> copies it member by member into a writer.
/// </summary>
internal sealed class HarnessWriter
{
    private const string Tools = """
        static void V(StringBuilder s, long v) => s.Append(v);
        static void V(StringBuilder s, ulong v) => s.Append((long)v);
        static void V(StringBuilder s, uint v) => s.Append(v);
        static void V(StringBuilder s, float v) => s.Append(float.IsNaN(v) ? "\"0/0\"" : v.ToString("R"));
        static void V(StringBuilder s, double v) => s.Append(double.IsNaN(v) ? "\"0/0\"" : v.ToString("R"));
        static void C(StringBuilder s, byte v) => T(s, ((char)v).ToString());
        static void H(StringBuilder s, ReadOnlySpan<byte> v) =>
            s.Append('"').Append(Convert.ToHexString(v).ToLowerInvariant()).Append('"');
        static void T(StringBuilder s, string v)
        {
            s.Append('"');
            foreach (var c in v)
                s.Append(c < ' ' || c == '"' || c == '\\' ? $"\\u{(int)c:x4}" : c.ToString());
            s.Append('"');
        }
        """;

    private readonly SchemaPlan _plan;
    private readonly StringBuilder _dump = new();
    private readonly StringBuilder _recode = new();
    private int _locals;

    private HarnessWriter(SchemaPlan plan) => _plan = plan;

    /// <summary>The harness class for a schema and the namespace it was generated into.</summary>
    public static string Write(SchemaText[] schema)
    {
        var parsed = SbeSchema.Parse(
            schema[0].Xml, schema[0].Path, path => schema.FirstOrDefault(file => file.Path == path)?.Xml);
        Assert.Empty(parsed.Diagnostics);
        var plan = new SchemaPlan(parsed.Schema!, schema[0].Namespace);
        return new HarnessWriter(plan).Write();
    }

    private string Write()
    {
        foreach (var message in _plan.Messages)
        {
            var reader = _plan.Global(message.Reader);
            var local = $"m{message.Block.Id}";
            var head = $"if ({reader}.TryWrap(message, out var {local})) {{";
            _dump.AppendLine($"{head} encoded = {local}.EncodedLength;");
            _recode.AppendLine($"{head} var w = new {_plan.Global(message.Writer)}(target);");
            CopyHeader();
            Block(message, local, "w", reader);
            _dump.AppendLine("return s.ToString(); }");
            _recode.AppendLine("return w.EncodedLength; }");
        }

        return $$"""
            #pragma warning disable
            using System;
            using System.Text;
            public static class Harness
            {
            {{Tools}}
            public static string? Dump(byte[] buffer, int start, int length, out int encoded)
            {
                var message = new ReadOnlySpan<byte>(buffer, start, length); var s = new StringBuilder(); encoded = 0;
                {{_dump}}
                return null;
            }
            public static int Recode(byte[] buffer, int start, int length, byte[] target)
            {
                var message = new ReadOnlySpan<byte>(buffer, start, length);
                {{_recode}}
                return -1;
            }
            static readonly System.Buffers.ArrayBufferWriter<byte> Scratch = new(1 << 20);
            static readonly System.Text.Json.Utf8JsonWriter Sink = new(Scratch, FlowEngine.Sbe.SbeJson.Options);
            public static int Probe(ReadOnlySpan<byte> message)
            {
                Scratch.ResetWrittenCount();
                Sink.Reset();
                return {{_plan.Global("SchemaInfo")}}.TryWriteJson(message, Sink, out var encoded) ? encoded : -1;
            }
            public static byte[]? Json(byte[] buffer, int start, int length, out int encoded)
            {
                var text = new System.Buffers.ArrayBufferWriter<byte>();
                using var json = new System.Text.Json.Utf8JsonWriter(text, FlowEngine.Sbe.SbeJson.Options);
                var message = new ReadOnlySpan<byte>(buffer, start, length);
                if (!{{_plan.Global("SchemaInfo")}}.TryWriteJson(message, json, out encoded))
                    return null;
                json.Flush();
                return text.WrittenSpan.ToArray();
            }
            }
            """;
    }

    private void CopyHeader()
    {
        var header = _plan.CompositeOf(_plan.Header);
        var own = new[] { "blockLength", "templateId", "schemaId", "version", "numGroups", "numVarDataFields" };
        var others = header.Members.Where(member => !own.Contains(member.Field.Name)).ToList();
        if (others.Count == 0)
            return;
        var (h, w) = (Local(), Local());
        _recode.AppendLine($"{_plan.Global(header.Reader)}.TryWrap(message, out var {h}); var {w} = w.Header;");
        var dump = _dump.ToString();
        foreach (var member in others)
            Field(member, h, w, _plan.Global(header.Reader));
        _dump.Clear().Append(dump);
    }

    private string Local() => "x" + (_locals++).ToString(CultureInfo.InvariantCulture);

    private void Block(BlockPlan block, string reader, string writer, string type)
    {
        _dump.AppendLine("s.Append('{');");
        var first = true;
        foreach (var field in block.Fields)
        {
            Key(field.Field.Name, ref first);
            Field(field, reader, writer, type);
        }

        foreach (var group in block.Groups)
        {
            Key(group.Block.Name, ref first);
            var (entry, target) = (Local(), Local());
            var source = $"{reader}.{group.Name}";
            var loop = $"foreach (var {entry} in {source}) {{";
            _dump.AppendLine($"s.Append('['); var {entry}n = 0; {loop} if ({entry}n++ > 0) s.Append(',');");
            _recode.AppendLine($"var {target} = {writer}.{group.BeginName}({source}.Count); {loop} {target}.Next();");
            Block(group, entry, target, type + "." + group.EntryType);
            _dump.AppendLine($"}} s.Append(']'); if ({entry}n != {source}.Count) throw new Exception(\"count\");");
            _recode.AppendLine("}");
        }

        foreach (var data in block.Data)
        {
            Key(data.Data.Name, ref first);
            _dump.AppendLine(data.Data.CharacterEncoding is null
                ? $"H(s, {reader}.{data.Name});" : $"T(s, {reader}.{data.TextName}());");
            _recode.AppendLine($"{writer}.{data.SetName}({reader}.{data.Name});");
        }

        _dump.AppendLine("s.Append('}');");
    }

    private void Key(string name, ref bool first)
    {
        _dump.AppendLine($"s.Append(\"{(first ? string.Empty : ",")}\\\"{name}\\\":\");");
        first = false;
    }

    private void Field(FieldPlan field, string reader, string writer, string type)
    {
        var source = $"{(field.IsConstant ? type : reader)}.{field.Name}";
        switch (field.Type)
        {
            case SbeComposite composite:
                Composite(_plan.CompositeOf(composite), source, writer + "." + field.Name);
                return;
            case SbeEnum:
                var enumPlan = _plan.EnumOf(field.Type);
                var names = enumPlan.Values.DistinctBy(value => value.Value.Value)
                    .Select(value => $"{_plan.Global(enumPlan.Name)}.{value.Key} => \"{value.Value.Name}\", ");
                _dump.AppendLine($"T(s, {source} switch {{ {string.Concat(names)} _ => \"null\" }});");
                break;
            case SbeSet:
                var set = _plan.EnumOf(field.Type);
                var flags = set.Values.Select(choice =>
                    $"\\\"{choice.Value.Name}\\\":\").Append(({source} & {_plan.Global(set.Name)}.{choice.Key}) != 0"
                    + " ? \"true\" : \"false\")");
                _dump.AppendLine($"s.Append(\"{{{string.Join(".Append(\",", flags)}.Append('}}');");
                break;
            case SbeScalarType when field.IsText:
                _dump.AppendLine($"T(s, {(field.IsConstant ? type : reader)}.{field.TextName}());");
                if (!field.IsConstant)
                    _recode.AppendLine($"{writer}.{field.SetName}({source});");
                return;
            case SbeScalarType when field.IsNumberArray:
                var i = Local();
                var count = $"{type}.{field.LengthName}";
                var each = $"for (var {i} = 0; {i} < {count}; {i}++)";
                _dump.AppendLine(
                    $"s.Append('['); {each} {{ if ({i} > 0) s.Append(','); V(s, {source}({i})); }} s.Append(']');");
                _recode.AppendLine($"{each} {writer}.{field.SetName}({i}, {source}({i}));");
                return;
            case SbeScalarType scalar:
                _dump.AppendLine(scalar.Primitive == SbePrimitive.Char ? $"C(s, {source});" : $"V(s, {source});");
                break;
        }

        if (!field.IsConstant)
            _recode.AppendLine($"{writer}.{field.Name} = {source};");
    }

    private void Composite(CompositePlan composite, string source, string target)
    {
        var (reader, writer) = (Local(), Local());
        _dump.AppendLine($"var {reader} = {source}; s.Append('{{');");
        _recode.AppendLine($"var {reader} = {source}; var {writer} = {target};");
        var first = true;
        foreach (var member in composite.Members)
        {
            Key(member.Field.Name, ref first);
            Field(member, reader, writer, _plan.Global(composite.Reader));
        }

        _dump.AppendLine("s.Append('}');");
    }
}
