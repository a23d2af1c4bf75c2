using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>
/// Multicast between our driver and Aeron's own, in a private network namespace that has nothing but loopback. Needs
/// AERONMD, Linux and the right to make a namespace.
/// </summary>
public sealed class UdpMulticastInteropTest
{
    private const int Messages = 2000;

    [Fact]
    public async Task A_group_receives_from_our_driver_and_from_theirs()
    {
        NativeProcess.DriverPath();
        if (PrivateNetwork.IsInside)
        {
            await Exchange(isOurs: true, port: 24500);
            await Exchange(isOurs: false, port: 24502);
            return;
        }

        await PrivateNetwork.RunInside($"*{nameof(UdpMulticastInteropTest)}");
    }

    private static async Task Exchange(bool isOurs, int port)
    {
        var channel = $"aeron:udp?endpoint=224.20.30.39:{port}|interface=127.0.0.1";
        using var pair = await DriverPair.Start();
        var (sender, other) = isOurs ? (pair.OurClient, pair.TheirClient) : (pair.TheirClient, pair.OurClient);
        var publication = sender.AddPublication(channel + "|fc=min,g:/2", 1);
        var near = sender.AddSubscription(channel, 1);
        var far = other.AddSubscription(channel, 1);
        await Wait.Until(() => publication.IsConnected && near.IsConnected && far.IsConnected, pair.Report);
        await pair.Exchange(publication.Offer, Messages, near, far);

        channel = $"aeron:udp?endpoint=224.20.30.41:{port + 1}|interface=127.0.0.1";
        var tagged = sender.AddPublication(channel + "|fc=tagged,g:9/1", 2);
        var stranger = sender.AddSubscription(channel, 2);
        var member = other.AddSubscription(channel + "|gtag=9", 2);
        await Wait.Until(() => tagged.IsConnected && member.IsConnected && stranger.IsConnected, pair.Report);
        await pair.Exchange(tagged.Offer, Messages, member);
    }
}
