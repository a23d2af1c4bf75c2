using Xunit;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>
/// Mutants of the golden vectors: generated code and the on-the-fly decoder accept the same bytes and see the same in
/// them. A million with <c>FLOWENGINE_FULL=1</c>, one percent otherwise; <c>FLOWENGINE_SEED</c> replays a run.
/// </summary>
public class OnTheFlyFuzz
{
    private const int FullRounds = 1_000_000;
    private const int DefaultSeed = 20260823;
    private const int LargeLength = 10_000;

    private static int Rounds => Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1"
        ? FullRounds : FullRounds / 100;

    private static int Seed => int.TryParse(Environment.GetEnvironmentVariable("FLOWENGINE_SEED"), out var seed)
        ? seed : DefaultSeed;

    public static TheoryData<string, string, int> Vectors
    {
        get
        {
            var vectors = new TheoryData<string, string, int>();
            foreach (var row in GoldenVectorTests.Vectors)
                vectors.Add(row.Data.Item1, row.Data.Item2, row.Data.Item3);
            vectors.Add("edge_versioned_v0", "edge-schema.xml", 0);
            vectors.Add("edge_versioned_v1", "edge-schema.xml", 0);
            vectors.Add("edge_versioned_v3_future", "edge-schema.xml", 0);
            vectors.Add("car_extension_data_official", "example-extension-schema.xml", 0);
            return vectors;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Generated_and_on_the_fly_decoding_agree_on_every_mutant(string name, string schema, int start)
    {
        var original = SbeFiles.Vector(name).AsSpan(start).ToArray();
        var twin = GeneratedTwin.OfConformance(schema);
        var decoder = Decoders.OfConformance(schema);
        var rounds = Math.Max(10, Rounds / Vectors.Count / (original.Length > LargeLength ? 100 : 1));
        var random = new Random(Seed);
        var accepted = 0;
        for (var round = 0; round < rounds; round++)
        {
            var mutant = round == 0 ? original : Mutate(original, random);
            var expected = twin.Json(mutant, 0, mutant.Length, out var expectedLength);
            var actual = decoder.Json(mutant, out var actualLength);
            if (expected != actual || expectedLength != actualLength)
                Assert.Fail($"seed {Seed}, {name}, round {round}: {Convert.ToHexString(mutant)}\n{expected}\n{actual}");
            accepted += expected is null ? 0 : 1;
        }

        Assert.True(accepted > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {accepted} of {rounds} mutants were accepted");
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = random.Next(8) switch
        {
            0 => original[..random.Next(original.Length + 1)],
            1 => [.. original, .. original[..random.Next(original.Length)]],
            _ => original.ToArray(),
        };
        for (var i = random.Next(1, 5); i > 0 && bytes.Length > 0; i--)
        {
            // Headers and dimensions decide most, and small numbers are the likely ones there.
            var at = random.Next(3) == 0 ? random.Next(Math.Min(24, bytes.Length)) : random.Next(bytes.Length);
            bytes[at] = random.Next(5) switch
            {
                0 => 0,
                1 => 0xFF,
                2 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                3 => (byte)random.Next(8),
                _ => (byte)random.Next(256),
            };
        }

        return bytes;
    }
}
