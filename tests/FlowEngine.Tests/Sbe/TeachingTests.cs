using System.Reflection;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>What generated readers and writers tell about fields, and what checked builds refuse.</summary>
public class TeachingTests
{
    private const string Program = """
        #pragma warning disable
        using System;
        using T;
        public static class Program
        {
            public static string Try(int what)
            {
                var w = new MWriter(new byte[64]);
                try
                {
                    switch (what)
                    {
                        case 0: w.A = 1; w.A = 9; w.O = 255; w.O = 254; w.C = 0; w.C = (byte)'x'; break;
                        case 1: w.A = 10; return "above";
                        case 2: w.A = 0; return "below";
                        case 3: w.SetArr(1, 11); return "array";
                        case 4: w.C = 7; return "control";
                        case 5: w.F = 2; return "float";
                        case 6: w.F = float.NaN; return "required NaN";
                        case 7: w.D = double.NaN; break;
                    }

                    return "fine";
                }
                catch (ArgumentOutOfRangeException) { return "refused"; }
            }

            public static string Reset()
            {
                var b = new byte[64];
                var w = new MWriter(b);
                var g = w.BeginG(5);
                g.Next();
                g.X = 1;
                g.Next();
                g.X = 2;
                g.ResetCountToIndex();
                MReader.TryWrap(b.AsSpan(0, w.EncodedLength), out var m);
                var s = $"{m.G.Count}:";
                foreach (var e in m.G) s += e.X;
                try { g.Next(); } catch (InvalidOperationException) { s += " no more"; }
                return s;
            }
        }
        """;

    [Fact]
    public void Limits_null_and_version_of_each_field_are_constants()
    {
        var reader = Load([]).Assembly.GetType("T.MReader")!;
        Assert.Equal((byte)1, Constant(reader, "AMin"));
        Assert.Equal((byte)9, Constant(reader, "AMax"));
        Assert.Equal((byte)255, Constant(reader, "ANull"));
        Assert.Equal(0, Constant(reader, "ASince"));
        Assert.Equal(2, Constant(reader, "OSince"));
        Assert.Equal(-1.5F, Constant(reader, "FMin"));
        Assert.Equal((byte)254, Constant(reader, "OMax"));
        var obsolete = reader.GetProperty("O")!.GetCustomAttribute<ObsoleteAttribute>();
        Assert.Equal("The schema deprecates this since its version 3.", obsolete?.Message);
        Assert.Null(reader.GetProperty("A")!.GetCustomAttribute<ObsoleteAttribute>());
    }

    [Fact]
    public void A_checked_build_refuses_values_out_of_range_and_lets_null_pass()
    {
        var attempt = Load("SBE_CHECKS").GetMethod("Try")!.CreateDelegate<Func<int, string>>();
        Assert.Equal("fine", attempt(0));
        for (var what = 1; what <= 6; what++)
            Assert.Equal("refused", attempt(what));
        Assert.Equal("fine", attempt(7));
    }

    [Fact]
    public void Another_build_writes_what_it_is_given()
    {
        var attempt = Load([]).GetMethod("Try")!.CreateDelegate<Func<int, string>>();
        Assert.Equal("above", attempt(1));
    }

    [Theory]
    [InlineData]
    [InlineData("SBE_CHECKS")]
    public void A_count_is_patched_to_the_entries_written(params string[] symbols) =>
        Assert.Equal("2:12 no more", Load(symbols).GetMethod("Reset")!.CreateDelegate<Func<string>>()());

    [Fact]
    public void Attributes_of_other_vocabularies_stay_reachable()
    {
        var parsed = FlowEngine.Sbe.Schema.SbeSchema.Parse(Xml, "t.xml");
        var foreign = Assert.Single(parsed.Schema!.Messages[0].Fields[0].Notes.Foreign);
        Assert.Equal(("urn:mbx", "exponent", "priceExponent"), (foreign.NamespaceUri, foreign.Name, foreign.Value));
        Assert.Empty(parsed.Schema.Messages[0].Fields[1].Notes.Foreign);
    }

    private const string Xml = """
        <messageSchema package='t' id='1' version='3' xmlns:mbx='urn:mbx'><types>
        <composite name='messageHeader'><type name='blockLength' primitiveType='uint16'/>
          <type name='templateId' primitiveType='uint16'/><type name='schemaId' primitiveType='uint16'/>
          <type name='version' primitiveType='uint16'/></composite>
        <composite name='groupSizeEncoding'><type name='blockLength' primitiveType='uint16'/>
          <type name='numInGroup' primitiveType='uint16'/></composite>
        <type name='small' primitiveType='uint8' minValue='1' maxValue='9'/>
        <type name='arr' primitiveType='int16' length='3' maxValue='10'/>
        <type name='unit' primitiveType='float' minValue='-1.5' maxValue='1.5'/>
        </types><message name='m' id='1'><field name='a' id='1' type='small' mbx:exponent='priceExponent'/>
          <field name='arr' id='2' type='arr'/><field name='c' id='3' type='char'/><field name='f' id='4' type='unit'/>
          <field name='d' id='5' type='double'/>
          <field name='o' id='6' type='uint8' presence='optional' sinceVersion='2' deprecated='3'/>
          <group name='g' id='7'><field name='x' id='1' type='uint8'/></group></message></messageSchema>
        """;

    private static object? Constant(Type type, string name) => type.GetField(name)?.GetRawConstantValue();

    private static Type Load(params string[] symbols) =>
        SbeCompiler.Load([new SchemaText("t.xml", Xml, "T")], [Program], symbols).GetType("Program")!;
}
