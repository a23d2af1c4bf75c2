namespace FlowEngine.Peers.Messaging;

/// <summary>The same streams by our client and others', over our driver and Aeron's.</summary>
internal static class StreamContests
{
    private const int Messages = 10_000_000;
    private const int UdpMessages = 1_000_000;
    private const int IpcRoundTrips = 200_000;
    private const int UdpRoundTrips = 20_000;
    // Smaller terms than the default: each sample takes a new log, whose pages cost more the first time than later.
    private const string Ipc = "aeron:ipc?term-length=16m";

    /// <summary>All contests. Ours comes first: ratios are to our client on our driver.</summary>
    /// <param name="peers">Name and client on its driver, ours first.</param>
    public static IEnumerable<Contest> All(IReadOnlyList<(string Name, IStreamPeer Peer)> peers)
    {
        foreach (var length in new[] { 32, 288 })
        {
            foreach (var publishing in Enum.GetValues<Publishing>())
            {
                yield return Of(
                    peers,
                    $"IPC {publishing} {length} B",
                    "million/s",
                    higherIsBetter: true,
                    peer => peer.Throughput(Ipc, length, length == 32 ? Messages : Messages / 4, publishing));
            }
        }

        foreach (var contest in RoundTrip(peers, "IPC", () => Ipc, IpcRoundTrips))
        {
            yield return contest;
        }

        yield return Of(peers, "poll, a 32 B fragment", "ns", false, peer => peer.PollCost(32, Messages / 4));
        yield return Of(peers, "poll, a 288 B fragment", "ns", false, peer => peer.PollCost(288, Messages / 4));
        yield return Of(peers, "claim and commit 32 B", "ns", false, peer => peer.ClaimCost(32, Messages / 4));
        yield return Of(peers, "claim and commit 288 B", "ns", false, peer => peer.ClaimCost(288, Messages / 4));

        // A port for each sample: a driver may hold the last one's a little longer, and the drivers must not meet.
        var port = 24_500;
        string Udp() => $"aeron:udp?endpoint=localhost:{port++}";
        foreach (var contest in RoundTrip(peers, "UDP loopback", Udp, UdpRoundTrips))
        {
            yield return contest;
        }

        yield return Of(
            peers,
            "UDP loopback ExclusiveOffer 32 B",
            "million/s",
            higherIsBetter: true,
            peer => peer.Throughput(Udp(), 32, UdpMessages, Publishing.ExclusiveOffer));
    }

    private static IEnumerable<Contest> RoundTrip(
        IReadOnlyList<(string Name, IStreamPeer Peer)> peers, string media, Func<string> channel, int count)
    {
        yield return Of(
            peers, $"{media} round trip p50, 32 B", "ns", false, peer => peer.RoundTrip(channel(), 32, count).P50);
        yield return Of(
            peers, $"{media} round trip p99, 32 B", "ns", false, peer => peer.RoundTrip(channel(), 32, count).P99);
        yield return Of(
            peers, $"{media} round trip p99.9, 32 B", "ns", false, peer => peer.RoundTrip(channel(), 32, count).P999);
    }

    private static Contest Of(
        IReadOnlyList<(string Name, IStreamPeer Peer)> peers,
        string name,
        string unit,
        bool higherIsBetter,
        Func<IStreamPeer, double> sample) =>
        new(name, unit, higherIsBetter, [.. peers.Select(p => new Contestant(p.Name, () => sample(p.Peer)))]);
}
