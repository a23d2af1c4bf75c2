using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Disruptor;
using FlowEngine.Engine;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Market;
using FlowEngine.Signals;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Slow work and determinism: what enters the ring is all there is.</summary>
public sealed class CalibrationReplayTests
{
    private static readonly EngineIdentity s_identity = new(1, 1);
    private static readonly EngineOptions s_options = Options(intervalSeconds: 5);

    // A minute and more of a market that is not too busy.
    private static readonly PacketList s_market = new(
        new SimulatorOptions { Seed = 42, EventsPerSecond = 500, Instruments = 3 }, packets: 40_000);

    [Fact]
    public void Stepped_runs_are_equal_whoever_runs_on_which_thread()
    {
        var one = Stepped(s_options);
        Assert.True(one.Applied > 20, $"{one.Applied}");
        Assert.Equal(one, Stepped(s_options));
        Assert.Equal(one, SteppedOnTwoThreads());
        Assert.NotEqual(one.Digest, Stepped(Options(intervalSeconds: 10)).Digest);
    }

    [Fact]
    public void Stepped_runs_follow_right_behind_the_timer_that_is_due()
    {
        using var pipeline = new Pipeline(s_options, s_identity, null, withDigest: true);
        var events = Record(pipeline, () => FeedAll(pipeline));
        var isTimer = false;
        var runs = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var evt = events[i];
            if (evt.Kind == EventKind.ParameterBegin)
            {
                Assert.True(isTimer, $"event {i}");
                Assert.Equal(EventKind.ParameterEnd, events[i + (int)evt.Quantity + 1].Kind);
                i += (int)evt.Quantity + 1;
                runs++;
                continue;
            }

            isTimer = evt.Kind == EventKind.Timer && evt.ReceiveTime % (5 * CalibrationTape.Second) == 0;
        }

