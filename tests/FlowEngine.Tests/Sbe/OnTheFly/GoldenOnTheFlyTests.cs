using System.Text.Json;
using FlowEngine.Sbe.OnTheFly;
using Xunit;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>Messages written by the reference tool, decoded with their schemas at run time.</summary>
public class GoldenOnTheFlyTests
{
    public static TheoryData<string, string, int> Vectors => GoldenVectorTests.Vectors;

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_golden_message_has_the_values_the_reference_decoder_found(string name, string schema, int start) =>
        AssertGolden(name, schema, start);

    [Fact]
    public void A_newer_message_has_the_values_a_reader_of_version_2_knows() =>
        AssertGolden("edge_versioned_v3_future", "edge-schema.xml", 0);

    [Fact]
    public void A_message_inside_a_message_is_decoded_from_its_data()
    {
        var decoder = Decoders.OfConformance("spot_3_5.xml");
        using var outer = JsonDocument.Parse(decoder.Json(SbeFiles.Vector("binance_websocket_nested_message"), out _)!);
        var inner = Convert.FromHexString(outer.RootElement.GetProperty("result").GetString()!);
        Assert.Equal(SbeFiles.Vector("binance_rest_depth"), inner);
        Assert.NotNull(decoder.Json(inner, out var length));
        Assert.Equal(inner.Length, length);
    }

    [Theory]
    [InlineData("edge_versioned_v0", """
        {"v0":1,"v1":null,"v1enum":null,"v1set":null,"v2comp":null,"v2code":null,"v2req":null,
        "g":[{"g0":10,"g1":null},{"g0":20,"g1":null}],"g2":[],"d0":"d0","d2":""}
        """)]
    [InlineData("edge_versioned_v1", """
        {"v0":1,"v1":2,"v1enum":"Sell","v1set":{"b0":true,"b7":true},"v2comp":null,"v2code":null,"v2req":null,
        "g":[{"g0":10,"g1":11},{"g0":20,"g1":21}],"g2":[],"d0":"d0","d2":""}
        """)]
    public void A_decoder_of_version_2_finds_nothing_of_what_an_older_sender_lacks(string name, string expected)
    {
        var bytes = SbeFiles.Vector(name);
        var json = Decoders.OfConformance("edge-schema.xml").Json(bytes, out var length);
        Assert.Equal(expected.Replace("\n", string.Empty, StringComparison.Ordinal), json);
        Assert.Equal(bytes.Length, length);
    }

    [Fact]
    public void The_old_official_sample_lacks_the_extension_fields()
    {
        var json = Decoders.OfConformance("example-extension-schema.xml")
            .Json(SbeFiles.Vector("car_extension_data_official"), out _);
        using var car = JsonDocument.Parse(json!);
        Assert.Equal(JsonValueKind.Null, car.RootElement.GetProperty("uuid").ValueKind);
        Assert.Equal(JsonValueKind.Null, car.RootElement.GetProperty("cupHolderCount").ValueKind);
        Assert.Equal("abcdef", car.RootElement.GetProperty("activationCode").GetString());
    }

    [Fact]
    public void Every_schema_in_real_use_becomes_a_decoder()
    {
        var folder = SbeFiles.NeedFolder(Path.Combine(SbeFiles.Data, "schemas"));
        var paths = Directory.GetFiles(folder, "*.xml")
            .Concat(Directory.GetFiles(Path.Combine(SbeFiles.Data, "deribit_sbe"), "*.xml"))
            .Concat(Directory.GetFiles(Path.Combine(SbeFiles.Conformance, "schemas"), "*schema*.xml"))
            .Concat(Directory.GetFiles(Path.Combine(SbeFiles.Conformance, "schemas"), "s*.xml")).ToList();
        Assert.True(paths.Count > 50, $"{paths.Count} schemas");
        foreach (var path in paths)
        {
            var decoder = Decoders.OfFile(path);
            Assert.NotEmpty(decoder.Schema.Messages);
            Assert.All(decoder.Schema.Messages, message => Assert.True(decoder.Knows(
                new MessageHeader(0, (ulong)message.Id, (ulong)decoder.Schema.Id, 0))));
        }
    }

    private static void AssertGolden(string name, string schema, int start)
    {
        var bytes = SbeFiles.Vector(name).AsSpan(start);
        var decoder = Decoders.OfConformance(schema);
        Assert.True(decoder.TryDecode(bytes, out var message));
        Assert.Equal(bytes.Length, message.EncodedLength);
        using var reference = JsonDocument.Parse(GoldenVectorTests.PatchUtf8(name, SbeFiles.Json(name)));
        using var ours = JsonDocument.Parse(decoder.Json(bytes, out _)!);
        Assert.Equal(
            ReferenceJson.OfReference(message.Message, reference.RootElement), ReferenceJson.OfOurs(ours.RootElement));
    }
}
