using CsCheck;
using FlowEngine.Disruptor;
using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Runs of parameter events: whole or not at all.</summary>
public sealed class CalibrationRunTests
{
    private static readonly EngineOptions s_options = new() { RingCapacity = 16384, InstrumentCapacity = 4 };

    private static readonly ParameterKind[] s_kinds =
        [ParameterKind.OfiWeights, ParameterKind.QueueImbalance, ParameterKind.SellHawkes];

    private enum Fault
    {
        None,
        Lost,
        Doubled,
        OtherBetween,
        OtherKey,
        OtherInstrument,
        OtherVersion,
        Swapped,
    }

    [Fact]
    public void A_run_applies_at_its_end_and_not_before()
    {
        using var state = State();
        var parameters = state.SetOf(0).Parameters;
        var run = Weights(version: 1, first: 0.5);
        for (var i = 0; i < run.Count - 1; i++)
        {
            state.Parameters.Accept(run[i], i);
            Assert.Equal(0u, parameters.VersionOf(ParameterKind.OfiWeights));
            Assert.Equal(0.1, parameters.OfiWeights.Weights[0]);
        }

        state.Parameters.Accept(run[^1], run.Count - 1);
        Assert.Equal(1u, parameters.VersionOf(ParameterKind.OfiWeights));
        Assert.Equal((1L, 0.5), (parameters.OfiWeights.Version, parameters.OfiWeights.Weights[0]));
        Assert.Equal((1L, 0L, 0L), Counts(state));
    }

    [Fact]
    public void Every_kind_arrives_where_it_is_read()
    {
        using var state = State();
        var parameters = state.SetOf(0).Parameters;
        long sequence = 0;
        foreach (var kind in Enum.GetValues<ParameterKind>().Where(kind => kind != ParameterKind.None))
        {
            foreach (var evt in Run(kind, 3, i => ValueOf(kind, i)))
            {
                state.Parameters.Accept(evt, sequence++);
            }

            Assert.Equal(3u, parameters.VersionOf(kind));
        }

        Assert.Equal(10, parameters.OfiWeights.Weights[9]);
        Assert.Equal(new QueueWeights(3, 1, 2), parameters.QueueImbalance);
        Assert.Equal(new HawkesParameters(3, 1, 2, 3), parameters.SellHawkes);
        Assert.Equal(new HawkesParameters(3, 1, 2, 3), parameters.BuyHawkes);
        Assert.Equal(1, parameters.DayLots);
        Assert.Equal((3L, 168.0), (parameters.VolumeSeason.Version, parameters.VolumeSeason.Factors[167]));
        Assert.Equal((3L, 168.0), (parameters.VolatilitySeason.Version, parameters.VolatilitySeason.Factors[167]));
        var table = parameters.Microprice!;
        Assert.Equal((3L, 30.0, 60L), (table.Version, table.Adjustments[29], table.Visits[29]));
        Assert.Equal(new HawkesParameters(3, 1, 2, 3), parameters.RecentSellHawkes);
        Assert.Equal(new HawkesParameters(3, 1, 2, 3), parameters.RecentBuyHawkes);
        var kernel = parameters.ImpactKernel;
        Assert.Equal((3L, 0.1, 0.6), (kernel.Version, kernel.Weights[0], kernel.Weights[5]));
        Assert.Equal((0.7, 0.8), (kernel.Permanent, kernel.Explained));

        // Leg 1 with 0 came first, leg 6 with 5 last.
        double[] correlation = parameters.LegCorrelation.ToArray();
        Assert.Equal((0.1, 0.1), (correlation[7], correlation[1]));
        Assert.Equal((0.21, 0.21), (correlation[47], correlation[41]));
        Assert.Equal((1.0, 1.0), (correlation[0], correlation[48]));
        Assert.Equal((12L, 0L, 0L), Counts(state));
    }

    [Fact]
    public void What_is_whole_but_of_no_use_is_refused_and_counted()
    {
        using var state = State();
        var parameters = state.SetOf(0).Parameters;
        var good = Weights(version: 2, first: 0.5);
        List<List<MarketEvent>> useless =
        [
            Weights(version: 2, first: 9),
            Weights(version: 1, first: 9),
            Weights(version: 3, first: double.NaN),
            Weights(version: 3, first: double.PositiveInfinity),
            [.. Weights(version: 3, first: 9).Select(evt => evt with { InstrumentId = 1 })],
            [.. Weights(version: 3, first: 9).Select(evt => evt with { InstrumentId = -1 })],
            [.. Weights(version: 3, first: 9).Select(evt => evt with { InstrumentId = int.MaxValue })],
            Relabel(Weights(version: 3, first: 9), ParameterKind.QueueImbalance),
            Relabel(Weights(version: 3, first: 9), (ParameterKind)77),
            Relabel(Weights(version: 3, first: 9), ParameterKind.None),
            Run(ParameterKind.SellHawkes, 1, i => i == 2 ? 0 : 1),
            Run(ParameterKind.SellHawkes, 1, i => -1),
            Run(ParameterKind.DayVolume, 1, i => 0),
            Run(ParameterKind.VolumeSeason, 1, i => -1e-9),
            Run(ParameterKind.Microprice, 1, i => i < 30 ? -5 : -1),
            Run(ParameterKind.ImpactKernel, 1, i => i == 3 ? -1e-9 : 0.1),
            Run(ParameterKind.ImpactKernel, 1, i => i == 7 ? 1.1 : 0.1),
            Run(ParameterKind.RecentSellHawkes, 1, i => i == 2 ? 0 : 1),
            Run(ParameterKind.LegCorrelation, 1, i => i == 20 ? -1.01 : 0.1),
        ];

        long sequence = 0;
        foreach (var evt in good.Concat(useless.SelectMany(run => run)))
        {
            state.Parameters.Accept(evt, sequence++);
        }

        Assert.Equal((1L, useless.Count, 0L), Counts(state));
        Assert.Equal((2L, 0.5), (parameters.OfiWeights.Version, parameters.OfiWeights.Weights[0]));
        Assert.Equal((0L, 0.0), (parameters.SellHawkes.Version, parameters.DayLots));
        Assert.Null(parameters.Microprice);
    }

