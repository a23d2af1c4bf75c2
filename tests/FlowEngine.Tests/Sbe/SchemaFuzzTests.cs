using System.Text;
using FlowEngine.Sbe.Generator.Emitting;
using FlowEngine.Sbe.Schema;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Mutated schemas: a fault or a schema, never an exception from the parser or the generator.</summary>
public class SchemaFuzzTests
{
    private const int FullRounds = 200_000;

    private static readonly string[] s_values =
    [
        "", "-1", "0", "1", "65535", "65536", "4294967296", "99999999999999999999", "NaN", "1e999", "true", "constant",
        "optional", "char", "uint64", "int8", "double", "messageHeader", "groupSizeEncoding", "Side.Buy", "..", "§",
    ];

    [Fact]
    public void No_mutant_of_a_schema_makes_the_parser_or_the_generator_throw()
    {
        var originals = new List<string>
        {
            File.ReadAllText(Path.Combine(SbeFiles.Root, "tests/FlowEngine.Tests/Sbe/Schemas/shop.xml")),
        };
        var folder = Path.Combine(SbeFiles.Conformance, "schemas");
        if (Directory.Exists(folder))
            originals.Add(File.ReadAllText(Path.Combine(folder, "edge-schema.xml")));
        var seed = FuzzScale.Seed;
        var random = new Random(seed);
        var rounds = FuzzScale.Of(FullRounds);
        var valid = 0;
        for (var round = 0; round < rounds; round++)
        {
            var xml = Mutate(random, originals[round % originals.Count]);
            var parsed = SbeSchema.Parse(xml, "fuzz.xml", _ => xml);
            if (parsed.IsValid)
                valid += SchemaEmitter.Emit(parsed.Schema!, null).Sum(file => file.Value.Length) > 0 ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {valid} of {rounds} mutants were valid schemas");
        Assert.InRange(valid, 1, rounds - 1);
    }

    [Fact]
    public void What_is_nested_too_deep_or_too_long_is_a_fault_and_no_crash()
    {
        const int Depth = 20_000;
        var groups = string.Concat(Enumerable.Repeat("<group name='g' id='1'>", Depth))
            + string.Concat(Enumerable.Repeat("</group>", Depth));
        var composites = string.Concat(Enumerable.Range(0, Depth).Select(i => $"<composite name='c{i}'>"))
            + string.Concat(Enumerable.Repeat("</composite>", Depth));
        var chain = string.Concat(Enumerable.Range(0, Depth).Select(i =>
            $"<composite name='c{i}'><ref name='r' type='c{i + 1}'/></composite>"));
        var doubling = "<composite name='c0'><type name='x' primitiveType='int64'/></composite>" + string.Concat(
            Enumerable.Range(0, 60).Select(i =>
                $"<composite name='c{i + 1}'><ref name='a' type='c{i}'/><ref name='b' type='c{i}'/></composite>"));
        var empty = doubling.Replace("<type name='x' primitiveType='int64'/>", string.Empty, StringComparison.Ordinal);
        Assert.Contains(Parse(string.Empty, groups), found => found.Rule == SbeRule.NestingDepth);
        Assert.Contains(Parse(composites, string.Empty), found => found.Rule == SbeRule.NestingDepth);
        Assert.Contains(Parse(chain, string.Empty), found => found.Rule == SbeRule.NestingDepth);
        Assert.Contains(Parse(doubling, string.Empty), found => found.Rule == SbeRule.BlockLength);
        const string Big = "<type name='big' primitiveType='int64' length='65535'/>";
        var fields = string.Concat(Enumerable.Range(1, 5_000).Select(i => $"<field name='f{i}' id='{i}' type='big'/>"));
        Assert.Contains(Parse(Big, fields), found => found.Rule == SbeRule.BlockLength);
        Assert.Empty(Parse(empty, "<field name='f' id='9' type='c60'/>"));
    }

    private static IReadOnlyList<SbeDiagnostic> Parse(string types, string content)
    {
        var parsed = SbeSchema.Parse(
            $"""
            <messageSchema package='p' id='1'><types><composite name='messageHeader'>
            <type name='blockLength' primitiveType='uint32'/><type name='templateId' primitiveType='uint16'/>
            <type name='schemaId' primitiveType='uint16'/><type name='version' primitiveType='uint16'/></composite>
            <composite name='groupSizeEncoding'><type name='blockLength' primitiveType='uint16'/>
            <type name='numInGroup' primitiveType='uint16'/></composite>
            {types}</types>
            <message name='m' id='1'>{content}</message></messageSchema>
            """, "p.xml");
        if (parsed.IsValid)
            Assert.NotEmpty(SchemaEmitter.Emit(parsed.Schema!, null));
        return parsed.Diagnostics;
    }

    private static string Mutate(Random random, string original)
    {
        var text = new StringBuilder(original);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 60), text.Length - at);
            switch (random.Next(6))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(random.Next(text.Length), text.ToString(at, length));
                    break;
                case 2:
                    text[at] = "<>\"'&/= 0aZ\0é"[random.Next(13)];
                    break;
                default:
                    ReplaceValue(random, text, at);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Puts another value between the next quotes, so that the file stays XML.</summary>
    private static void ReplaceValue(Random random, StringBuilder text, int at)
    {
        var all = text.ToString();
        var start = all.IndexOf("=\"", at, StringComparison.Ordinal) + 2;
        var end = start < 2 ? -1 : all.IndexOf('"', start);
        if (end < 0)
            return;
        text.Remove(start, end - start).Insert(start, s_values[random.Next(s_values.Length)]);
    }
}
