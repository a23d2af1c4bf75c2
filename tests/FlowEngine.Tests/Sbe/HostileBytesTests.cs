using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Golden messages cut and damaged: refused or read in bounds, never an exception, never a long loop.</summary>
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
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => random.Next(256) });
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
}
