using System.Net;
using System.Net.Sockets;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Real sockets, real threads, and a stranger who sends as fast as it can.</summary>
public sealed class HostileSocketTests
{
    private const int StreamId = 1001;

    [Theory]
    [InlineData(ThreadingMode.Shared)]
    [InlineData(ThreadingMode.Dedicated)]
    public async Task A_driver_under_a_flood_of_random_datagrams_goes_on_and_counts_them(ThreadingMode mode)
    {
        var directory = EmbeddedDriver.NewDirectory();
        using var driver = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = directory,
            DeleteDirectoryOnShutdown = true,
            TermBufferLength = 64 * 1024,
            ThreadingMode = mode,
        });
        using var client = AeronClient.Connect(new AeronContext { Directory = directory });
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var subscription = client.AddSubscription("aeron:udp?endpoint=127.0.0.1:0", StreamId);
        await IpcTests.Until(() => subscription.LocalSocketAddresses.Count == 1);
        var endpoint = IPEndPoint.Parse(subscription.LocalSocketAddresses[0]);
        using var publication = client.AddPublication($"aeron:udp?endpoint={endpoint}", StreamId);
        await IpcTests.Until(() => publication.IsConnected && subscription.IsConnected);

        var stream = new NumberedStream(publication.Offer, maxLength: 1000);
        var reader = new NumberedReader(subscription);
        var random = new Random(11);
        var bytes = new byte[256];
        var flood = 0;
        await IpcTests.Until(() =>
        {
            for (var i = 0; i < 20; i++, flood++)
            {
                random.NextBytes(bytes);
                bytes[4] = (byte)(flood % 2);
                bytes[6] = (byte)(flood % 13);
                bytes[7] = 0;
                stranger.SendTo(bytes.AsSpan(0, random.Next(bytes.Length)), endpoint);
            }

            return stream.Advance(2000) & reader.Poll() == 2000
                & driver.CountersReader.Value((int)SystemCounter.InvalidPackets) > 1000;
        });

        Assert.Null(driver.Failure);
        Assert.True(publication.IsConnected);
    }
}
