using System.Diagnostics;

namespace FlowEngine.Peers.Sbe;

/// <summary>Decoding and encoding of five golden messages: ours, the official tool's C#, and by hand.</summary>
internal static class SbeContests
{
    // Many short calls: the JIT has the loop at its best after the rounds that do not count.
    private const int Turns = 2000;
    private const int Calls = 100;

    public static IEnumerable<Contest> All()
    {
        foreach (var codecs in new IMessageCodecs[]
        {
            new CarCodecs(), new TradesCodecs(), new BestBidAskCodecs(), new DepthCodecs(), new CmeBookCodecs(),
        })
        {
            yield return Decode(codecs);
            if (codecs.Encoders.Count > 0)
            {
                yield return Encode(codecs);
            }
        }
    }

    private static Contest Decode(IMessageCodecs codecs)
    {
        long? expected = null;
        return new Contest(
            $"{codecs.Name} decode",
            "ns",
            HigherIsBetter: false,
            [.. codecs.Decoders.Select(decoder => new Contestant(decoder.Name, () => Time(() =>
            {
                // Everybody must have read the same values.
                var sum = decoder.Run(Turns);
                if (sum != (expected ??= sum))
                {
                    throw new InvalidOperationException($"{codecs.Name}: {decoder.Name} read {sum}, not {expected}");
                }
            })))]);
    }

    private static Contest Encode(IMessageCodecs codecs) => new(
        $"{codecs.Name} encode",
        "ns",
        HigherIsBetter: false,
        [.. codecs.Encoders.Select(encoder => new Contestant(encoder.Name, () =>
        {
            var time = Time(() => encoder.Run(Turns));
            codecs.Messages.CheckWritten(encoder.Name);
            return time;
        }))]);

    private static double Time(Action run)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < Calls; call++)
        {
            run();
        }

        var time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return allocated < Turns
            ? time.TotalNanoseconds / (Turns * Calls)
            : throw new InvalidOperationException($"{allocated} bytes were allocated in {Turns * Calls} turns");
    }
}
