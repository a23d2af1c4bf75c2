using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>What must hold of everything a set publishes, found by reflection, and what freezes it.</summary>
public sealed class SetSignalsTests
{
    private const int Runs = 150;

    [Fact]
    public void Each_published_value_says_how_it_scales_and_mirrors()
    {
        string[] found = [.. SetTape.Read(SetTape.Start().Set).Keys.Select(ValueFields.PathOf).Distinct().Order()];
        Assert.Equal(SetTape.Figures.Keys.Order(), found);
    }

    [Fact]
    public void Known_positions_are_the_map_and_its_critical_shock_is_the_worked_example()
    {
        // L6's example: the book, and what would be forced at each price. Q* is 81.
        PriceLevel[] bids = Levels((990, 300), (993, 100), (996, 80), (997, 40), (999, 50), (1000, 30));
        PriceLevel[] asks = Levels((1001, 40));
        (long Price, long Lots)[] forced = [(998, 25), (997, 20), (996, 60), (994, 50), (991, 200)];
        Instrument instrument = AnInstrument();
        var options = new SetOptions
        {
            Positions =
            [
                .. forced.Select(x => new KnownPosition(instrument.Symbol, x.Price, x.Lots)),
                new KnownPosition("OTHER", 999, 1_000_000), new KnownPosition(instrument.Symbol, 1005, -7),
            ],
        };
        var touch = new InstrumentSignals(new SignalOptions(), instrument);
        var set = new SetSignals(options, new SignalOptions(), instrument, touch);
        Assert.Equal(81, Shock(1000, 1));

        // Open interest adds nothing to what is known, and what the price went through does not come back.
        set.OnReference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 1_000 });
        set.OnReference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 900_000 });
        Assert.Equal(81, Shock(1000, 2));
        Assert.NotEqual(81, Shock(998, 3));
        Assert.Equal(4, Shocks());

        long Shock(long price, long second)
        {
            MarketEvent print = Fixtures.Print(price, 1, Side.Sell, second * Second);
            touch.OnTrade(print, new BookSide(bids), new BookSide(asks));
            set.OnTrade(print);
            touch.Evaluate(bids, asks, second * Second);
            set.Evaluate(new BookSide(bids), new BookSide(asks));
            set.EvaluateScore(new BookSide(bids), new BookSide(asks));
            return set.Feedback.Fall.CriticalShockLots;
        }

        int Shocks() => set.ReadForced(-1, new LiquidationLevel[16]);
    }

    [Fact]
    public void Replay_and_reading_in_between_give_the_same_values() => Script.Runs.Sample(script =>
    {
        List<Dictionary<string, double>> once = SetTape.Play(script, contract: ContractKind.Linear);
        Assert.Equal(once, SetTape.Play(script, readsBetween: 2, contract: ContractKind.Linear));
        Assert.All(once, values => Assert.All(values, value => Assert.True(double.IsFinite(value.Value), value.Key)));
    }, iter: Runs);

    [Fact]
    public void Mirrored_market_gives_mirrored_values() => Script.CalmRuns.Sample(script =>
    {
        List<Dictionary<string, double>> plain = SetTape.Play(script);
        List<Dictionary<string, double>> mirrored = SetTape.Play(MarketTransforms.Mirrored(script));
        Compare(plain, mirrored, SetTape.MirrorOf, figure => figure.Mirrors, figure => figure.IsOdd ? -1 : 1);
    }, iter: Runs);

    [Fact]
    public void Lots_times_16_scale_each_value_by_its_power() => Script.CalmRuns.Sample(script =>
    {
        List<Dictionary<string, double>> plain = SetTape.Play(script);
        List<Dictionary<string, double>> scaled = SetTape.Play(MarketTransforms.Scaled(script, 16), lotUnit: 16);
        Compare(
            plain, scaled, name => name, figure => !double.IsNaN(figure.LotExponent), f => Math.Pow(16, f.LotExponent));
    }, iter: Runs);

    [Fact]
    public void Shifted_prices_leave_the_values_alone() => Script.CalmRuns.Sample(script =>
    {
        List<Dictionary<string, double>> shifted = SetTape.Play(MarketTransforms.Shifted(script, 1_234));
        Compare(SetTape.Play(script), shifted, name => name, figure => figure.Shifts, _ => 1);
    }, iter: Runs);

    [Fact]
    public void Another_instrument_between_changes_nothing() =>
        Gen.Select(Script.Runs, Script.Runs).Sample((script, other) =>
        {
            List<Dictionary<string, double>> alone = SetTape.Play(script);
            var (touch, set) = SetTape.Start();
            var (otherTouch, otherSet) = SetTape.Start();
            var book = new DictionaryBook();
            var otherBook = new DictionaryBook();
            long now = Script.StartNs;
            for (int i = 0; i < script.Length; i++)
            {
                now += script[i].DtNs;
                SetTape.Step(otherTouch, otherSet, otherBook, other[i % other.Length], now + i, 77);
                SetTape.Step(touch, set, book, script[i], now, 10_000 + i * 7 % 13 * 50);
                Assert.Equal(alone[i], SetTape.Read(set));
            }
        }, iter: Runs);

    [Theory]
    [InlineData(ValidityFlags.Gap, false)]
    [InlineData(ValidityFlags.Halted, false)]
    [InlineData(ValidityFlags.None, true)]
    public void Neither_a_gap_nor_a_halt_nor_a_snapshot_is_flow(ValidityFlags book, bool reprime)
    {
        var (touch, set) = SetTape.Start();
        Evaluate(touch, set, RefBids, RefAsks, Second);
        Evaluate(touch, set, Levels((999, 10), (1000, 30)), RefAsks, 2 * Second);
        DepthFlowValues before = set.DepthFlow;
        Assert.NotEqual(0, before.Withdrawal.Bid.CancelledLots);

        Evaluate(touch, set, Levels((500, 900)), Levels((2000, 700)), 2 * Second, book, reprime);
        Evaluate(touch, set, Levels((500, 900)), Levels((2000, 700)), 2 * Second);
        Assert.Equal(before.LevelFlowSums[0], set.DepthFlow.LevelFlowSums[0]);
        Assert.Equal(before.LevelFlowSums[3], set.DepthFlow.LevelFlowSums[3]);
        Assert.Equal(before.Withdrawal.Bid.CancelledLots, set.DepthFlow.Withdrawal.Bid.CancelledLots);
        Assert.Equal(before.Withdrawal.Ask.AddedLots, set.DepthFlow.Withdrawal.Ask.AddedLots);
    }

    [Fact]
    public void Crossed_book_takes_its_legs_out_of_the_score()
    {
        var (touch, set) = SetTape.Start();
        PriceLevel[][] bids = [RefBids, Levels((998, 5), (999, 90))];
        PriceLevel[][] asks = [RefAsks, Levels((1009, 100), (1002, 7))];
        for (int i = 1; i <= 20; i++)
        {
            Evaluate(touch, set, bids[i % 2], asks[i % 2], i * Second);
            Print(touch, set, 1000 - i % 2, 5, i % 2 == 0 ? Side.Buy : Side.Sell, i * Second);
            set.CloseSecond();
        }

        Evaluate(touch, set, RefBids, RefAsks, 21 * Second);
        set.EvaluateScore(new BookSide(RefBids), new BookSide(RefAsks));
        double whole = set.Score.Composite.Coverage;
        Evaluate(touch, set, Levels((1010, 1)), RefAsks, 22 * Second, ValidityFlags.Crossed);
        set.EvaluateScore(new BookSide(Levels((1010, 1))), new BookSide(RefAsks));
        Near(0.9, whole);
        Near(0.3, set.Score.Composite.Coverage);
        Assert.True((set.ScoreValidity & ValidityFlags.LowSamples) != 0);
        Assert.Equal(0, set.Score.Composite.Contributions[(int)PressureLeg.Book]);
    }

    [Fact]
    public void Open_interest_makes_a_map_whose_loop_gain_and_critical_shock_are_published()
    {
        // 100 lots opened at 1000 at 400x and 0.24 %: longs 50 at floor(999.9) = 999, then the book's first five lots.
        var (touch, set) = SetTape.Start(ContractKind.Linear);
        PriceLevel[] bids = Levels((900, 5), (990, 5), (999, 10), (1000, 5));
        PriceLevel[] asks = Levels((1030, 5), (1001, 5));
        Evaluate(touch, set, bids, asks, Second);
        set.OnReference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 10_000 });
        set.OnReference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 20_000 });
        set.EvaluateScore(new BookSide(bids), new BookSide(asks));
        FeedbackLine fall = set.Feedback.Fall;
        Assert.True(fall.LoopGain > 1, $"{fall.LoopGain}");
        Assert.Equal(1, fall.GainBandQuanta);
        Assert.Equal(6, fall.CriticalShockLots);
        Assert.Equal(900, fall.FinalPrice);

        // Once it traded there, those lots are gone.
        Print(touch, set, 700, 1, Side.Sell, Second);
        set.EvaluateScore(new BookSide(bids), new BookSide(asks));
        Assert.Equal(0, set.Feedback.Fall.LoopGain);
        Assert.Equal(Optional.Null, set.Feedback.Fall.CriticalShockLots);
    }

    [Fact]
    public void No_set_signal_allocates()
    {
        var (touch, set) = SetTape.Start(ContractKind.Inverse);
        PriceLevel[][] bids = [RefBids, Levels((995, 9), (999, 50), (1000, 5)), RefBids];
        PriceLevel[][] asks = [RefAsks, RefAsks, Levels((1007, 20), (1003, 9))];
        void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                long now = (i + 1) * 40_000_000L;
                Side side = i % 2 == 0 ? Side.Buy : Side.Sell;
                EventKind kind = i % 9 == 0 ? EventKind.Liquidation : EventKind.Trade;
                MarketEvent print = Fixtures.Print(1000 - i % 3, 1 + i % 30, side, now, kind: kind);
                var bid = new BookSide(bids[i % 3]);
                var ask = new BookSide(asks[i % 3]);
                touch.OnTrade(print, bid, ask);
                set.OnTrade(print);
                set.OnReference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 90_000 + i * 37 % 5_000 });
                touch.Evaluate(bid, ask, i % 50 == 0 ? ValidityFlags.Gap : ValidityFlags.None, now, reprime: false);
                if (set.Evaluate(bid, ask) || i % 3 == 0)
                {
                    set.EvaluateScore(bid, ask);
                }

                if (i % 25 == 0)
                {
                    set.CloseSecond();
                }
            }
        }

        Run(0, 4_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(4_000, 9_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(set.Score.Composite.Coverage > 0.5);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(
            () => (new SetOptions { SeedShare = 2, Leverages = [0.5], VpinBuckets = 0 }).Validate());
        Assert.Contains("SeedShare is 2", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Leverages[0]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("VpinBuckets is 0", fault.Message, StringComparison.Ordinal);
    }

    private static void Evaluate(
        InstrumentSignals touch,
        SetSignals set,
        PriceLevel[] bids,
        PriceLevel[] asks,
        long now,
        ValidityFlags book = ValidityFlags.None,
        bool reprime = false)
    {
        touch.Evaluate(bids, asks, now, book, reprime);
        _ = set.Evaluate(new BookSide(bids), new BookSide(asks));
    }

    private static void Print(InstrumentSignals touch, SetSignals set, long price, long lots, Side side, long now)
    {
        MarketEvent print = Fixtures.Print(price, lots, side, now);
        touch.OnTrade(print, new BookSide(RefBids), new BookSide(RefAsks));
        set.OnTrade(print);
    }

    private static void Compare(
        List<Dictionary<string, double>> plain,
        List<Dictionary<string, double>> other,
        Func<string, string> nameOf,
        Func<SetFigure, bool> told,
        Func<SetFigure, double> factorOf)
    {
        for (int i = 0; i < plain.Count; i++)
        {
            foreach ((string name, double value) in plain[i])
            {
                SetFigure figure = SetTape.Figures[ValueFields.PathOf(name)];
                if (!told(figure))
                {
                    continue;
                }

                double expected = value * factorOf(figure);
                double got = other[i][nameOf(name)];
                double tolerance = 1e-7 * Math.Max(1, Math.Max(Math.Abs(expected), Math.Abs(got)));
                Assert.True(Math.Abs(expected - got) <= tolerance, $"{name} at {i}: {expected:R}, {got:R}");
            }
        }
    }
}
