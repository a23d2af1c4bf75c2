using System.Buffers.Binary;
using CsCheck;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Memory;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed unsafe class ManyToOneRingTests : IDisposable
{
    private const int Capacity = 1024;
    private const int Tail = Capacity + 128;
    private readonly NativeBlock _block = new(Capacity + ManyToOneRing.TrailerLength);

    [Fact]
    public void Ring_behaves_like_a_queue_that_is_sometimes_full()
    {
        // Below 0: read that many; otherwise write so many bytes.
        Gen.Int[-5, 128].List[0, 400].Sample(operations =>
        {
            using var block = new NativeBlock(Capacity + ManyToOneRing.TrailerLength);
            var ring = new ManyToOneRing(block.Pointer, (int)block.Length);
            var model = new Queue<(int Type, byte[] Body)>();
            var read = new MessageList();
            var type = 0;
            foreach (var operation in operations)
            {
                if (operation < 0)
                {
                    ring.Read(ref read, -operation);
                }
                else if (ring.TryWrite(++type, Golden.Payload(operation, type)))
                {
                    model.Enqueue((type, Golden.Payload(operation, type)));
                }
                else
                {
                    Assert.True(model.Count > 0, "an empty ring refused a message");
                }

                foreach (var (readType, body) in read.Messages)
                {
                    var expected = model.Dequeue();
                    Assert.Equal(expected.Type, readType);
                    Assert.Equal(expected.Body, body);
                }

                read.Messages.Clear();
            }

            while (ring.Read(ref read, 100) > 0 || ring.ConsumerPosition != ring.ProducerPosition)
            {
            }

            Assert.Equal(model.Select(m => m.Type), read.Messages.Select(m => m.Type));
            Assert.Equal(0, ring.CorruptRecords);
            var records = new Span<byte>(block.Pointer, Capacity);
            Assert.True(records.IndexOfAnyExcept((byte)0) < 0, "read records were not zeroed");
        });
    }

    [Fact]
    public void Four_writers_lose_and_repeat_nothing()
    {
        const int Writers = 4;
        const int Each = 20_000;
        var isGivenUp = false;

        // Large enough that little time goes by with waiting for each other on a busy machine, and lapped 75 times.
        var block = new NativeBlock((64 * 1024) + ManyToOneRing.TrailerLength);
        var ring = new ManyToOneRing(block.Pointer, (int)block.Length, block);
        var threads = Enumerable.Range(1, Writers).Select(writer => AgentThread.Start($"writer-{writer}", () =>
        {
            var body = new byte[100];
            for (var i = 0; i < Each; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(body, i);
                while (!Volatile.Read(ref isGivenUp) && !ring.TryWrite(writer, body.AsSpan(0, 4 + (i % 97))))
                {
                    Thread.Yield();
                }
            }
        })).ToArray();
        var counter = new SequenceCounter(Writers);
        var limit = DateTime.UtcNow.AddSeconds(30);
        while (counter.Total < Writers * Each && DateTime.UtcNow < limit)
        {
            if (ring.Read(ref counter, 50) == 0)
            {
                Thread.Yield();
            }
        }

        Volatile.Write(ref isGivenUp, true);
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(10))));
        Assert.Equal(Writers * Each, counter.Total);
        Assert.Equal(0, counter.Wrong);
    }

    [Fact]
    public void A_claim_whose_writer_died_is_padded_over()
    {
        var ring = NewRing();
        Claim(-24, 24);
        Assert.True(ring.TryWrite(7, "next"u8));
        var read = new MessageList();
        Assert.Equal(0, ring.Read(ref read, 10));
        Assert.True(ring.Unblock());
        ring.Read(ref read, 10);
        Assert.Equal(7, Assert.Single(read.Messages).Type);
    }

    [Fact]
    public void A_hole_whose_writer_died_before_its_first_store_is_padded_over()
    {
        var ring = NewRing();
        Claim(0, 64);
        Assert.False(ring.Unblock());
        Assert.True(ring.TryWrite(7, "next"u8));
        Assert.True(ring.Unblock());
        var read = new MessageList();
        ring.Read(ref read, 10);
        Assert.Equal(7, Assert.Single(read.Messages).Type);
        Assert.False(ring.Unblock());
    }

    [Fact]
    public void A_length_that_makes_no_sense_is_dropped_and_counted()
    {
        var ring = NewRing();
        Claim(5000, 32);
        var read = new MessageList();
        Assert.Equal(0, ring.Read(ref read, 10));
        Assert.Equal(1, ring.CorruptRecords);
        Assert.True(ring.TryWrite(7, "next"u8));
        Assert.Equal(1, ring.Read(ref read, 10));
    }

    [Fact]
    public void Ids_are_taken_once_and_start_at_zero()
    {
        var ring = NewRing();
        Assert.Equal([0, 1, 2], [ring.NextCorrelationId(), ring.NextCorrelationId(), ring.NextCorrelationId()]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.TryWrite(0, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => ring.TryWrite(1, new byte[Capacity]));
    }

    public void Dispose() => _block.Dispose();

    private ManyToOneRing NewRing() => new(_block.Pointer, (int)_block.Length);

    /// <summary>What a writer leaves that moved the tail and then died.</summary>
    private void Claim(int length, int claimed)
    {
        *(int*)(_block.Pointer + *(long*)(_block.Pointer + Tail)) = length;
        *(long*)(_block.Pointer + Tail) += claimed;
    }

    private struct SequenceCounter(int writers) : IMessageHandler
    {
        private readonly int[] _next = new int[writers + 1];

        public int Total;
        public int Wrong;

        public void OnMessage(int type, ReadOnlySpan<byte> body)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(body);
            if (number != _next[type]++ || body.Length != 4 + (number % 97))
            {
                Wrong++;
            }

            Total++;
        }
    }
}
