using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;
using Xunit;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>What the decoder says of bytes that are no message, and what it shows a visitor of one.</summary>
public class DecodeFaultTests
{
    private const string Xml = """
        <messageSchema package='p' id='7' version='2'><types>
        <composite name='messageHeader'><type name='blockLength' primitiveType='uint16'/>
          <type name='templateId' primitiveType='uint16'/><type name='schemaId' primitiveType='uint16'/>
          <type name='version' primitiveType='uint16'/></composite>
        <composite name='groupSizeEncoding'><type name='blockLength' primitiveType='uint8'/>
          <type name='numInGroup' primitiveType='uint8'/></composite>
        <composite name='text'><type name='length' primitiveType='uint8'/>
          <type name='varData' primitiveType='uint8' length='0' characterEncoding='UTF-8'/></composite>
        <composite name='decimal'><type name='mantissa' primitiveType='int16'/>
          <type name='exponent' primitiveType='int8' presence='constant'>-2</type></composite>
        <enum name='mode' encodingType='uint8'><validValue name='On'>1</validValue></enum>
        <set name='bits' encodingType='uint8'><choice name='low'>0</choice><choice name='high'>7</choice></set>
        </types>
        <message name='m' id='3'><field name='size' id='1' type='decimal'/><field name='mode' id='2' type='mode'/>
          <field name='bits' id='3' type='bits'/><field name='later' id='4' type='decimal' sinceVersion='2'/>
          <group name='g' id='5'><field name='x' id='1' type='int8' presence='optional'/></group>
          <data name='note' id='6' type='text'/></message></messageSchema>
        """;

    private static readonly byte[] s_message =
    [
        6, 0, 3, 0, 7, 0, 2, 0, 0x2C, 0x01, 1, 0x81, 0xFF, 0xFF, 1, 2, 5, 0x80, 3, 0xE2, 0x82, 0xAC,
    ];

    private readonly SchemaDecoder _decoder = Decoders.OfText(Xml);

    [Fact]
    public void A_message_shows_its_parts_in_schema_order()
    {
        Assert.True(_decoder.TryDecode(s_message, out var message));
        var tape = new Tape();
        message.Accept(ref tape);
        Assert.Equal(
            "size( mantissa=300 exponent=-2 ) mode=On bits=low|high later( mantissa=-1 exponent=-2 ) "
            + "g[2 0: x=5 ; 1: x=- ; ] note=\"€\" ",
            tape.Text);
        Assert.Equal("m", message.Name);
        Assert.Equal(new MessageHeader(6, 3, 7, 2), message.Header);
    }

    [Fact]
    public void An_absent_composite_is_shown_as_a_field_without_a_value()
    {
        byte[] old = [4, 0, 3, 0, 7, 0, 1, 0, 0x2C, 0x01, 9, 0, 1, 0, 0];
        Assert.True(_decoder.TryDecode(old, out var message));
        var tape = new Tape();
        message.Accept(ref tape);
        Assert.Equal("size( mantissa=300 exponent=-2 ) mode=9 bits=none later=- g[0 ] note=\"\" ", tape.Text);
    }

    [Theory]
    [InlineData(7, -1, 0, DecodeFault.TooShort, 0, "a header has 8 bytes and 7 are left")]
    [InlineData(22, 4, 8, DecodeFault.OtherSchema, 4, "schema id 8, not 7")]
    [InlineData(22, 2, 4, DecodeFault.UnknownTemplate, 2, "no template 4 in the schema")]
    [InlineData(22, 0, 3, DecodeFault.Malformed, 0, "'m' claims a block of 3 bytes and has at least 4")]
    [InlineData(12, -1, 0, DecodeFault.Malformed, 0, "'m' claims a block of 6 bytes and 4 are left")]
    [InlineData(15, -1, 0, DecodeFault.Malformed, 14, "group 'g' begins and 1 bytes are left")]
    [InlineData(22, 14, 9, DecodeFault.Malformed, 14, "claims 2 entries of 9 bytes and 8 bytes are left")]
    [InlineData(22, 14, 0, DecodeFault.Malformed, 14, "claims 2 entries of 0 bytes")]
    [InlineData(18, -1, 0, DecodeFault.Malformed, 18, "data 'note' begins and 0 bytes are left")]
    [InlineData(22, 18, 9, DecodeFault.Malformed, 18, "data 'note' claims 9 bytes and 3 are left")]
    public void A_fault_names_its_place_and_its_reason(
        int length, int at, byte value, DecodeFault fault, int offset, string reason)
    {
        var bytes = s_message.ToArray();
        if (at >= 0)
            bytes[at] = value;
        Assert.False(_decoder.TryDecode(bytes.AsSpan(0, length), out _, out var failure));
        Assert.Equal(fault, failure.Fault);
        Assert.Equal(offset, failure.Offset);
        Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_with_errors_makes_no_decoder()
    {
        var parsed = SbeSchema.Parse(Xml.Replace("int16", "int17", StringComparison.Ordinal), "bad.xml");
        var refused = Assert.Throws<ArgumentException>(() => SchemaDecoder.Compile(parsed));
        Assert.Contains("bad.xml(", refused.Message, StringComparison.Ordinal);
    }

    private struct Tape() : IMessageVisitor
    {
        public string Text { get; private set; } = "";

        public void OnField(in FieldValue value) => Text += $"{value.Name}={value.ToString()} ";

        public void OnBeginComposite(SbeField field) => Text += $"{field.Name}( ";

        public void OnEndComposite(SbeField field) => Text += ") ";

        public void OnBeginGroup(SbeGroup group, int count) => Text += $"{group.Name}[{count} ";

        public void OnBeginEntry(SbeGroup group, int index) => Text += $"{index}: ";

        public void OnEndEntry(SbeGroup group, int index) => Text += "; ";

        public void OnEndGroup(SbeGroup group) => Text += "] ";

        public void OnData(in DataValue value) => Text += $"{value.Name}={value.ToString()} ";
    }
}
