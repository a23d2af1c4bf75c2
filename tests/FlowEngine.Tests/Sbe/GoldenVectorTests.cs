using System.Globalization;
using System.Text.Json;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Messages written by the reference tool, and their JSON by its independent on-the-fly decoder.</summary>
public class GoldenVectorTests
{
    /// <summary>File, schema, and where its message begins.</summary>
    public static TheoryData<string, string, int> Vectors => new()
    {
        { "car_baseline", "example-schema.xml", 0 },
        { "car_baseline_empty_groups", "example-schema.xml", 0 },
        { "car_baseline_empty_nested", "example-schema.xml", 0 },
        { "car_baseline_utf8", "example-schema.xml", 0 },
        { "car_baseline_offset3", "example-schema.xml", 3 },
        { "car_bigendian", "example-bigendian-test-schema.xml", 0 },
        { "car_extension_v1", "example-extension-schema.xml", 0 },
        { "car_extension_v1_nulls", "example-extension-schema.xml", 0 },
        { "edge_alltypes_plain", "edge-schema.xml", 0 },
        { "edge_alltypes_nulls", "edge-schema.xml", 0 },
        { "edge_alltypes_min", "edge-schema.xml", 0 },
        { "edge_alltypes_max", "edge-schema.xml", 0 },
        { "edge_gaps", "edge-schema.xml", 0 },
        { "edge_gaps_maxvar", "edge-schema.xml", 0 },
        { "edge_nest", "edge-schema.xml", 0 },
        { "edge_nest_empty", "edge-schema.xml", 0 },
        { "edge_nest_resetcount", "edge-schema.xml", 0 },
        { "edge_empty_message", "edge-schema.xml", 0 },
        { "edge_versioned_v0", "edge-schema-v0.xml", 0 },
        { "edge_versioned_v1", "edge-schema-v1.xml", 0 },
        { "edge_versioned_v2", "edge-schema.xml", 0 },
        { "binance_trades", "stream_1_0.xml", 0 },
        { "binance_bestbidask", "stream_1_0.xml", 0 },
        { "binance_depthdiff", "stream_1_0.xml", 0 },
        { "binance_depth20_nosymbol", "stream_1_0.xml", 0 },
        { "binance_error_nulls", "spot_3_5.xml", 0 },
        { "binance_rest_depth", "spot_3_5.xml", 0 },
        { "binance_websocket_nested_message", "spot_3_5.xml", 0 },
        { "binance_fix_logon_with_sofh", "spot-fixsbe-1_0.xml", 6 },
        { "cme_book32", "FixBinary.xml", 0 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Readers_see_what_the_reference_decoder_sees(string name, string schema, int start)
    {
        var bytes = SbeFiles.Vector(name);
        var dump = Codec.Of(schema).Dump(bytes.AsSpan(start), out var encodedLength);
        Assert.NotNull(dump);
        Assert.Equal(bytes.Length - start, encodedLength);
        AssertSame(PatchUtf8(name, SbeFiles.Json(name)), dump);
    }

    // The reference printer shows nothing where a fixed array holds more than ASCII; the bytes are these.
    public static string PatchUtf8(string name, string json)
    {
        var text = name switch { "edge_alltypes_plain" => "Žluť €", "edge_alltypes_min" => "é", _ => null };
        if (text is null)
            return json;
        Assert.True(SbeFiles.Vector(name).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text + '\0')) > 0);
        return json.Replace("\"utf\": \"\"", $"\"utf\": \"{text}\"", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Writers_write_the_same_bytes_into_a_dirty_buffer(string name, string schema, int start)
    {
        var bytes = SbeFiles.Vector(name).AsSpan(start).ToArray();
        Assert.Equal(bytes, Codec.Of(schema).Recode(bytes));
    }

    [Theory]
    [InlineData("edge_versioned_v0", """
        {"v0":1,"v1":65535,"v1enum":"null","v1set":{"b0":false,"b7":false},
        "v2comp":{"mantissa":9223372036854775807,"exponent":-9},"v2code":"","v2req":4294967295,
        "g":[{"g0":10,"g1":-2147483648},{"g0":20,"g1":-2147483648}],"g2":[],"d0":"d0","d2":""}
        """)]
    [InlineData("edge_versioned_v1", """
        {"v0":1,"v1":2,"v1enum":"Sell","v1set":{"b0":true,"b7":true},
        "v2comp":{"mantissa":9223372036854775807,"exponent":-9},"v2code":"","v2req":4294967295,
        "g":[{"g0":10,"g1":11},{"g0":20,"g1":21}],"g2":[],"d0":"d0","d2":""}
        """)]
    [InlineData("edge_versioned_v3_future", null)]
    public void A_reader_of_version_2_reads_older_and_newer_messages(string name, string? expected)
    {
        var bytes = SbeFiles.Vector(name);
        var dump = Codec.Of("edge-schema.xml").Dump(bytes, out var encodedLength);
        Assert.NotNull(dump);
        Assert.Equal(bytes.Length, encodedLength);
        AssertSame(expected ?? SbeFiles.Json(name), dump);
    }

    [Fact]
    public void An_old_message_of_the_official_sample_lacks_the_extension_fields()
    {
        var dump = Codec.Of("example-extension-schema.xml").Dump(SbeFiles.Vector("car_extension_data_official"), out _);
        using var json = JsonDocument.Parse(dump!);
        Assert.Equal(255, json.RootElement.GetProperty("cupHolderCount").GetInt32());
        Assert.All(
            json.RootElement.GetProperty("uuid").EnumerateArray(), id => Assert.Equal(long.MinValue, id.GetInt64()));
        Assert.Equal("abcdef", json.RootElement.GetProperty("activationCode").GetString());
    }

    [Fact]
    public void A_message_of_another_template_or_schema_is_refused()
    {
        var bytes = SbeFiles.Vector("car_baseline");
        var codec = Codec.Of("example-schema.xml");
        foreach (var offset in new[] { 2, 4 })
        {
            var other = bytes.ToArray();
            other[offset] ^= 0x40;
            Assert.Null(codec.Dump(other, out _));
        }
    }

    /// <summary>The same JSON, numbers by value.</summary>
    private static void AssertSame(string expected, string actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        Assert.Equal(Canonical(left.RootElement), Canonical(right.RootElement));
    }

    private static string Canonical(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(
            ",", element.EnumerateObject().Select(member => $"{member.Name}:{Canonical(member.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(",", element.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Number => element.TryGetInt64(out var integer)
            ? integer.ToString(CultureInfo.InvariantCulture)
            : element.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => element.ToString(),
    };
}
