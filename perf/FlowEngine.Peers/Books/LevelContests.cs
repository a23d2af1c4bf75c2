using System.Diagnostics;
using System.Runtime.CompilerServices;
using FlowEngine.Market;

namespace FlowEngine.Peers.Books;

/// <summary>Books of price levels: the same changes for everybody, the best bid read after each.</summary>
internal static class LevelContests
{
    private const int LeastChanges = 1_000_000;

    /// <summary>One contest a stream; a sample is at least a million changes.</summary>
    public static IEnumerable<Contest> All(IEnumerable<string> streams, string[] peers)
    {
        foreach (var path in streams)
        {
            var changes = LevelStream.Read(path);
            int passes = Math.Max(1, (LeastChanges + changes.Length - 1) / changes.Length);
            using var book = new InstrumentBook(0, new BookOptions
            {
                StartLive = true,
                LevelsPerSide = 16_384,
                CrossedEventsMax = int.MaxValue,
                CrossedMaxNs = long.MaxValue,
            });
            var theirs = peers.Select(peer => new BookPeer(peer, path)).ToArray();
            ulong sum = Ours(book, changes, passes).Sum;
            yield return new Contest(
                $"levels: {Path.GetFileNameWithoutExtension(path)}, {changes.Length:N0} changes x {passes}",
                "ns/change",
                HigherIsBetter: false,
                [
                    new Contestant("FlowEngine", () => PerChange("FlowEngine", Ours(book, changes, passes))),
                    new Contestant("SortedDictionary", () => PerChange("SortedDictionary", Yardstick(changes, passes))),
                    .. theirs.Select(peer => new Contestant(peer.Name, () => PerChange(peer.Name, peer.Run(passes)))),
                ]);
            foreach (var peer in theirs)
            {
                peer.Dispose();
            }

            double PerChange(string who, (double Nanoseconds, ulong Sum) run) => run.Sum == sum
                ? run.Nanoseconds / ((double)changes.Length * passes)
                : throw new InvalidOperationException($"{who} saw other best bids: {run.Sum}, not {sum}");
        }
    }

    private static (double Nanoseconds, ulong Sum) Ours(InstrumentBook book, MarketEvent[] changes, int passes)
    {
        ulong sum = 0;
        long ticks = 0;
        for (var pass = 0; pass < passes; pass++)
        {
            book.Apply(new MarketEvent { Kind = EventKind.SessionReset });
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            sum += Pass(book, changes);
            ticks += Stopwatch.GetTimestamp() - start;
            if (GC.GetAllocatedBytesForCurrentThread() != before)
            {
                throw new InvalidOperationException("the book allocated");
            }
        }

        return (ticks * (1e9 / Stopwatch.Frequency), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Pass(InstrumentBook book, MarketEvent[] changes)
    {
        ulong sum = 0;
        foreach (ref readonly var e in changes.AsSpan())
        {
            book.Apply(in e);
            if (book.Bids.TryBest(out var best))
            {
                sum += (ulong)(best.Price + best.Lots);
            }
        }

        return sum;
    }

    private static (double Nanoseconds, ulong Sum) Yardstick(MarketEvent[] changes, int passes)
    {
        ulong sum = 0;
        long ticks = 0;
        for (var pass = 0; pass < passes; pass++)
        {
            var bids = new SortedDictionary<long, long>(Comparer<long>.Create((left, right) => right.CompareTo(left)));
            var asks = new SortedDictionary<long, long>();
            var start = Stopwatch.GetTimestamp();
            foreach (ref readonly var e in changes.AsSpan())
            {
                var side = e.Side == Side.Bid ? bids : asks;
                if (e.Kind == EventKind.LevelSet)
                {
                    side[e.Price] = e.Quantity;
                }
                else
                {
                    side.Remove(e.Price);
                }

                foreach (var best in bids)
                {
                    sum += (ulong)(best.Key + best.Value);
                    break;
                }
            }

            ticks += Stopwatch.GetTimestamp() - start;
        }

        return (ticks * (1e9 / Stopwatch.Frequency), sum);
    }
}
