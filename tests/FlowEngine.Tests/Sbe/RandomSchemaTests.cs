using System.Text.Json;
using CsCheck;
using FlowEngine.Sbe.Schema;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Random schemas, compiled, and random messages of them, encoded by a slow model.</summary>
public class RandomSchemaTests
{
    private const int FullSchemas = 300;
    private const int Messages = 100;

    [Fact]
    public void Generated_code_reads_and_rewrites_every_message_of_every_legal_schema() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                SchemaText[] text = [new("random.xml", RandomSchema.Write(seed), "Random")];
                var parsed = SbeSchema.Parse(text[0].Xml, text[0].Path);
                Assert.Empty(parsed.Diagnostics);
                var codec = Codec.Of(text);
                var random = new Random(seed);
                for (var i = 0; i < Messages; i++)
                {
                    var schema = parsed.Schema!;
                    Check(codec, ModelMessage.Write(schema, schema.Messages[i % schema.Messages.Count], random));
                }
            },
            iter: FuzzScale.Of(FullSchemas),
            threads: 1);

    private static void Check(Codec codec, byte[] message)
    {
        var json = codec.Json(message, out var length);
        Assert.NotNull(json);
        Assert.Equal(message.Length, length);
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(message, codec.Recode(message));
        for (var cut = 0; cut < message.Length; cut += 1 + (message.Length / 16))
            Assert.Equal(-1, codec.Probe(message.AsSpan(0, cut)));
    }
}
