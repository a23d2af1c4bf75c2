using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Mutants of all golden messages: no exception, and no byte read beyond the message.</summary>
public class TryWrapFuzzTests
{
    private const int FullRounds = 3_000_000;
    private const int MaxLength = 8_192;

    [Fact]
    public void No_mutant_of_a_golden_message_makes_a_reader_throw_or_look_beyond_it()
    {
        var vectors = GoldenVectorTests.Vectors.Select(row => row.Data)
            .Select(row => (Bytes: SbeFiles.Vector(row.Item1)[row.Item3..], Codec: Codec.Of(row.Item2)))
            .Select(row => (Bytes: row.Bytes[..Math.Min(row.Bytes.Length, MaxLength)], row.Codec)).ToList();
        var seed = FuzzScale.Seed;
        var rounds = FuzzScale.Of(FullRounds);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {rounds} mutants");
        var random = new Random(seed);
        using var memory = new GuardedMemory(2 * MaxLength);
        var buffer = new byte[2 * MaxLength];
        var accepted = 0;
        for (var round = 0; round < rounds; round++)
        {
            var (bytes, codec) = vectors[round % vectors.Count];
            var mutant = Mutate(random, bytes, buffer);
            var encoded = codec.Probe(memory.Place(mutant));
            if (encoded < 0)
                continue;
            accepted++;
            Assert.InRange(encoded, 8, mutant.Length);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{accepted} accepted");
        Assert.InRange(accepted, rounds / 100, rounds - 1);
    }

    private static ReadOnlySpan<byte> Mutate(Random random, byte[] original, byte[] buffer)
    {
        original.CopyTo(buffer, 0);
        var length = original.Length;
        switch (random.Next(8))
        {
            case 0:
                length = random.Next(length + 1);
                break;
            case 1:
                length += random.Next(64);
                random.NextBytes(buffer.AsSpan(original.Length, length - original.Length));
                break;
            case 2:
                // Move a piece: lengths and counts land where they do not belong.
                var from = random.Next(length);
                var size = random.Next(Math.Min(32, length - from) + 1);
                buffer.AsSpan(from, size).ToArray().CopyTo(buffer, random.Next(length));
                break;
        }

        for (var i = random.Next(4); i > 0 && length > 0; i--)
        {
            // Header bytes and the first dimension are hit more often than the rest.
            var at = random.Next(random.Next(3) == 0 ? Math.Min(length, 80) : length);
            buffer[at] = random.Next(4) switch
            {
                0 => 0,
                1 => 0xFF,
                2 => (byte)(buffer[at] ^ (1 << random.Next(8))),
                _ => (byte)random.Next(256),
            };
        }

        return buffer.AsSpan(0, length);
    }
}