    [Fact]
    public void A_run_cut_short_and_runs_that_interleave_are_broken_and_the_next_one_is_good()
    {
        using var state = State();
        var one = Weights(version: 1, first: 0.5);
        var other = Run(ParameterKind.QueueImbalance, 1, i => i);

        // Cut by the ring's end, by the next run, interleaved, no begin, a monstrous count, an end alone.
        List<MarketEvent> stream =
        [
            .. one.Take(5), .. other,
            one[0], other[0], one[1], other[1], .. one.Skip(2), other[2], other[3],
            .. one.Skip(3),
            one[0] with { Quantity = long.MaxValue }, .. one.Skip(1),
            one[^1],
            .. one.Take(4),
        ];
        for (var i = 0; i < stream.Count; i++)
        {
            state.Parameters.Accept(stream[i], i);
        }

        state.Parameters.Close();
        Assert.Equal((1L, 0L), (state.Totals.ParametersApplied, state.Totals.ParametersRefused));
        Assert.Equal(1u, state.SetOf(0).Parameters.VersionOf(ParameterKind.QueueImbalance));
        Assert.Equal(0u, state.SetOf(0).Parameters.VersionOf(ParameterKind.OfiWeights));
        Assert.True(state.Totals.ParametersBroken >= 6, $"{state.Totals.ParametersBroken}");

        for (var i = 0; i < one.Count; i++)
        {
            state.Parameters.Accept(one[i], 1000 + i);
        }

        Assert.Equal(1u, state.SetOf(0).Parameters.VersionOf(ParameterKind.OfiWeights));
    }

    [Fact]
    public void Any_stream_applies_exactly_the_runs_that_are_whole_in_it()
    {
        var gen = Gen.Select(
            Gen.Int[0, 2].Select(i => s_kinds[i]),
            Gen.UInt[1, 20],
            Gen.Enum<Fault>(),
            Gen.Int[0, 11]).Array[1, 12];
        gen.Sample(
            plan =>
            {
                var stream = new List<(long Sequence, MarketEvent Event)>();
                long sequence = 0;
                foreach (var (kind, version, fault, where) in plan)
                {
                    Spoil(Run(kind, version, i => version + i), fault, where, stream, ref sequence);
                }

                using var state = State();
                foreach (var (at, evt) in stream)
                {
                    state.Parameters.Accept(evt, at);
                }

                state.Parameters.Close();
                var (whole, versions) = Model(stream);
                Assert.Equal(whole, state.Totals.ParametersApplied + state.Totals.ParametersRefused);
                var parameters = state.SetOf(0).Parameters;
                foreach (var (kind, version) in versions)
                {
                    Assert.Equal(version, parameters.VersionOf(kind));
                }

                if (versions.TryGetValue(ParameterKind.QueueImbalance, out var queue))
                {
                    Assert.Equal(new QueueWeights(queue, queue, queue + 1), parameters.QueueImbalance);
                }
            },
            iter: 3000,
            threads: 1);
    }

