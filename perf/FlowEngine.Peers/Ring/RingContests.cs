using Disruptor;
using FlowEngine.Disruptor;

namespace FlowEngine.Peers.Ring;

/// <summary>
/// The same topologies on our ring and on Disruptor-net's rings of values, under the same wait strategy.
/// </summary>
internal static class RingContests
{
    private const int Events = 20_000_000;
    private const int MultiEvents = 3_000_000;
    private const int RoundTrips = 100_000;

    public static IEnumerable<Contest> All(string wait) => wait == "busyspin"
        ? All<BusySpinWait>(() => new BusySpinWaitStrategy())
        : All<YieldingWait>(() => new YieldingWaitStrategy());

    private static IEnumerable<Contest> All<TWait>(Func<global::Disruptor.IWaitStrategy> theirs)
        where TWait : struct, FlowEngine.Disruptor.IWaitStrategy
    {
        foreach (var batch in new[] { 1, 10 })
        {
            var what = batch == 1 ? "1 to 1" : $"1 to 1, batches of {batch}";
            yield return Throughput(
                $"{what}, 8-byte event",
                () => OurRing.Chain<SmallEvent, TWait>(Events, batch, stages: 1),
                () => TheirRing.ValueChain<SmallEvent>(Events, batch, stages: 1, theirs()),
                () => TheirRing.UnmanagedChain<SmallEvent>(Events, batch, theirs()));
            yield return Throughput(
                $"{what}, 64-byte event",
                () => OurRing.Chain<LineEvent, TWait>(Events, batch, stages: 1),
                () => TheirRing.ValueChain<LineEvent>(Events, batch, stages: 1, theirs()),
                () => TheirRing.UnmanagedChain<LineEvent>(Events, batch, theirs()));
        }

        yield return Throughput(
            "pipeline of 3, 8-byte event",
            () => OurRing.Chain<SmallEvent, TWait>(Events, 1, stages: 3),
            () => TheirRing.ValueChain<SmallEvent>(Events, 1, stages: 3, theirs()));
        yield return Throughput(
            "3 to 1, 8-byte event",
            () => OurRing.ThreeToOne<SmallEvent, TWait>(MultiEvents),
            () => TheirRing.ThreeToOne<SmallEvent>(MultiEvents, theirs()));
        yield return new Contest(
            "ping-pong round trip p50, 8-byte event",
            "ns",
            HigherIsBetter: false,
            [
                new("FlowEngine", () => OurPingPong<SmallEvent, TWait>.RoundTripP50(RoundTrips)),
                new("Disruptor-net value", () => TheirPingPong<SmallEvent>.RoundTripP50(RoundTrips, theirs)),
            ]);
    }

    private static Contest Throughput(
        string name, Func<double> ours, Func<double> value, Func<double>? unmanaged = null)
    {
        List<Contestant> contestants = [new("FlowEngine", ours), new("Disruptor-net value", value)];
        if (unmanaged is not null)
        {
            contestants.Add(new("Disruptor-net unmanaged", unmanaged));
        }

        return new Contest(name, "million/s", HigherIsBetter: true, contestants);
    }
}
