using System.Text;
using System.Text.Json;
using FlowEngine.Sbe;
using FlowTest.Shop;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>The display of generated readers: one JSON object under the schema's names.</summary>
public class JsonTests
{
    [Theory]
    [MemberData(nameof(GoldenVectorTests.Vectors), MemberType = typeof(GoldenVectorTests))]
    public void Golden_messages_show_what_the_reference_decoder_shows(string name, string schema, int start)
    {
        var bytes = SbeFiles.Vector(name);
        var json = Codec.Of(schema).Json(bytes.AsSpan(start), out var encodedLength);
        Assert.NotNull(json);
        Assert.Equal(bytes.Length - start, encodedLength);
        using var expected = JsonDocument.Parse(GoldenVectorTests.PatchUtf8(name, SbeFiles.Json(name)));
        using var actual = JsonDocument.Parse(json);
        AssertShows(expected.RootElement, actual.RootElement, "$");
    }

    [Fact]
    public void An_older_message_shows_null_for_all_it_lacks()
    {
        var json = Codec.Of("edge-schema.xml").Json(SbeFiles.Vector("edge_versioned_v0"), out _);
        Assert.Equal(
            """
            {"v0":1,"v1":null,"v1enum":null,"v1set":null,"v2comp":null,"v2code":null,"v2req":null,
            "g":[{"g0":10,"g1":null},{"g0":20,"g1":null}],"g2":[],"d0":"d0","d2":""}
            """.Replace("\n", string.Empty, StringComparison.Ordinal),
            json);
    }

    [Fact]
    public void A_fixed_message_shows_every_kind_of_field()
    {
        var buffer = new byte[TickWriter.EncodedFixedLength];
        var writer = new TickWriter(buffer);
        writer.SetStamp(5, StampReader.SequenceNull);
        writer.SetCode([(byte)'X', (byte)'"', 0xFF]);
        writer.SetWeights(1, -2);
        writer.SetDigest([0, 1, 254, 255]);
        writer.Side = (Side)17;
        writer.Marks = Marks.Last;
        writer.Ratio = float.PositiveInfinity;
        writer.Added = 3;
        Assert.True(TickReader.TryWrap(buffer, out var tick));
        Assert.Equal(
            """
            {"stamp":{"time":5,"sequence":null},"code":"X\"?","weights":[0,-2,0],"digest":[0,1,254,255],"side":17,
            "marks":{"first":false,"middle":false,"last":true},"ratio":"Infinity","price":null,"added":3}
            """.Replace("\n", string.Empty, StringComparison.Ordinal),
            tick.ToString());
    }

    [Fact]
    public void Any_message_of_the_schema_is_shown_and_others_are_not()
    {
        var buffer = new byte[TickWriter.EncodedFixedLength + 9];
        _ = new TickWriter(buffer);
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream, SbeJson.Options);
        Assert.True(SchemaInfo.TryWriteJson(buffer, json, out var length));
        Assert.Equal(TickWriter.EncodedFixedLength, length);
        json.Flush();
        var written = stream.Length;
        Assert.True(TickReader.TryWrap(buffer, out var tick));
        Assert.Equal(tick.ToString(), Encoding.UTF8.GetString(stream.ToArray()));
        foreach (var at in new[] { 2, 4 })
        {
            buffer[at]++;
            Assert.False(SchemaInfo.TryWriteJson(buffer, json, out _));
            buffer[at]--;
        }

        Assert.False(SchemaInfo.TryWriteJson(buffer.AsSpan(0, 60), json, out _));
        Assert.False(SchemaInfo.TryWriteJson(buffer.AsSpan(0, 7), json, out _));
        Assert.False(SchemaInfo.TryWriteJson(default, json, out _));
        json.Flush();
        Assert.Equal(written, stream.Length);
    }

    /// <summary>Values as ours, but for what the reference printer writes in another way.</summary>
    private static void AssertShows(JsonElement expected, JsonElement actual, string path)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var left = expected.EnumerateObject().ToList();
                var right = actual.EnumerateObject().ToList();
                Assert.Equal(left.Select(member => member.Name), right.Select(member => member.Name));
                foreach (var (one, other) in left.Zip(right))
                    AssertShows(one.Value, other.Value, $"{path}.{one.Name}");
                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                foreach (var (one, other) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
                    AssertShows(one, other, path + "[]");
                break;
            default:
                AssertSame(expected, actual, path);
                break;
        }
    }

    private static void AssertSame(JsonElement expected, JsonElement actual, string path)
    {
        var isSame = actual.ValueKind switch
        {
            // The printer shows the null value itself, NaN as "0/0" and a null enum as "null".
            JsonValueKind.Null => expected.ToString() is "null" or "0/0" or "\0" || IsNullValue(expected),
            JsonValueKind.Number when actual.TryGetUInt64(out var big) && big > long.MaxValue =>
                expected.GetInt64() == (long)big,
            JsonValueKind.Number => expected.GetDouble().Equals(actual.GetDouble()),
            JsonValueKind.String when expected.ToString() == "0/0" => actual.ToString() == "NaN",
            _ => expected.ToString() == actual.ToString(),
        };
        Assert.True(isSame, $"{path}: expected {expected}, found {actual}");
    }

    private static bool IsNullValue(JsonElement expected) =>
        expected.ValueKind == JsonValueKind.Number && expected.TryGetInt64(out var value)
        && value is 0 or -1 or byte.MaxValue or ushort.MaxValue or uint.MaxValue or sbyte.MinValue or short.MinValue
            or int.MinValue or int.MaxValue or long.MinValue or long.MaxValue;
}
