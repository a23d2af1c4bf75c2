using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed class IpcTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_offered_arrives_in_order_across_many_terms(bool isExclusive)
    {
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        using var subscription = client.AddSubscription("aeron:ipc", 1001);
        using var shared = isExclusive ? null : client.AddPublication("aeron:ipc", 1001);
        using var exclusive = isExclusive ? client.AddExclusivePublication("aeron:ipc", 1001) : null;
        house.Step();
        var random = new Random(1);
        var payload = new byte[8192];
        var expected = new Queue<byte[]>();
        var assembler = new FragmentAssembler<Collector>(new Collector());
        var received = 0;
        for (var sent = 0; sent < 3000;)
        {
            var length = random.Next(0, 100) == 0 ? random.Next(0, 8192) : random.Next(0, 400);
            random.NextBytes(payload.AsSpan(0, length));
            var limit = shared?.PositionLimit ?? exclusive!.PositionLimit;
            var position = shared?.Position ?? exclusive!.Position;
            var result = shared?.Offer(payload.AsSpan(0, length)) ?? exclusive!.Offer(payload.AsSpan(0, length));
            if (result > 0)
            {
                Assert.True(position < limit, $"taken at {position} beyond the limit {limit}");
                expected.Enqueue(payload[..length]);
                sent++;
            }
            else
            {
                Assert.True(
                    result is PublicationResult.AdminAction or PublicationResult.BackPressured, $"result {result}");
                subscription.Poll(ref assembler, 1000);
                house.Step();
            }

            foreach (var fragment in assembler.Handler.Fragments)
            {
                Assert.Equal(expected.Dequeue(), fragment.Payload);
                received++;
            }

            assembler.Handler.Fragments.Clear();
        }

        while (subscription.Poll(ref assembler, 1000) > 0)
        {
        }

        Assert.Equal(3000, received + assembler.Handler.Fragments.Count);
        Assert.All(assembler.Handler.Fragments, fragment => Assert.Equal(expected.Dequeue(), fragment.Payload));
        Assert.True((shared?.Position ?? exclusive!.Position) > 6 * 64 * 1024);
    }

    [Fact]
    public async Task Driver_and_client_run_on_their_own_threads()
    {
        var directory = EmbeddedDriver.NewDirectory();
        using var driver = MediaDriver.Launch(
            new MediaDriverContext { Directory = directory, DeleteDirectoryOnShutdown = true });
        using var client = AeronClient.Connect(new AeronContext { Directory = directory });
        using var subscription = client.AddSubscription("aeron:ipc", 7);
        using var publication = client.AddPublication("aeron:ipc", 7);
        await Until(() => publication.IsConnected && subscription.IsConnected);
        await Until(() =>
        {
            // Connected may be seen a duty cycle of the driver before the first limit.
            if (publication.TryClaim(5, out var claim) <= 0)
            {
                return false;
            }

            "hello"u8.CopyTo(claim.Span);
            claim.Commit();
            return true;
        });
        var collector = new Collector();
        await Until(() => subscription.Poll(ref collector, 1) == 1);
        Assert.Equal("hello"u8.ToArray(), collector.Fragments[0].Payload);
        Assert.Equal(publication.SessionId, collector.Fragments[0].SessionId);
        Assert.Null(driver.Failure);
    }

    internal static async Task Until(Func<bool> condition)
    {
        var limit = DateTime.UtcNow.AddSeconds(10);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit, "condition not met in 10 s");
            await Task.Yield();
        }
    }
}
