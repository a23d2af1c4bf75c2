using FlowEngine.Aeron;
using FlowEngine.Core.Time;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Engine;

/// <summary>
/// Runs the engine's own code on a synthetic market before the first real packet, so that the JIT has compiled and
/// optimised it by then. Everything happens in a pipeline of its own on private streams, which is thrown away: nothing
/// has to be reset.
/// </summary>
public static class WarmUp
{
    private const string Channel = "aeron:ipc?term-length=1m|alias=flowengine-warm-up";
    private const int FeedStream = 901;
    private const int SignalStream = 902;
    private const int Rounds = 5;
    private const int PacketsPerRound = 6000;
    private const int PacketsPerQuestion = 64;
    private const ulong Seed = 20260000;

    // Longer than the runtime waits before it compiles hot methods in the background.
    private static readonly TimeSpan s_pauseForCompiler = TimeSpan.FromMilliseconds(150);

    /// <summary>Warms up, in about a second and a half.</summary>
    public static void Run(EngineOptions options, bool digest, AeronClient aeron)
    {
        using var feed = aeron.AddExclusivePublication(Channel, FeedStream);
        using var signals = aeron.AddExclusivePublication(Channel, SignalStream);
        using var feedIn = aeron.AddSubscription(Channel, FeedStream);
        using var signalsOut = aeron.AddSubscription(Channel, SignalStream);
        using var pipeline = new Pipeline(
            options with { RingCapacity = 16384, InstrumentCapacity = 64 },
            new EngineIdentity(1, 1), signals, digest);

        var ingress = new IngressAgent(pipeline.Ingress, feedIn, idleTimers: false);
        var simulator = new MarketSimulator(new SimulatorOptions { Seed = Seed });
        var packet = new byte[simulator.MaxPacketLength];
        var drain = default(Drain);
        ingress.OnStart();
        pipeline.Engine.OnStart();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < PacketsPerRound; i++)
            {
                var length = simulator.NextPacket(packet, out _);
                while (feed.Offer(packet.AsSpan(0, length)) < 0)
                {
                    Step(ingress, pipeline, signalsOut, ref drain);
                }

                Step(ingress, pipeline, signalsOut, ref drain);
                if (i % PacketsPerQuestion == 0)
                {
                    Ask(pipeline, i);
                }
            }

            Thread.Sleep(s_pauseForCompiler);
        }
    }

    private static void Step(IngressAgent ingress, Pipeline pipeline, Subscription signals, ref Drain drain)
    {
        var now = SystemClock.Nanos();
        ingress.DoWork(now);
        pipeline.Engine.DoWork(now);
        signals.Poll(ref drain, 64);
    }

    private static void Ask(Pipeline pipeline, int number)
    {
        Span<byte> question = stackalloc byte[CostRequestReader.EncodedFixedLength];
        _ = new CostRequestWriter(question)
        {
            CorrelationId = (ulong)number,
            Side = (number & 1) == 0 ? Side.Buy : Side.Sell,
            Slices = 4,
            Lots = 1000,
            HorizonNs = 60_000_000_000,
            RiskAversion = 1e-6,
        };
        pipeline.Intake.TryTake(question);
        pipeline.Engine.DoWork(SystemClock.Nanos());
        pipeline.Answerer.DoWork(SystemClock.Nanos());
    }

    private struct Drain : IFragmentHandler
    {
        public long Bytes;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => Bytes += payload.Length;
    }
}