        Assert.Equal(pipeline.Status.ParametersApplied, runs);
        Assert.Equal(0, pipeline.Status.ParametersRefused);
        Assert.Equal(0, pipeline.Status.SamplesDropped);
        Assert.True(runs > 20, $"{runs}");
    }

    [Fact]
    public void A_recording_of_a_run_with_a_real_calibrator_thread_replays_to_the_same_digest()
    {
        using var live = new Pipeline(s_options, s_identity, null, withDigest: true, CalibrationPlace.Thread);
        using var runner = new AgentRunner<CalibratorAgent, YieldingIdle>(live.Calibrator!, default).Start();
        var events = Record(live, () =>
        {
            FeedAll(live);
            Assert.True(SpinWait.SpinUntil(
                () =>
                {
                    _ = live.Ingress.TickWhileIdle(0);
                    _ = live.Engine.DoWork(0);
                    return live.Status.ParametersApplied > 10;
                },
                TimeSpan.FromSeconds(20)));
        });
        runner.Dispose();
        Assert.Null(runner.Failure ?? live.Calibrator!.LastFailure);
        Assert.Equal(0, live.Status.ParametersRefused);

        using var replay = new Pipeline(Options(intervalSeconds: 0), s_identity, null, withDigest: true);
        Assert.Null(replay.Calibrator);
        var allocated = Replay(events, live.State.Table, replay);
        Assert.Equal(live.Digest!.ToHex(), replay.Digest!.ToHex());
        Assert.Equal(live.Status.ParametersApplied, replay.Status.ParametersApplied);
        Assert.Equal(0, allocated);
        for (var id = 0; id < replay.State.Count; id++)
        {
            Assert.Equal(
                live.State.SetOf(id).Parameters.VersionOf(ParameterKind.OfiWeights),
                replay.State.SetOf(id).Parameters.VersionOf(ParameterKind.OfiWeights));
        }

        // And without its parameters it would not.
        using var without = new Pipeline(Options(intervalSeconds: 0), s_identity, null, withDigest: true);
        _ = Replay(
            [.. events.Where(evt => evt.Kind is < EventKind.ParameterBegin or > EventKind.ParameterEnd)],
            live.State.Table, without);
        Assert.NotEqual(live.Digest!.ToHex(), without.Digest!.ToHex());
    }

    [Fact]
    public void Samples_that_nobody_takes_are_dropped_and_change_nothing()
    {
        using var off = new Pipeline(Options(intervalSeconds: 0), s_identity, null, withDigest: true);
        FeedAll(off);
        using var full = new Pipeline(
            s_options with { Calibration = s_options.Calibration with { SampleCapacity = 1024 } },
            s_identity, null, withDigest: true, CalibrationPlace.Thread);
        FeedAll(full);
        Assert.True(full.Status.SamplesDropped > 1000, $"{full.Status.SamplesDropped}");
        Assert.Equal(0, off.Status.SamplesDropped + full.Status.ParametersApplied + off.Status.ParametersApplied);
        Assert.Equal(off.Digest!.ToHex(), full.Digest!.ToHex());
    }

    [Fact]
    public void The_touch_has_nothing_to_calibrate_and_options_say_so()
    {
        var touch = s_options with { SignalSet = SignalSets.Touch };
        Assert.False(touch.IsCalibrated);
        Assert.Equal(0, Stepped(touch).Applied);
        Assert.Equal(
            Stepped(touch).Digest, Stepped(touch with { Calibration = new CalibrationOptions() }).Digest);
        var faults = (s_options with
        {
            Calibration = new CalibrationOptions
            {
                IntervalSeconds = -1,
                SampleCapacity = 1000,
                FlowSeconds = 0,
                QueueMoves = 1,
                HawkesEvents = 1,
            },
        }).Faults();
        Assert.Equal(5, faults.Count);
        Assert.NotEqual(EngineConfiguration.Hash(s_options), EngineConfiguration.Hash(new EngineOptions()));
    }

    [Fact]
    public void Sampling_and_applying_allocate_nothing_on_the_engine_thread()
    {
        using var pipeline = new Pipeline(s_options, s_identity, null, withDigest: true, CalibrationPlace.Thread);
        pipeline.Engine.OnStart();
        long allocated = 0;
        for (var i = 0; i < s_market.Packets.Length; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Feed(pipeline, s_market.Packets[i]);
            allocated += i < 4_000 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            if (i % 100 == 0)
            {
                while (pipeline.Calibrator!.DoWork(0) > 0)
                {
                }
            }
        }

        Assert.True(pipeline.Status.ParametersApplied > 20, $"{pipeline.Status.ParametersApplied}");
        Assert.Equal(0, allocated);
    }

    private static EngineOptions Options(int intervalSeconds) => new()
    {
        RingCapacity = 16384,
        InstrumentCapacity = 64,
        Calibration = new CalibrationOptions { IntervalSeconds = intervalSeconds },
    };

    private static (string Digest, long Applied) Stepped(EngineOptions options)
    {
        using var pipeline = new Pipeline(options, s_identity, null, withDigest: true);
        pipeline.Engine.OnStart();
        FeedAll(pipeline);
        pipeline.Engine.OnClose();
        return (pipeline.Digest!.ToHex(), pipeline.Status.ParametersApplied);
    }

    private static (string Digest, long Applied) SteppedOnTwoThreads()
    {
        using var pipeline = new Pipeline(s_options, s_identity, null, withDigest: true);
        using (new AgentRunner<EngineAgent, YieldingIdle>(pipeline.Engine, default, SystemClock.Instance).Start())
        {
            foreach (var packet in s_market.Packets)
            {
                while (!pipeline.Ingress.TryAccept(packet))
                {
                    Thread.Yield();
                }
            }
        }

        return (pipeline.Digest!.ToHex(), pipeline.Status.ParametersApplied);
    }

    private static void FeedAll(Pipeline pipeline)
    {
        foreach (var packet in s_market.Packets)
        {
            Feed(pipeline, packet);
        }
    }

    private static void Feed(Pipeline pipeline, ReadOnlySpan<byte> packet)
    {
        while (!pipeline.Ingress.TryAccept(packet))
        {
            _ = pipeline.Engine.DoWork(0);
        }

        _ = pipeline.Engine.DoWork(0);
    }

    // A second consumer of the ring, as a journal would be: it is stepped whenever the first one is.
    private static List<MarketEvent> Record(Pipeline pipeline, Action run)
    {
        var recorder = new AgentRecorder(pipeline.Events);
        pipeline.Engine.OnStart();
        using (new AgentRunner<AgentRecorder, YieldingIdle>(recorder, default).Start())
        {
            run();
            pipeline.Engine.OnClose();
        }

        return recorder.Events;
    }

    private static long Replay(List<MarketEvent> events, InstrumentTable table, Pipeline pipeline)
    {
        for (var id = 0; id < table.Count; id++)
        {
            Assert.True(pipeline.State.Table.TryAdd(table[id], out _));
        }

        pipeline.Engine.OnStart();
        long allocated = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            pipeline.Events.PublishEvent(events[i]);
            _ = pipeline.Engine.DoWork(0);
            allocated += i < events.Count / 4 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        pipeline.Engine.OnClose();
        return allocated;
    }

    private sealed class AgentRecorder : IAgent
    {
        private readonly EventPoller<MarketEvent> _poller;
        private Sink _sink;

        public AgentRecorder(RingBuffer<MarketEvent> ring)
        {
            _poller = ring.NewPoller();
            ring.AddGatingSequence(_poller.Sequence);
            _sink = new Sink { Events = Events };
        }

        public string Name => "recorder";

        public List<MarketEvent> Events { get; } = [];

        public int DoWork(long nowNs) => _poller.Poll(ref _sink) == PollState.Processing ? 1 : 0;

        public void OnClose()
        {
            while (DoWork(0) > 0)
            {
            }
        }

        private struct Sink : IPollHandler<MarketEvent>
        {
            public required List<MarketEvent> Events { get; init; }

            public readonly bool OnEvent(ref MarketEvent evt, long sequence, bool endOfBatch)
            {
                Events.Add(evt);
                return true;
            }
        }
    }
}
