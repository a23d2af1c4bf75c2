using System.Buffers.Binary;
using System.Diagnostics;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Core.Agents;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

public sealed class StressTest
{
    private const int Publishers = 3;
    private const int MessagesEach = 340_000;

    [Fact]
    public async Task Three_publishing_threads_on_one_small_log_deliver_each_message_once_and_in_order()
    {
        var directory = Wait.NewDirectory();
        using var driver = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = directory,
            IpcTermBufferLength = 64 * 1024,
            DeleteDirectoryOnShutdown = true,
        });
        using var client = AeronClient.Connect(new AeronContext { Directory = directory });
        using var subscription = client.AddSubscription("aeron:ipc", 1);
        using var publication = client.AddPublication("aeron:ipc", 1);
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected);

        var threads = Enumerable.Range(0, Publishers)
            .Select(id => AgentThread.Start($"publisher-{id}", () => Publish(publication, id)))
            .ToArray();
        var checker = new FragmentAssembler<Checker>(new Checker());
        var clock = Stopwatch.StartNew();
        while (checker.Handler.Total < Publishers * MessagesEach && clock.Elapsed < TimeSpan.FromSeconds(120))
        {
            if (subscription.Poll(ref checker, 100) == 0)
            {
                Thread.Yield();
            }
        }

        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(10))));
        Assert.All(threads, thread => Assert.Null(thread.Failure));
        Assert.Equal(Publishers * MessagesEach, checker.Handler.Total);
        Assert.Equal(0, checker.Handler.OutOfOrder);
        Assert.Equal(0, checker.Handler.Damaged);
        Assert.Equal(0, subscription.Poll(ref checker, 100));
        Assert.Null(driver.Failure);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{checker.Handler.Total} messages, {publication.Position >> 16} terms, {clock.ElapsedMilliseconds} ms");
    }

    /// <summary>
    /// Message: publisher, number, then bytes made of both; every 64th is fragmented, every other one a claim.
    /// </summary>
    private static void Publish(Publication publication, int id)
    {
        var buffer = new byte[4000];
        for (var number = 0; number < MessagesEach; number++)
        {
            var length = number % 64 == 0 ? 3000 : 16 + (number % 50);
            if (number % 2 == 1)
            {
                BufferClaim claim;
                while (publication.TryClaim(length, out claim) < 0)
                {
                    Thread.Yield();
                }

                Fill(claim.Span, id, number);
                claim.Commit();
                continue;
            }

            Fill(buffer.AsSpan(0, length), id, number);
            while (publication.Offer(buffer.AsSpan(0, length)) < 0)
            {
                Thread.Yield();
            }
        }
    }

    private static void Fill(Span<byte> message, int id, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(message, id);
        BinaryPrimitives.WriteInt32LittleEndian(message[4..], number);
        message[8..].Fill((byte)(id + number));
    }

    private struct Checker : IFragmentHandler
    {
        private long _next0;
        private long _next1;
        private long _next2;

        public int Total;
        public int OutOfOrder;
        public int Damaged;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            var id = BinaryPrimitives.ReadInt32LittleEndian(payload);
            var number = BinaryPrimitives.ReadInt32LittleEndian(payload[4..]);
            ref var next = ref _next0;
            if (id == 1)
            {
                next = ref _next1;
            }
            else if (id == 2)
            {
                next = ref _next2;
            }

            if (number != next++)
            {
                OutOfOrder++;
            }

            var length = number % 64 == 0 ? 3000 : 16 + (number % 50);
            if (payload.Length != length || payload[8..].ContainsAnyExcept((byte)(id + number)))
            {
                Damaged++;
            }

            Total++;
        }
    }
}
