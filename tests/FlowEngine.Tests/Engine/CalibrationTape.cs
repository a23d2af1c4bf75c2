using FlowEngine.Engine;
using FlowEngine.Market;

namespace FlowEngine.Tests.Engine;

/// <summary>
/// A pipeline on the calling thread whose ring is written by hand: one instrument, timers as time goes by, and slow
/// work done with each of them.
/// </summary>
internal sealed class CalibrationTape : IDisposable
{
    public const long Second = 1_000_000_000;

    private const long Start = 1_700_000_000L * Second;

    private long _nextTimerNs = Start;

    public CalibrationTape(EngineOptions? options = null)
    {
        Pipeline = new Pipeline(
            options ?? new EngineOptions { RingCapacity = 16384, InstrumentCapacity = 4 },
            new EngineIdentity(1, 1), null, withDigest: true, CalibrationPlace.Thread);
        Pipeline.Engine.OnStart();
        Assert(Define(Pipeline.State.Table));
        Publish(new MarketEvent { Kind = EventKind.InstrumentDefined, Flags = EventFlags.EndOfEvent });
        NowNs = Start;
    }

    public Pipeline Pipeline { get; }

    public long NowNs { get; private set; }

    public FlowEngine.Signals.SetParameters Parameters => Pipeline.State.SetOf(0).Parameters;

    public static bool Define(InstrumentTable table) => table.TryAdd(
        new Instrument
        {
            Venue = 1,
            VenueInstrumentId = 7,
            Symbol = "TRUE",
            PriceQuantum = DecimalScale.One,
            Lot = DecimalScale.One,
            Contract = ContractKind.Linear,
        },
        out _);

    /// <summary>Time goes by, with a timer each 100 ms.</summary>
    public void PassTo(long nowNs)
    {
        while (_nextTimerNs <= nowNs)
        {
            Publish(new MarketEvent
            {
                InstrumentId = -1,
                Kind = EventKind.Timer,
                Flags = EventFlags.EndOfEvent,
                VenueTime = _nextTimerNs,
                ReceiveTime = _nextTimerNs,
            });
            _nextTimerNs += Second / 10;
            Calibrate();
        }

        NowNs = Math.Max(NowNs, nowNs);
    }

    public void PassSeconds(double seconds) => PassTo(NowNs + (long)(seconds * Second));

    /// <summary>A snapshot of as many levels on each side, a quantum apart.</summary>
    public void Snapshot(long bid, long ask, int levels, long lots)
    {
        Send(EventKind.SnapshotBegin, Side.Unknown, 0, 0, EventFlags.Snapshot);
        for (var i = 0; i < levels; i++)
        {
            Send(EventKind.SnapshotLevel, Side.Bid, bid - i, lots, EventFlags.Snapshot);
            Send(EventKind.SnapshotLevel, Side.Ask, ask + i, lots, EventFlags.Snapshot);
        }

        Send(EventKind.SnapshotEnd, Side.Unknown, 0, 0, EventFlags.Snapshot | EventFlags.EndOfEvent);
    }

    public void Level(Side side, long price, long lots, bool isEnd = true) =>
        Send(EventKind.LevelSet, side, price, lots, isEnd ? EventFlags.EndOfEvent : EventFlags.None);

    /// <summary>One event: the old levels go, and a touch of one level each comes.</summary>
    public void Move(ReadOnlySpan<(Side Side, long Price)> gone, long bid, long bidLots, long askLots)
    {
        foreach (var (side, price) in gone)
        {
            Send(EventKind.LevelDelete, side, price, 0, EventFlags.None);
        }

        Level(Side.Bid, bid, bidLots, isEnd: false);
        Level(Side.Ask, bid + 1, askLots);
    }

    public void Trade(Side side, long price, long lots) =>
        Send(EventKind.Trade, side, price, lots, EventFlags.EndOfEvent);

    /// <summary>Lets the calibrator finish what it has, and what it finds through.</summary>
    public void Calibrate()
    {
        while (Pipeline.Calibrator!.DoWork(0) > 0)
        {
        }

        _ = Pipeline.Ingress.TickWhileIdle(0);
        _ = Pipeline.Engine.DoWork(0);
    }

    public void Dispose() => Pipeline.Dispose();

    private void Send(EventKind kind, Side side, long price, long lots, EventFlags flags) => Publish(new MarketEvent
    {
        Kind = kind,
        Side = side,
        Price = price,
        Quantity = lots,
        Flags = flags,
        VenueTime = NowNs,
        ReceiveTime = NowNs,
    });

    private void Publish(in MarketEvent evt)
    {
        Pipeline.Events.PublishEvent(evt);
        _ = Pipeline.Engine.DoWork(0);
    }

    private static void Assert(bool isTrue) => Xunit.Assert.True(isTrue);
}
