using CsCheck;
using FlowEngine.Feeds.Framing;
using Xunit;

namespace FlowEngine.Tests.Feeds.Framing;

public sealed class StreamAssemblyTests
{
    [Fact]
    public void Segments_in_any_order_and_twice_give_the_stream()
    {
        var segments = Gen.Int[1, 40].Array[1, 20];
        Gen.Select(segments, Gen.UInt, Gen.Int).Sample((lengths, firstSequence, seed) =>
        {
            var random = new Random(seed);
            var stream = new byte[lengths.Sum()];
            random.NextBytes(stream);
            var pieces = new List<(int Start, int Length)>();
            var at = 0;
            foreach (var length in lengths)
            {
                pieces.Add((at, length));
                at += length;
            }

            // The first one tells where the stream begins; of the rest any may come early, and some come twice.
            var order = pieces.Skip(1).Concat(pieces.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(order);
            var assembly = new StreamAssembly();
            var seen = new List<byte>();
            foreach (var (start, length) in order.Prepend(pieces[0]))
            {
                var gap = assembly.Add(firstSequence + (uint)start, false, stream.AsSpan(start, length));
                Assert.Equal(0, gap);
                Assert.Equal(seen.Count, assembly.Offset);
                var taken = random.Next(assembly.Bytes.Length + 1);
                seen.AddRange(assembly.Bytes[..taken]);
                assembly.Drop(taken);
            }

            seen.AddRange(assembly.Bytes);
            Assert.Equal(stream, seen);
            Assert.Equal(0, assembly.PassGap());
        });
    }

    [Fact]
    public void What_never_comes_is_a_gap_and_the_stream_goes_on_behind_it()
    {
        var assembly = new StreamAssembly();
        assembly.Add(uint.MaxValue - 1, true, []);
        assembly.Add(uint.MaxValue, false, [1, 2, 3]);
        assembly.Add(7, false, [8, 9]);
        assembly.Add(5, false, [6, 7]);
        Assert.Equal([1, 2, 3], assembly.Bytes.ToArray());
        Assert.Equal(3, assembly.PassGap());
        Assert.Equal([6, 7, 8, 9], assembly.Bytes.ToArray());
        Assert.Equal(6, assembly.Offset);
        Assert.Equal(0, assembly.PassGap());
    }

    [Fact]
    public void Waiting_has_a_limit()
    {
        var assembly = new StreamAssembly();
        assembly.Add(0, false, [1]);
        long missing = 0;
        for (uint i = 0; i < 300; i++)
            missing += assembly.Add(10 + i, false, [2]);
        Assert.Equal(9, missing);
        Assert.Equal(300, assembly.Bytes.Length);
    }
}
