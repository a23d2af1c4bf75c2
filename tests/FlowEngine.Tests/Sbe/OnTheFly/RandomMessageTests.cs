using FlowEngine.Sbe.OnTheFly;
using Xunit;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>
/// Every message of schemas in real use, with random contents and by senders of other versions: generated code and the
/// on-the-fly decoder see the same. All 44 schemas with <c>FLOWENGINE_FULL=1</c>, one of each venue otherwise.
/// </summary>
public class RandomMessageTests
{
    private const int Seed = 20260823;
    private const int Rounds = 20;
    private const int FullRounds = 2000;

    private static readonly string[] s_usual =
    [
        "B3.Equities.BinaryUmdf.Sbe.v1.8.xml", "Cme.Futures.Mdp3.Sbe.v1.12.xml",
        "Coinbase.Derivatives.MarketDataApi.Sbe.v1.2.xml", "Memx.Equities.MemoirDepth.Sbe.v1.3.xml",
        "Iex.IexOptions.MarketData.Sbe.v1.03.xml", "bybit_sbe_quote.xml",
        "../deribit_sbe/deribit_multicast_v3_reconstructed.xml",
    ];

    private static bool IsFull => Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1";

    [Fact]
    public void Every_message_of_real_schemas_reads_the_same_generated_and_on_the_fly()
    {
        var folder = SbeFiles.NeedFolder(Path.Combine(SbeFiles.Data, "schemas"));
        var names = IsFull ? Directory.GetFiles(folder, "*.xml").Append(s_usual[^1]) : s_usual;
        var messages = 0;
        foreach (var name in names)
        {
            var path = Path.Combine(folder, name);
            var decoder = Decoders.OfFile(path);
            var twin = GeneratedTwin.OfFile(path);
            var random = new Random(Seed);
            var writer = new RandomMessage(decoder.Schema, random);
            foreach (var message in decoder.Schema.Messages)
            {
                for (var round = 0; round < (IsFull ? FullRounds : Rounds); round++)
                    AssertSame(decoder, twin, writer.Write(message), $"seed {Seed}, {name}, {message.Name}, {round}");
                messages++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {messages} kinds of message");
    }

    [Fact]
    public void A_schema_that_counts_parts_passes_over_what_a_newer_one_adds()
    {
        var random = new Random(Seed);
        var old = Decoders.OfText(Schema(1, OldMessage));
        var text = new SchemaText("old.xml", Schema(1, OldMessage), "Generated");
        var twin = GeneratedTwin.OfText(text);
        var writer = new RandomMessage(Decoders.OfText(Schema(2, NewMessage)).Schema, random);
        var message = Decoders.OfText(Schema(2, NewMessage)).Schema.Messages[0];
        var newer = 0;
        for (var round = 0; round < 2000; round++)
        {
            var bytes = writer.Write(message);
            newer += bytes[6] == 2 ? 1 : 0;
            if (bytes[6] <= 2)
                AssertSame(old, twin, bytes, $"seed {Seed}, {round}");
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(twin.Json(bytes, 0, bytes.Length, out var expected), old.Json(bytes, out var actual));
            Assert.Equal(expected, actual);
        }

        Assert.True(newer > 100);
    }

    private const string NewMessage = """
        <message name='m' id='1'><field name='a' id='1' type='uint8'/>
          <field name='b' id='2' type='uint16' sinceVersion='2' presence='optional'/>
          <group name='g' id='3'><field name='x' id='1' type='uint8'/>
            <field name='y' id='2' type='uint8' sinceVersion='2' presence='optional'/>
            <group name='n' id='3' sinceVersion='2'><field name='z' id='1' type='uint32'/>
              <data name='note' id='2' type='var'/></group>
            <data name='remark' id='4' type='var' sinceVersion='2'/></group>
          <group name='h' id='4' sinceVersion='2'><field name='z' id='1' type='uint64'/>
            <group name='n' id='2'><field name='z' id='1' type='uint8'/></group>
            <data name='note' id='3' type='var'/></group>
          <data name='d' id='5' type='var'/><data name='e' id='6' type='var' sinceVersion='2'/></message>
        """;

    private const string OldMessage = """
        <message name='m' id='1'><field name='a' id='1' type='uint8'/>
          <group name='g' id='3'><field name='x' id='1' type='uint8'/></group>
          <data name='d' id='5' type='var'/></message>
        """;

    private static void AssertSame(SchemaDecoder decoder, GeneratedTwin twin, byte[] bytes, string what)
    {
        var actual = decoder.Json(bytes, out var actualLength);
        var expected = twin.Json(bytes, 0, bytes.Length, out var expectedLength);
        if (actual is null || actual != expected || actualLength != expectedLength || actualLength != bytes.Length)
        {
            decoder.TryDecode(bytes, out _, out var failure);
            Assert.Fail(
                $"{what}: {Convert.ToHexString(bytes)} of {bytes.Length} bytes\n{expected} {expectedLength}\n"
                + $"{actual} {actualLength} {failure}");
        }
    }

    private static string Schema(int version, string message) => $"""
        <messageSchema package='p' id='1' version='{version}'>
        <types>
        <composite name='messageHeader'><type name='blockLength' primitiveType='uint16'/>
          <type name='templateId' primitiveType='uint16'/><type name='schemaId' primitiveType='uint16'/>
          <type name='version' primitiveType='uint16'/><type name='numGroups' primitiveType='uint16'/>
          <type name='numVarDataFields' primitiveType='uint16'/></composite>
        <composite name='groupSizeEncoding'><type name='blockLength' primitiveType='uint16'/>
          <type name='numInGroup' primitiveType='uint16'/><type name='numGroups' primitiveType='uint16'/>
          <type name='numVarDataFields' primitiveType='uint16'/></composite>
        <composite name='var'><type name='length' primitiveType='uint16'/>
          <type name='varData' primitiveType='char' length='0' characterEncoding='UTF-8'/></composite>
        </types>{message}</messageSchema>
        """;
}
