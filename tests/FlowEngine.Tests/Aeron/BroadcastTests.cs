using System.Buffers.Binary;
using CsCheck;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Memory;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed unsafe class BroadcastTests
{
    private const int Capacity = 1024;

    [Fact]
    public void Two_readers_get_all_messages_unless_they_are_lapped()
    {
        // Below 0: reader -operation reads; otherwise send so many bytes.
        Gen.Int[-2, 100].List[0, 300].Sample(operations =>
        {
            using var block = new NativeBlock(Capacity + BroadcastTransmitter.TrailerLength);
            var transmitter = new BroadcastTransmitter(block.Pointer, (int)block.Length);
            var sent = new List<byte[]>();
            var readers = new[] { new Reader(block), new Reader(block) };
            foreach (var operation in operations)
            {
                if (operation < 0)
                {
                    readers[-operation - 1].Read(sent);
                }
                else
                {
                    sent.Add(Golden.Payload(operation, sent.Count));
                    transmitter.Transmit(1 + sent.Count, sent[^1]);
                }
            }

            Assert.All(readers, reader => reader.Drain(sent));
        });
    }

    [Fact]
    public void A_slow_reader_notices_that_it_was_lapped_and_goes_on_with_the_latest()
    {
        using var block = new NativeBlock(Capacity + BroadcastTransmitter.TrailerLength);
        var transmitter = new BroadcastTransmitter(block.Pointer, (int)block.Length);
        var receiver = new BroadcastReceiver(block.Pointer, (int)block.Length);
        for (var i = 1; i <= 100; i++)
        {
            transmitter.Transmit(i, new byte[40]);
        }

        var read = new MessageList();
        Assert.True(receiver.TryReceive(ref read));
        Assert.Equal(1, receiver.LappedCount);
        Assert.Equal(100, Assert.Single(read.Messages).Type);
        Assert.False(receiver.TryReceive(ref read));
    }

    [Fact]
    public void A_reader_that_comes_late_starts_with_the_last_message()
    {
        using var block = new NativeBlock(Capacity + BroadcastTransmitter.TrailerLength);
        var transmitter = new BroadcastTransmitter(block.Pointer, (int)block.Length);
        transmitter.Transmit(1, default);
        transmitter.Transmit(2, default);
        var receiver = new BroadcastReceiver(block.Pointer, (int)block.Length);
        var read = new MessageList();
        Assert.True(receiver.TryReceive(ref read));
        Assert.Equal(2, Assert.Single(read.Messages).Type);
    }

    [Fact]
    public void No_reader_ever_sees_a_torn_message_while_it_is_being_lapped()
    {
        using var block = new NativeBlock(Capacity + BroadcastTransmitter.TrailerLength);
        var transmitter = new BroadcastTransmitter(block.Pointer, (int)block.Length);
        var receiver = new BroadcastReceiver(block.Pointer, (int)block.Length);
        var isDone = false;
        var sender = AgentThread.Start("sender", () =>
        {
            var body = new byte[104];
            for (var i = 0; i < 200_000; i++)
            {
                body.AsSpan().Fill((byte)i);
                BinaryPrimitives.WriteInt32LittleEndian(body, i);
                transmitter.Transmit(1, body.AsSpan(0, 8 + (i % 96)));
            }

            Volatile.Write(ref isDone, true);
        });
        var checker = new TearChecker { Last = -1 };
        while (!Volatile.Read(ref isDone))
        {
            receiver.TryReceive(ref checker);
        }

        Assert.True(sender.Join(TimeSpan.FromSeconds(10)));
        while (receiver.TryReceive(ref checker))
        {
        }

        Assert.Equal(0, checker.Torn);
        Assert.Equal(199_999, checker.Last);
    }

    private sealed class Reader(NativeBlock block)
    {
        private readonly BroadcastReceiver _receiver = new(block.Pointer, (int)block.Length);
        private int _next;

        public bool Read(List<byte[]> sent)
        {
            var read = new MessageList();
            var lapped = _receiver.LappedCount;
            if (!_receiver.TryReceive(ref read))
            {
                return _receiver.LappedCount > lapped;
            }

            var (type, body) = Assert.Single(read.Messages);
            Assert.Equal(sent[type - 2], body);
            if (_receiver.LappedCount == lapped)
            {
                Assert.Equal(_next, type - 2);
            }

            _next = type - 1;
            return true;
        }

        public void Drain(List<byte[]> sent)
        {
            while (Read(sent))
            {
            }

            Assert.Equal(sent.Count, _next);
        }
    }

    private struct TearChecker : IMessageHandler
    {
        public int Last;
        public int Torn;

        public void OnMessage(int type, ReadOnlySpan<byte> body)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(body);
            if (number <= Last || body.Length != 8 + (number % 96) || body[4..].ContainsAnyExcept((byte)number))
            {
                Torn++;
            }

            Last = number;
        }
    }
}
