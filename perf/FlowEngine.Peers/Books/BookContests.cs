namespace FlowEngine.Peers.Books;

/// <summary>Books of orders: the same ITCH bytes for everybody, decoded and applied.</summary>
internal static class BookContests
{
    private const int LeastMessages = 1_000_000;

    /// <summary>One contest a stream; a sample is at least a million messages.</summary>
    public static IEnumerable<Contest> All(IEnumerable<string> streams, string[] peers, int orders)
    {
        foreach (var path in streams)
        {
            var stream = BookStream.Read(path);
            int passes = Math.Max(1, (LeastMessages + stream.Messages - 1) / stream.Messages);
            using var ours = new OurItchBook(stream, orders);
            var theirs = peers.Select(peer => new BookPeer(peer, path)).ToArray();
            ulong sum = ours.Run(passes).Sum;
            yield return new Contest(
                $"orders: {Path.GetFileNameWithoutExtension(path)}, {stream.Messages:N0} messages x {passes}",
                "ns/message",
                HigherIsBetter: false,
                [
                    new Contestant("FlowEngine", () => PerMessage("FlowEngine", ours.Run(passes))),
                    .. theirs.Select(peer => new Contestant(peer.Name, () => PerMessage(peer.Name, peer.Run(passes)))),
                ]);
            foreach (var peer in theirs)
            {
                peer.Dispose();
            }

            double PerMessage(string who, (double Nanoseconds, ulong Sum) run) => run.Sum == sum
                ? run.Nanoseconds / ((double)stream.Messages * passes)
                : throw new InvalidOperationException($"{who} saw other best bids: {run.Sum}, not {sum}");
        }
    }
}
