using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Golden messages cut and damaged: refused or read in bounds, never an exception or a long loop.</summary>
public class HostileBytesTests
{
    private const int MaxCutLength = 2_000;

    [Theory]
    [MemberData(nameof(GoldenVectorTests.Vectors), MemberType = typeof(GoldenVectorTests))]
    public void A_message_cut_anywhere_is_refused_or_read_in_bounds(string name, string schema, int start)
    {
        var bytes = SbeFiles.Vector(name).AsSpan(start).ToArray();
        var codec = Codec.Of(schema);
        var step = Math.Max(1, bytes.Length / MaxCutLength);
        for (var length = 0; length < bytes.Length; length += step)
            Assert.Null(codec.DumpGuarded(bytes.AsSpan(0, length)));
        Assert.NotNull(codec.DumpGuarded(bytes));
    }

    [Theory]
    [MemberData(nameof(GoldenVectorTests.Vectors), MemberType = typeof(GoldenVectorTests))]
    public void A_damaged_message_is_refused_or_read_in_bounds(string name, string schema, int start)
    {
        const int Seed = 20260823;
        var original = SbeFiles.Vector(name).AsSpan(start).ToArray();
        if (original.Length > 10_000)
            original = original[..10_000];
        var codec = Codec.Of(schema);
        var random = new Random(Seed);
        var read = 0;
        for (var round = 0; round < 300; round++)
        {
            var bytes = original.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                var damage = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => random.Next(256) };
                bytes[random.Next(bytes.Length)] = (byte)damage;
            }

            read += codec.DumpGuarded(bytes) is null ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {read} of 300 damaged messages were readable");
    }

    [Fact]
    public void A_version_says_nothing_about_a_block_that_is_too_short_for_it()
    {
        // The root block claims version 2 but holds the 4 bytes of version 0 only: all later fields are absent.
        var bytes = SbeFiles.Vector("edge_versioned_v0");
        bytes[6] = 2;
        var withoutGroup2 = Codec.Of("edge-schema.xml").DumpGuarded(bytes);
        if (withoutGroup2 is not null)
            Assert.Contains("\"v1\":65535", withoutGroup2, StringComparison.Ordinal);
        bytes[0] = 3;
        Assert.Null(Codec.Of("edge-schema.xml").DumpGuarded(bytes));
    }

    [Fact]
    public void Entries_without_bytes_cannot_make_a_reader_loop()
    {
        const string Xml = """
            <messageSchema package='p' id='1'><types>
            <composite name='messageHeader'><type name='blockLength' primitiveType='uint16'/>
              <type name='templateId' primitiveType='uint16'/><type name='schemaId' primitiveType='uint16'/>
              <type name='version' primitiveType='uint16'/></composite>
            <composite name='big'><type name='blockLength' primitiveType='uint16'/>
              <type name='numInGroup' primitiveType='uint32'/></composite>
            </types>
            <message name='m' id='1'><group name='g' id='1' dimensionType='big'/></message></messageSchema>
            """;
        var codec = Codec.Of([new SchemaText("p.xml", Xml, "P")]);
        byte[] message = [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
        Assert.Null(codec.Dump(message, out _));
        message[13] = 0x7F;
        Assert.Null(codec.Dump(message, out _));
        message.AsSpan(10).Clear();
        message[10] = 3;
        Assert.Equal("{\"g\":[{},{},{}]}", codec.Dump(message, out _));
        message[8] = 1;
        Assert.Null(codec.Dump(message, out _));
    }
}
