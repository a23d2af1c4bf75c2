using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Core.Agents;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>
/// Closing in any order while other threads publish and poll: a touch of unmapped memory would end the process.
/// </summary>
public sealed class CloseUnderLoadTest
{
    [Fact]
    public async Task Threads_that_go_on_using_what_was_closed_get_answers_not_crashes()
    {
        for (var round = 0; round < 12; round++)
        {
            await Round(new Random(round));
        }
    }

    private static async Task Round(Random random)
    {
        var directory = Wait.NewDirectory();
        var driver = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = directory,
            IpcTermBufferLength = 64 * 1024,
            TimerIntervalNs = 5_000_000,
            DeleteDirectoryOnShutdown = true,
        });
        var client = AeronClient.Connect(new AeronContext
        {
            Directory = directory,
            ResourceLingerNs = 1_000_000,
            KeepAliveIntervalNs = 5_000_000,
        });
        var subscription = client.AddSubscription("aeron:ipc", 1);
        var shared = client.AddPublication("aeron:ipc", 1);
        var exclusive = client.AddExclusivePublication("aeron:ipc", 1);
        await Wait.Until(() => subscription.ImageCount == 2);
        var images = subscription.Images;
        var isDone = false;
        var threads = new[]
        {
            AgentThread.Start("shared", () => Loop(() => shared.Offer("shared"u8), ref isDone)),
            AgentThread.Start("exclusive", () => Loop(() => exclusive.Offer("exclusive"u8), ref isDone)),
            AgentThread.Start("poller", () =>
            {
                var collector = new Counting();
                Loop(
                    () =>
                    {
                        foreach (var image in images)
                        {
                            image.Poll(ref collector, 10);
                            _ = image.IsEndOfStream;
                        }

                        return subscription.Poll(ref collector, 10);
                    },
                    ref isDone);
            }),
        };

        Action[] closings = [subscription.Dispose, shared.Dispose, exclusive.Dispose, client.Dispose, driver.Dispose];
        random.Shuffle(closings);
        foreach (var close in closings)
        {
            await Task.Delay(random.Next(0, 15));
            close();
        }

        await Task.Delay(20);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Task.Delay(5);
        Volatile.Write(ref isDone, true);
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(10))));
        Assert.All(threads, thread => Assert.Null(thread.Failure));
        Assert.Equal(PublicationResult.Closed, shared.Offer("x"u8));
        Assert.Equal(PublicationResult.Closed, exclusive.Offer("x"u8));
        Assert.False(Directory.Exists(directory));
    }

    private static void Loop(Func<long> work, ref bool isDone)
    {
        while (!Volatile.Read(ref isDone))
        {
            if (work() <= 0)
            {
                Thread.Yield();
            }
        }
    }

    private struct Counting : IFragmentHandler
    {
        public long Count;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => Count += payload.Length;
    }
}
