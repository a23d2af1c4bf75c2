using FlowEngine.Sbe.Generator.Planning;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Any name a schema may use gives C# that compiles.</summary>
public class NamingTests
{
    [Theory]
    [InlineData("instrumentId", "InstrumentId")]
    [InlineData("future_combo", "FutureCombo")]
    [InlineData("NULL_VALUE", "NullValue")]
    [InlineData("MDEntryPx", "MDEntryPx")]
    [InlineData("TURBO", "TURBO")]
    [InlineData("baseline-bigendian", "BaselineBigendian")]
    [InlineData("8h", "_8h")]
    [InlineData("_", "_")]
    public void Names_become_pascal_case(string schemaName, string expected) =>
        Assert.Equal(expected, CSharpName.Pascal(schemaName));

    [Fact]
    public void A_package_becomes_a_namespace() =>
        Assert.Equal("Flowengine.MarketData", CSharpName.Namespace("flowengine.market_data"));

    [Fact]
    public void Names_that_clash_with_CSharp_or_with_each_other_still_compile()
    {
        string[] names =
        [
            "value", "buffer", "this", "event", "object", "Length", "ToString", "GetType", "Equals", "8h", "_", "count",
            "blockLength", "templateId", "encodedLength", "headerLength", "header", "tryWrap", "actingVersion",
            "version", "block", "_block", "cursor", "next", "unsafe", "memoryMarshal", "littleEndian", "encoding",
            "span",
            "string",
            "clashReader", "clashWriter", "Clash", "clash", "a", "aNull", "aIsNull", "setA", "set_a", "reader", "body",
            "message", "schemaInfo", "Default", "sbeWire", "isNull", "groupEntry", "enumerator", "measure",
            "class", "é",
        ];
        var fields = string.Concat(names.Select((name, i) =>
            $"<field name='{name}' id='{i + 1}' type='optionalByte'/>"));
        var xml = $"""
            <messageSchema package='a.8.class' id='1'><types>
            <composite name='messageHeader'><type name='blockLength' primitiveType='uint16'/>
              <type name='templateId' primitiveType='uint16'/>
            <type name='schemaId' primitiveType='uint16'/><type name='version' primitiveType='uint16'/></composite>
            <composite name='groupSizeEncoding'><type name='blockLength' primitiveType='uint16'/>
              <type name='numInGroup' primitiveType='uint16'/></composite>
            <composite name='var'><type name='length' primitiveType='uint8'/>
              <type name='varData' primitiveType='uint8' length='0'/></composite>
            <composite name='clash'><type name='length' primitiveType='uint8'/>
              <type name='isNull' primitiveType='uint8'/>
              <type name='tryWrap' primitiveType='uint8'/><type name='clashReader' primitiveType='uint8'/>
                <type name='class' primitiveType='uint8'/></composite>
            <type name='optionalByte' primitiveType='uint8' presence='optional'/>
            <type name='text' primitiveType='char' length='4'/><type name='textLength' primitiveType='uint8'/>
            <enum name='Encoding' encodingType='uint8'><validValue name='NULL_VALUE'>1</validValue>
              <validValue name='class'>2</validValue>
              <validValue name='Class'>3</validValue><validValue name='Encoding'>4</validValue>
                <validValue name='ToString'>5</validValue></enum>
            <set name='Flags' encodingType='uint8'><choice name='None'>0</choice><choice name='none'>1</choice></set>
            <enum name='Text' encodingType='char'><validValue name='A'>A</validValue></enum>
            </types>
            <message name='clash' id='1'>{fields}
              <field name='Encoding2' id='901' type='Encoding'/><field name='flags' id='902' type='Flags'/>
              <field name='text' id='903' type='text'/><field name='textLength' id='904' type='textLength'/>
                <field name='textString' id='905' type='text'/>
              <field name='theClash' id='906' type='clash'/><field name='Text2' id='907' type='Text'/>
              <group name='group' id='1001'><field name='group' id='1' type='uint8'/>
                <field name='next' id='2' type='uint8'/>
                <field name='count' id='3' type='uint8'/><field name='current' id='4' type='uint8'/>
                  <field name='groupEntry' id='5' type='uint8'/>
                <field name='groupWriter' id='6' type='uint8'/><field name='groupGroup' id='7' type='uint8'/>
                <group name='inner' id='8'><field name='inner' id='1' type='uint8'/><group name='group' id='2'>
                  <field name='x' id='1' type='uint8'/></group></group>
                <data name='length' id='9' type='var'/></group>
              <group name='groupGroup' id='1002'><field name='x' id='1' type='uint8'/></group>
              <data name='data' id='1003' type='var'/><data name='position' id='1004' type='var'/>
            </message>
            <message name='Clash_' id='2'/><message name='CLASH' id='3'/>
            </messageSchema>
            """;
        SchemaText[] schema = [new("clash.xml", xml, "Clash.Global.System")];
        Assert.Equal("{}", Codec.Of(schema).Dump([0, 0, 2, 0, 1, 0, 0, 0], out _));
    }

    [Fact]
    public void Descriptions_are_escaped_in_doc_comments()
    {
        var driver = SbeCompiler.Driver(new SchemaText("d.xml", """
            <messageSchema package='d' id='1' description='a &lt; b &amp;&amp; c &gt; d&#10;next line */ "'><types>
            <composite name='messageHeader'><type name='blockLength' primitiveType='uint16'/>
              <type name='templateId' primitiveType='uint16'/>
            <type name='schemaId' primitiveType='uint16'/><type name='version' primitiveType='uint16'/></composite>
              </types></messageSchema>
            """));
        driver.RunGeneratorsAndUpdateCompilation(
            SbeCompiler.Compilation([]), out var compilation, out _, TestContext.Current.CancellationToken);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(found => found.Severity >= DiagnosticSeverity.Warning));
        Assert.Contains(
            compilation.SyntaxTrees,
            tree => tree.ToString().Contains(
                "<summary>a &lt; b &amp;&amp; c &gt; d next line */ \"</summary>",
                StringComparison.Ordinal));
    }
}
