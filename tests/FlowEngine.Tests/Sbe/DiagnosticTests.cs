using System.Globalization;
using FlowEngine.Sbe.Schema;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>
/// A broken schema is a build error at its line and column: the sign § stands in each schema where the error must
/// point, and is taken out before it is compiled.
/// </summary>
public class DiagnosticTests
{
    private const string Header = """
        <composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/>
        <type name="templateId" primitiveType="uint16"/><type name="schemaId" primitiveType="uint16"/>
        <type name="version" primitiveType="uint16"/></composite>
        """;

    private const string Dimension = """
        <composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint16"/>
        <type name="numInGroup" primitiveType="uint16"/></composite>
        <composite name="var"><type name="length" primitiveType="uint8"/>
        <type name="varData" primitiveType="uint8" length="0"/></composite>
        """;

    private const string Side = """
        <enum name="Side" encodingType="uint8"><validValue name="Buy">1</validValue></enum>
        """;

    /// <summary>The broken rule, the types and the messages of the schema.</summary>
    public static TheoryData<SbeRule, string, string> Broken => new()
    {
        { SbeRule.MissingAttribute, "<§type name='x'/>", "" },
        { SbeRule.MissingAttribute, "", "<message name='m' id='1'><§field name='a' id='1'/></message>" },
        { SbeRule.BadValue, "<type name='x' primitiveType='int8' §presence='sometimes'/>", "" },
        { SbeRule.BadValue, "<type name='x' primitiveType='int8' §length='many'/>", "" },
        { SbeRule.BadValue, "<type name='x' primitiveType='int8' presence='optional' §nullValue='200'/>", "" },
        { SbeRule.BadValue, "<§type name='x' primitiveType='int8' presence='constant'>x</type>", "" },
        { SbeRule.BadValue, "", "<message name='m' §id='70000'/>" },
        { SbeRule.UnknownType, "<type name='x' §primitiveType='int128'/>", "" },
        { SbeRule.UnknownType, "", "<message name='m' id='1'><§field name='a' id='1' type='nowhere'/></message>" },
        { SbeRule.UnknownType, "<composite name='c'><§ref name='r' type='nowhere'/></composite>", "" },
        { SbeRule.UnknownType, "<enum name='e' §encodingType='nowhere'/>", "" },
        { SbeRule.DuplicateName, "<type name='x' primitiveType='int8'/><§type name='x' primitiveType='int8'/>", "" },
        { SbeRule.DuplicateName, "", "<message name='m' id='1'/><§message name='m' id='2'/>" },
        {
            SbeRule.DuplicateName,
            "",
            "<message name='m' id='1'><field name='a' id='1' type='int8'/><§field name='a' id='2' type='int8'/>"
            + "</message>"
        },
        {
            SbeRule.DuplicateName,
            "<enum name='e' encodingType='int8'><validValue name='A'>1</validValue>"
            + "<§validValue name='A'>2</validValue></enum>",
            ""
        },
        { SbeRule.DuplicateId, "", "<message name='m' id='1'/><§message name='n' id='1'/>" },
        {
            SbeRule.DuplicateId,
            "",
            "<message name='m' id='1'><field name='a' id='1' type='int8'/><§field name='b' id='1' type='int8'/>"
            + "</message>"
        },
        {
            SbeRule.ElementOrder,
            "",
            "<message name='m' id='1'><data name='d' id='1' type='var'/><§field name='b' id='2' type='int8'/>"
            + "</message>"
        },
        {
            SbeRule.ElementOrder,
            "",
            "<message name='m' id='1'><data name='d' id='1' type='var'/><§group name='g' id='2'/></message>"
        },
        {
            SbeRule.OffsetOverlap,
            "",
            "<message name='m' id='1'><field name='a' id='1' type='int32'/>"
            + "<field name='b' id='2' type='int8' §offset='3'/></message>"
        },
        {
            SbeRule.OffsetOverlap,
            "<composite name='c'><type name='a' primitiveType='int32'/>"
            + "<type name='b' primitiveType='int8' §offset='2'/></composite>",
            ""
        },
        {
            SbeRule.BlockLength,
            "",
            "<message name='m' id='1' §blockLength='3'><field name='a' id='1' type='int32'/></message>"
        },
        { SbeRule.BlockLength, "", "<§message name='m' id='1' blockLength='65536'/>" },
        { SbeRule.ConstantWithoutValue, "<§type name='x' primitiveType='int8' presence='constant'/>", "" },
        {
            SbeRule.ConstantWithoutValue,
            "<§type name='x' primitiveType='char' length='2' presence='constant'>ABC</type>",
            ""
        },
        {
            SbeRule.ConstantWithoutValue,
            "",
            "<message name='m' id='1'><§field name='a' id='1' type='Side' presence='constant'/></message>"
        },
        {
            SbeRule.BadValueRef,
            "",
            "<message name='m' id='1'><field name='a' id='1' type='Side' presence='constant' §valueRef='Buy'/>"
            + "</message>"
        },
        {
            SbeRule.BadValueRef,
            "",
            "<message name='m' id='1'>"
            + "<field name='a' id='1' type='Side' presence='constant' §valueRef='Sid.Buy'/></message>"
        },
        {
            SbeRule.BadValueRef,
            "",
            "<message name='m' id='1'>"
            + "<field name='a' id='1' type='Side' presence='constant' §valueRef='Side.Sell'/></message>"
        },
        {
            SbeRule.BadValueRef,
            "",
            "<message name='m' id='1'>"
            + "<field name='a' id='1' type='int64' presence='constant' §valueRef='Side.Buy'/></message>"
        },
        {
            SbeRule.DimensionMembers,
            "<composite name='bad'><type name='blockLength' primitiveType='uint16'/></composite>",
            "<message name='m' id='1'><§group name='g' id='2' dimensionType='bad'/></message>"
        },
        {
            SbeRule.DimensionMembers,
            "",
            "<message name='m' id='1'><§group name='g' id='2' dimensionType='Side'/></message>"
        },
        {
            SbeRule.DataMembers,
            "<composite name='bad'><type name='length' primitiveType='int8'/>"
            + "<type name='varData' primitiveType='uint8' length='0'/></composite>",
            "<message name='m' id='1'><§data name='d' id='2' type='bad'/></message>"
        },
        { SbeRule.EnumValue, "<enum name='e' encodingType='uint8'><§validValue name='A'>256</validValue></enum>", "" },
        { SbeRule.EnumValue, "<enum name='e' encodingType='uint8'><§validValue name='A'>255</validValue></enum>", "" },
        { SbeRule.EnumValue, "<enum name='e' encodingType='char'><§validValue name='A'>AB</validValue></enum>", "" },
        { SbeRule.ChoiceRange, "<set name='s' encodingType='uint8'><§choice name='a'>8</choice></set>", "" },
        { SbeRule.ChoiceRange, "<set name='s' encodingType='uint8'><§choice name='a'>-1</choice></set>", "" },
        {
            SbeRule.ReferenceCycle,
            "<§composite name='a'><ref name='b' type='b'/></composite><composite name='b'>"
            + "<ref name='a' type='a'/></composite>",
            ""
        },
        {
            SbeRule.SinceVersion,
            "",
            "<message name='m' id='1'><field name='a' id='1' type='int8' §sinceVersion='6'/></message>"
        },
        {
            SbeRule.SinceVersion,
            "<enum name='e' encodingType='uint8'><validValue name='A' §sinceVersion='6'>1</validValue></enum>",
            ""
        },
        { SbeRule.EncodingType, "<§enum name='e' encodingType='double'/>", "" },
        { SbeRule.EncodingType, "<§set name='s' encodingType='int8'/>", "" },
        { SbeRule.UnexpectedElement, "<§field name='a'/>", "" },
        { SbeRule.UnexpectedElement, "<composite name='c'><§group name='a' id='1'/></composite>", "" },
        { SbeRule.BadValueRef, "<type name='x' primitiveType='uint8' §valueRef='Side.Buy'/>", "" },
        { SbeRule.MissingAttribute, "", "<§message name='m'/>" },
        { SbeRule.BadValue, "<type name='x' primitiveType='int8' §minValue='x'/>", "" },
        { SbeRule.ChoiceRange, "<set name='s' encodingType='uint64'><§choice name='a'>64</choice></set>", "" },
        { SbeRule.DuplicateName, "<set name='s' encodingType='uint8'><choice name='a'>1</choice>"
            + "<§choice name='a'>2</choice></set>", "" },
        {
            SbeRule.DuplicateName,
            "<composite name='c'><type name='a' primitiveType='int8'/>"
            + "<§type name='a' primitiveType='int8'/></composite>",
            ""
        },
        { SbeRule.NestingDepth, Nested("<composite name='c{0}'>", "</composite>"), "" },
        { SbeRule.NestingDepth, "", "<message name='m' id='1'>" + Nested("<group name='g' id='1'>", "</group>")
            + "</message>" },
        {
            SbeRule.SemanticType,
            "<type name='x' primitiveType='int8' semanticType='Price'/>",
            "<message name='m' id='1'><field name='a' id='1' type='x' §semanticType='Qty'/></message>"
        },
        {
            SbeRule.DimensionMembers,
            "<composite name='bad'><type name='blockLength' primitiveType='uint16'/>"
            + "<§type name='numInGroup' primitiveType='uint8' minValue='9' maxValue='3'/></composite>",
            "<message name='m' id='1'><group name='g' id='2' dimensionType='bad'/></message>"
        },
        {
            SbeRule.DimensionMembers,
            "<composite name='bad'><type name='blockLength' primitiveType='uint16'/>"
            + "<§type name='numInGroup' primitiveType='uint8' maxValue='255'/></composite>",
            "<message name='m' id='1'><group name='g' id='2' dimensionType='bad'/></message>"
        },
        {
            SbeRule.DimensionMembers,
            "<composite name='bad'><type name='blockLength' primitiveType='uint16'/>"
            + "<type name='numInGroup' primitiveType='int8'/></composite>",
            "<message name='m' id='1'><§group name='g' id='2' dimensionType='bad'/></message>"
        },
        {
            SbeRule.DataMembers,
            "<composite name='bad'><§type name='length' primitiveType='uint8' maxValue='255'/>"
            + "<type name='varData' primitiveType='uint8' length='0'/></composite>",
            "<message name='m' id='1'><data name='d' id='2' type='bad'/></message>"
        },
        {
            SbeRule.DuplicateValue,
            "<enum name='e' encodingType='uint8'><validValue name='A'>1</validValue>"
            + "<§validValue name='B'>1</validValue></enum>",
            ""
        },
        {
            SbeRule.DuplicateValue,
            "<set name='s' encodingType='uint8'><choice name='A'>1</choice><§choice name='B'>1</choice></set>",
            ""
        },
        { SbeRule.UnusedNullValue, "<type name='x' primitiveType='int8' §nullValue='0'/>", "" },
        {
            SbeRule.UnusualWidth,
            "<composite name='wide'><type name='blockLength' primitiveType='uint16'/>"
            + "<§type name='numInGroup' primitiveType='uint32'/></composite>",
            "<message name='m' id='1'><group name='g' id='2' dimensionType='wide'/></message>"
        },
        { SbeRule.EmptyGroup, "", "<message name='m' id='1'><§group name='g' id='2'/></message>" },
        {
            SbeRule.DeprecatedRange,
            "",
            "<message name='m' id='1'><field name='a' id='1' type='int8' sinceVersion='3' §deprecated='2'/></message>"
        },
        { SbeRule.DeprecatedRange, "<type name='x' primitiveType='int8' §deprecated='6'/>", "" },
        {
            SbeRule.SinceVersionOrder,
            "",
            "<message name='m' id='1'><field name='a' id='1' type='int8' sinceVersion='3'/>"
            + "<§field name='b' id='2' type='int8' sinceVersion='2'/></message>"
        },
        { SbeRule.UnusualName, "<type §name='my-type' primitiveType='int8'/>", "" },
        { SbeRule.UnusualName, "", "<message §name='8h' id='1'/>" },
        { SbeRule.UnexpectedElement, "", "<message name='m' id='1'><§fields/></message>" },
    };