    [Fact]
    public void Applying_allocates_nothing()
    {
        using var state = State();
        var runs = Enumerable.Range(1, 40)
            .SelectMany(version => Enum.GetValues<ParameterKind>().Where(kind => kind != ParameterKind.None)
                .SelectMany(kind => Run(kind, (uint)version, i => ValueOf(kind, i))))
            .ToArray();
        ParameterAssembly assembly = state.Parameters;
        long before = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            before = i == runs.Length / 4 ? GC.GetAllocatedBytesForCurrentThread() : before;
            assembly.Accept(runs[i], i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((480L, 0L, 0L), Counts(state));
    }

    [Fact]
    public void A_full_queue_takes_no_part_of_a_run_and_a_full_ring_gets_no_part_of_one()
    {
        using var queue = new ParameterQueue();
        using var ring = new RingBuffer<MarketEvent>(16);
        var taken = new Sequence();
        ring.AddGatingSequence(taken);
        var sink = new RingSink(ring);
        var run = new ParameterRun();
        var published = 0;
        Fill(run, 1);
        while (queue.TryPublish(run))
        {
            Fill(run, (uint)++published + 1);
        }

        // 4096 slots, 12 events a run; 16 slots take one run and no part of a second.
        Assert.Equal(4096 / 12, published);
        for (var version = 1; version <= published; version++)
        {
            queue.Move(ring, ref sink);
            queue.Move(ring, ref sink);
            Assert.Equal(12, sink.Flush());
            var first = ring.Cursor - 11;
            Assert.Equal((EventKind.ParameterBegin, (ulong)version), (ring[first].Kind, ring[first].Id));
            Assert.Equal((EventKind.ParameterEnd, (ulong)version), (ring[first + 11].Kind, ring[first + 11].Id));
            Assert.Equal(version + 9.0, BitConverter.Int64BitsToDouble(ring[first + 10].Price));
            taken.Release(ring.Cursor);
        }

        queue.Move(ring, ref sink);
        Assert.Equal(0, sink.Flush());
        Assert.True(queue.TryPublish(run));
    }

    private static void Fill(ParameterRun run, uint version)
    {
        var values = run.Start(0, ParameterKind.OfiWeights, version, 5);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = version + i;
        }
    }

    // What the slow reader finds: a run is whole where its events follow on each other without a gap in the ring.
    private static (long Whole, Dictionary<ParameterKind, uint> Versions) Model(
        List<(long Sequence, MarketEvent Event)> stream)
    {
        long whole = 0;
        var versions = new Dictionary<ParameterKind, uint>();
        for (var i = 0; i < stream.Count; i++)
        {
            var begin = stream[i].Event;
            if (begin.Kind != EventKind.ParameterBegin || i + begin.Quantity + 1 >= stream.Count)
            {
                continue;
            }

            var good = Run((ParameterKind)begin.Price, (uint)begin.Id, v => (uint)begin.Id + v);
            var found = stream.GetRange(i, good.Count);
            var isWhole = found.Select(at => at.Event).SequenceEqual(good)
                && found[^1].Sequence - found[0].Sequence == good.Count - 1;
            if (isWhole)
            {
                whole++;
                var kind = (ParameterKind)begin.Price;
                versions[kind] = Math.Max(versions.GetValueOrDefault(kind), (uint)begin.Id);
            }
        }

        return (whole, versions);
    }

    private static void Spoil(
        List<MarketEvent> run,
        Fault fault,
        int where,
        List<(long Sequence, MarketEvent Event)> stream,
        ref long sequence)
    {
        where %= run.Count;
        switch (fault)
        {
            case Fault.Lost:
                run.RemoveAt(where);
                break;
            case Fault.Doubled:
                run.Insert(where, run[where]);
                break;
            case Fault.OtherKey:
                run[where] = run[where] with { Id = run[where].Id + 1 };
                break;
            case Fault.OtherInstrument:
                run[where] = run[where] with { InstrumentId = 1 };
                break;
            case Fault.OtherVersion:
                run[^1] = run[^1] with { Id = 99 };
                break;
            case Fault.Swapped:
                (run[where], run[(where + 1) % run.Count]) = (run[(where + 1) % run.Count], run[where]);
                break;
            default:
                break;
        }

        for (var i = 0; i < run.Count; i++)
        {
            sequence += fault == Fault.OtherBetween && i == where ? 1 : 0;
            stream.Add((sequence++, run[i]));
        }
    }

    private static EngineState State()
    {
        var table = new InstrumentTable(4);
        var state = new EngineState(s_options, table);
        Assert.True(CalibrationTape.Define(table));
        state.Define(0);
        return state;
    }

    private static (long Applied, long Refused, long Broken) Counts(EngineState state) =>
        (state.Totals.ParametersApplied, state.Totals.ParametersRefused, state.Totals.ParametersBroken);

    // All different, and within what the kind allows.
    private static double ValueOf(ParameterKind kind, int index) => kind switch
    {
        ParameterKind.ImpactKernel => (index + 1) / 10.0,
        ParameterKind.LegCorrelation => (index + 1) / (index == 0 ? 10.0 : 100.0),
        _ => index + 1,
    };

    private static List<MarketEvent> Weights(uint version, double first) =>
        Run(ParameterKind.OfiWeights, version, i => i == 0 ? first : 0.05);

    private static List<MarketEvent> Run(ParameterKind kind, uint version, Func<int, double> value)
    {
        var run = new ParameterRun();
        var values = run.Start(0, kind, version, 5);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(i);
        }

        var events = new List<MarketEvent>();
        for (var i = 0; i < run.Events; i++)
        {
            run.Write(i, out var evt);
            events.Add(evt);
        }

        return events;
    }

    private static List<MarketEvent> Relabel(List<MarketEvent> run, ParameterKind kind) =>
    [
        .. run.Select(evt => evt.Kind == EventKind.ParameterValue
            ? evt with { Id = ParameterRun.KeyOf(kind, (int)(uint)evt.Id) }
            : evt with { Price = (long)kind }),
    ];
}
