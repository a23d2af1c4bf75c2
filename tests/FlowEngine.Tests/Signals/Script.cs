using System.Runtime.InteropServices;
using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>A level that now holds lots; 0 lots: it is gone.</summary>
internal sealed record Change(bool IsBid, long Price, long Lots);

/// <summary>A trade.</summary>
internal sealed record Trade(long Price, long Lots, Side Side, EventFlags Flags, EventKind Kind);

/// <summary>One venue event: prints, then the levels after it.</summary>
internal sealed record VenueEvent(long DtNs, Change[] Changes, Trade[] Trades, bool Reprime, ValidityFlags Book);

/// <summary>Everything that is published after one venue event.</summary>
internal struct Published
{
    public TouchValues Touch;
    public PressureValues Pressure;
    public LiquidityValues Liquidity;
    public ImpactValues Impact;
    public CascadeValues Cascade;
    public ValidityFlags Touches;
    public ValidityFlags Pressures;
    public ValidityFlags Liquidities;
    public ValidityFlags Impacts;

    public static Published Of(InstrumentSignals signals) => new()
    {
        Touch = signals.Touch,
        Pressure = signals.Pressure,
        Liquidity = signals.Liquidity,
        Impact = signals.Impact,
        Cascade = signals.Cascade,
        Touches = signals.TouchValidity,
        Pressures = signals.PressureValidity,
        Liquidities = signals.LiquidityValidity,
        Impacts = signals.ImpactValidity,
    };

    /// <summary>Whether all bytes are the same.</summary>
    public readonly bool Same(Published other)
    {
        Published mine = this;
        return MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref mine, 1))
            .SequenceEqual(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref other, 1)));
    }
}

/// <summary>A dictionary of levels: the slow, obvious book that scripts are played on.</summary>
internal sealed class DictionaryBook
{
    public SortedDictionary<long, long> Bids { get; } = [];

    public SortedDictionary<long, long> Asks { get; } = [];

    public void Apply(Change change)
    {
        SortedDictionary<long, long> side = change.IsBid ? Bids : Asks;
        if (change.Lots == 0)
        {
            side.Remove(change.Price);
        }
        else
        {
            side[change.Price] = change.Lots;
        }
    }

    public PriceLevel[] BidLevels() => [.. Bids.Select(level => new PriceLevel(level.Key, level.Value))];

    public PriceLevel[] AskLevels() => [.. Asks.Reverse().Select(level => new PriceLevel(level.Key, level.Value))];
}

/// <summary>Random runs of venue events around price 100000, and what plays them.</summary>
internal static class Script
{
    public const long Centre = 100_000;

    // 2026-11-22 23:59:58 UTC, so that runs of some seconds cross midnight.
    public const long StartNs = 1_795_391_998L * 1_000_000_000;

    /// <summary>Runs of up to 40 events; sides meet at the centre, so books lock, empty and (rarely) cross.</summary>
    public static readonly Gen<VenueEvent[]> Runs = BuildEvents(crossing: true).Array[1, 40];

    /// <summary>The same where books neither cross nor gap nor restart, and times never run backwards.</summary>
    public static readonly Gen<VenueEvent[]> CalmRuns = BuildEvents(crossing: false).Array[1, 40];

    public static readonly SignalOptions Options = new() { SweepLots = [3, 20, 75, 300, 2_000] };

    public static List<Published> Play(VenueEvent[] script, SignalOptions? options = null, int readsBetween = 0)
    {
        var signals = new InstrumentSignals(options ?? Options, Fixtures.AnInstrument());
        var book = new DictionaryBook();
        var published = new List<Published>();
        long timeNs = StartNs;
        foreach (VenueEvent e in script)
        {
            timeNs += e.DtNs;
            Play(signals, book, e, timeNs);
            published.Add(Published.Of(signals));
            for (int i = 0; i < readsBetween; i++)
            {
                _ = (signals.Touch.BidLots, signals.Pressure.OfiDecayed, signals.Validity, signals.CascadeValidity);
            }
        }

        return published;
    }

    public static void Play(InstrumentSignals signals, DictionaryBook book, VenueEvent e, long timeNs)
    {
        foreach (Trade trade in e.Trades)
        {
            signals.OnTrade(
                Fixtures.Print(trade.Price, trade.Lots, trade.Side, timeNs, trade.Flags, trade.Kind),
                new BookSide(book.BidLevels()),
                new BookSide(book.AskLevels()));
        }

        foreach (Change change in e.Changes)
        {
            book.Apply(change);
        }

        PriceLevel[] bids = book.BidLevels();
        PriceLevel[] asks = book.AskLevels();
        signals.Evaluate(new BookSide(bids), new BookSide(asks), e.Book, timeNs, e.Reprime);
        signals.EvaluateImpact(new BookSide(bids), new BookSide(asks), e.Book);
    }

    private static Gen<VenueEvent> BuildEvents(bool crossing)
    {
        Gen<Change> change = Gen.Select(
            Gen.Bool,
            Gen.Frequency((20, Gen.Long[0, 12]), (3, Gen.Long[0, 700]), (crossing ? 1 : 0, Gen.Long[-2, 0])),
            Gen.Frequency((2, Gen.Const(0L)), (5, Gen.Long[1, 200])),
            (isBid, away, lots) => new Change(isBid, isBid ? Centre - away : Centre + 1 + away, lots));
        Gen<EventFlags> flags = Gen.Frequency(
            (8, Gen.Const(EventFlags.None)),
            (1, Gen.Const(EventFlags.OffBook)),
            (1, Gen.Const(EventFlags.SignInferred)),
            (1, Gen.Const(EventFlags.MakerLiquidation)));
        Gen<Trade> trade = Gen.Select(
            Gen.Long[Centre - 8, Centre + 9],
            Gen.Long[1, 60],
            Gen.Frequency((3, Gen.Const(Side.Buy)), (3, Gen.Const(Side.Sell)), (3, Gen.Const(Side.Unknown))),
            flags,
            Gen.Frequency((6, Gen.Const(EventKind.Trade)), (1, Gen.Const(EventKind.Liquidation))),
            (price, lots, side, flag, kind) => new Trade(price, lots, side, flag, kind));
        Gen<long> dt = Gen.Frequency(
            (3, Gen.Long[0, 1_000_000]),
            (3, Gen.Long[0, 2_000_000_000]),
            (1, Gen.Const(0L)),
            (1, Gen.Long[0, 60_000_000_000]),
            (crossing ? 1 : 0, Gen.Long[-1_000_000_000, 0]));
        Gen<ValidityFlags> book = Gen.Frequency(
            (30, Gen.Const(ValidityFlags.None)),
            (crossing ? 2 : 0, Gen.Const(ValidityFlags.Gap)),
            (crossing ? 1 : 0, Gen.Const(ValidityFlags.Halted)));
        Gen<bool> reprime = Gen.Frequency((30, Gen.Const(false)), (crossing ? 1 : 0, Gen.Const(true)));
        return Gen.Select(
            dt,
            change.Array[0, 4],
            Gen.Frequency((2, trade.Array[0, 0]), (2, trade.Array[1, 3])),
            reprime,
            book,
            (d, c, t, r, b) => new VenueEvent(d, c, t, r, b));
    }
}