    /// <summary>Elements within each other, the mark where the depth is exceeded.</summary>
    private static string Nested(string open, string close)
    {
        var marked = open.Replace("<", "<§", StringComparison.Ordinal);
        return string.Concat(Enumerable.Range(0, 66).Select(i => (i == 64 ? marked : open)
                .Replace("{0}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)))
            + string.Concat(Enumerable.Repeat(close, 66));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_an_error_at_its_place(SbeRule rule, string types, string messages) =>
        AssertError(rule, $"""
            <?xml version="1.0"?>
            <s:messageSchema xmlns:s="urn:x" package="p" id="1" version="5">
            <types>
            {Header}
            {Dimension}
            {Side}
            {types}
            </types>
            {messages}
            </s:messageSchema>
            """);

    [Theory]
    [InlineData(SbeRule.MalformedXml, "<messageSchema package='p' id='1'>\n<types></§type></messageSchema>")]
    [InlineData(SbeRule.HeaderMembers, "<§messageSchema package='p' id='1'/>")]
    [InlineData(
        SbeRule.HeaderMembers,
        "<messageSchema package='p' id='1' headerType='h'>\n<types><§composite name='h'>"
        + "<type name='blockLength' primitiveType='uint16'/><type name='templateId' primitiveType='uint16'/>"
        + "<type name='schemaId' primitiveType='int16'/><type name='version' primitiveType='uint16'/></composite>"
        + "</types></messageSchema>")]
    [InlineData(
        SbeRule.HeaderMembers,
        "<§messageSchema package='p' id='300'>\n<types><composite name='messageHeader'>"
        + "<type name='blockLength' primitiveType='uint16'/><type name='templateId' primitiveType='uint16'/>"
        + "<type name='schemaId' primitiveType='uint8'/><type name='version' primitiveType='uint16'/></composite>"
        + "</types></messageSchema>")]
    [InlineData(SbeRule.NoMessages, "<§messageSchema package='p' id='1'/>")]
    [InlineData(SbeRule.BadValue, "<messageSchema package='p' id='1' §byteOrder='middle'/>")]
    [InlineData(
        SbeRule.IncludeNotFound,
        "<messageSchema package='p' id='1' xmlns:xi='urn:xi'><§xi:include href='absent.xml'/></messageSchema>")]
    public void A_broken_file_is_an_error_at_its_place(SbeRule rule, string xml) => AssertError(rule, xml);

    [Fact]
    public void A_file_with_another_root_is_left_alone_by_the_generator_and_reported_by_the_parser()
    {
        Assert.Empty(SbeCompiler.Diagnose("<project/>"));
        var found = Assert.Single(SbeSchema.Parse("<project/>", "p.xml").Diagnostics);
        Assert.Equal(SbeRule.WrongRoot, found.Rule);
    }

    [Fact]
    public void Two_schemas_with_one_namespace_are_an_error()
    {
        const string Xml = $"<messageSchema package='p' id='1'><types>{Header}</types></messageSchema>";
        var result = SbeCompiler.Driver(new SchemaText("a.xml", Xml), new SchemaText("b.xml", Xml))
            .RunGenerators(SbeCompiler.Compilation([]), TestContext.Current.CancellationToken).GetRunResult();
        var errors = result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).ToList();
        Assert.All(errors, found => Assert.Equal("SBE023", found.Id));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void Every_rule_has_a_test()
    {
        var rules = Broken.Select(row => row.Data.Item1).Concat(
        [
            SbeRule.MalformedXml, SbeRule.HeaderMembers, SbeRule.IncludeNotFound, SbeRule.WrongRoot,
            SbeRule.DuplicateOutput, SbeRule.NoMessages, SbeRule.None,
        ]);
        Assert.Empty(Enum.GetValues<SbeRule>().Except(rules));
    }

    private static void AssertError(SbeRule rule, string marked)
    {
        var before = marked[..marked.IndexOf('§', StringComparison.Ordinal)];
        var line = before.Count(character => character == '\n');
        var column = before.Length - (before.LastIndexOf('\n') + 1);
        var diagnostics = SbeCompiler.Diagnose(marked.Replace("§", string.Empty, StringComparison.Ordinal));
        var found = diagnostics.FirstOrDefault(diagnostic => diagnostic.Id == $"SBE{(int)rule:000}");
        Assert.True(found is not null, "Found only: " + string.Join(" ", diagnostics));
        Assert.Equal((int)rule > 100, found.Severity == DiagnosticSeverity.Warning);
        var span = found.Location.GetLineSpan();
        Assert.Equal(
            ("test.xml", line, column),
            (span.Path, span.StartLinePosition.Line, span.StartLinePosition.Character));
    }
}
