using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Signals;
using FlowEngine.Tests.Signals;
using Xunit;
using Side = FlowEngine.Messages.PreTrade.Side;

namespace FlowEngine.Tests.Engine;

/// <summary>The worked examples of signals.md, from a case through the wire.</summary>
public sealed class PreTradeOracleTests
{
    private const long Second = 1_000_000_000;

    private delegate void AnswerCheck(in CostAnswerReader answer);

    [Fact]
    public void Almgren_and_Chriss_own_parameters_give_their_figures()
    {
        // Their dollar is eight quanta: ε is half the spread of one, and η and γ are told by book and λ.
        const double Dollar = 8;
        const long Shares = 1_000_000;
        const long Best = 400;
        var opened = new PreTradeCase
        {
            HasPast = true,
            Touch = new TouchState(Best, Shares / 2, Best + 1, 1),
            Kyle = new RegressionFit { Slope = 2.5e-7 * Dollar, EffectiveSamples = 100 },
            SecondDeviation = 0.95 * Dollar / (Best + 0.5),
            Question = new OrderQuestion
            {
                Sign = -1,
                Slices = 5,
                Lots = Shares,
                HorizonNs = 5 * Second,
                RiskAversion = 1e-6,
            },
        };

        // η - γτ/2 = 2.375e-6 dollars a share: half of the order nothing beyond the half spread, half twice that.
        opened.CopyLevels(
            new BookSide([new PriceLevel(Best - 38, Shares / 2), new PriceLevel(Best, Shares / 2)]), Shares, true);
        Through(opened, (in CostAnswerReader answer) =>
        {
            var perBps = Shares * (Best + 0.5) / Dollar / 10_000;
            Assert.Equal(911_226.99, answer.Optimal.ExpectedBps * perBps, 0.01);
            Assert.Equal(603_430.67, answer.Optimal.DeviationBps * perBps, 0.01);
            Assert.Equal(662_500, answer.Straight.ExpectedBps * perBps, 0.01);
            Assert.Equal(1_040_672.86, answer.Straight.DeviationBps * perBps, 0.01);
            long[] optimal = [458_044, 252_102, 141_957, 85_755, 62_142, 0];
            for (var i = 0; i < optimal.Length; i++)
            {
                Assert.Equal(optimal[i], answer.OptimalSlices(i));
                Assert.Equal(i < 5 ? 200_000 : 0, answer.StraightSlices(i));
            }

            Assert.Equal(Missing.Transient | Missing.SquareRoot | Missing.Live | Missing.Critical, answer.Missing);
            Assert.Equal((0.0, 0.0), (answer.Optimal.LiveBps, answer.SquareRootBps));
        });
    }

    [Fact]
    public void The_reference_book_is_swept_as_the_worked_example_says()
    {
        var opened = new PreTradeCase
        {
            Touch = Fixtures.RefTouch,
            Question = new OrderQuestion { Sign = -1, Slices = 1, Lots = 200, HorizonNs = Second },
        };
        opened.CopyLevels(new BookSide(Fixtures.RefBids), 400, whole: false);
        Through(opened, (in CostAnswerReader answer) =>
        {
            Assert.Equal((50L, 0.9), (answer.SweepSizes(1), answer.SweepSlippage(1)));
            Assert.Equal((100L, 1.6), (answer.SweepSizes(2), answer.SweepSlippage(2)));
            Assert.Equal((997L, 998.9), (answer.SweepWorst(2), answer.SweepVwap(2)));
            Assert.Equal((200L, 2.95), (answer.SweepFilled(3), answer.SweepSlippage(3)));
            Assert.Equal((300L, 100L, 5), (answer.SweepFilled(4), answer.SweepUnfilled(4), (int)answer.SweepLevels(4)));
            Assert.Equal(29.4853, answer.SweepSlippageBps(3), 4);
            Assert.Equal((1000L, 1001L), (answer.BidPrice, answer.AskPrice));

            // The set has no past: that is said, and nothing of it is guessed.
            Assert.Equal(
                Missing.SignalSet | Missing.Transient | Missing.SquareRoot | Missing.Schedule | Missing.Live
                    | Missing.Critical | Missing.Lambda,
                answer.Missing);
            Assert.Equal(CostAnswerReader.CriticalShockNull, answer.CriticalShock);
        });
    }

    [Theory]
    [InlineData(80, 0)]
    [InlineData(81, 1)]
    public void The_critical_shock_of_the_worked_example_is_81_lots(long lots, int reaches)
    {
        var opened = new PreTradeCase
        {
            HasPast = true,
            HasMap = true,
            Touch = new TouchState(1000, 30, 1001, 1),
            Question = new OrderQuestion { Sign = -1, Slices = 1, Lots = lots, HorizonNs = Second },
        };
        LiquidationLevel[] forced = [new(998, 25), new(997, 20), new(996, 60), new(994, 50), new(991, 200)];
        forced.CopyTo(opened.ForcedRoom());
        opened.SetForced(forced.Length);
        opened.CopyLevels(
            new BookSide(Fixtures.Levels((990, 300), (993, 100), (996, 80), (997, 40), (999, 50), (1000, 30))),
            2 * lots, whole: true);
        Through(opened, (in CostAnswerReader answer) =>
        {
            Assert.Equal(
                (81L, reaches, 5), (answer.CriticalShock, (int)answer.ReachesCritical, (int)answer.ForcedLevels));
            Assert.Equal(Missing.None, answer.Missing & (Missing.Critical | Missing.BeyondBook));
        });
    }

    [Fact]
    public void Transient_impact_of_the_worked_example_fades_on_the_wire()
    {
        var transient = new TransientImpact(
            new PropagatorKernel(0, ImpactShape.SquareRoot, [0.30, 0.15, 0.05], [0.1, 1, 10]));
        transient.Trade(-1, 9, 0);
        transient.Trade(-1, 16, Second / 5);
        transient.Trade(1, 4, Second / 4);
        var opened = new PreTradeCase
        {
            HasPast = true,
            MoveForRoot = 2,
            Transient = transient,
            NowNs = Second / 4,
            Touch = Fixtures.RefTouch,
            Question = new OrderQuestion { Sign = 1, Slices = 1, Lots = 10, HorizonNs = Second },
        };
        opened.CopyLevels(new BookSide(Fixtures.RefAsks), 20, whole: false);
        Through(opened, (in CostAnswerReader answer) =>
        {
            Assert.Equal(2 * -1.068210, answer.TransientNow, 2e-6);
            Assert.Equal(2 * -0.450491, answer.TransientAtHorizon, 2e-6);
            Assert.Equal(Side.Buy, answer.Side);
        });
    }

    private static void Through(PreTradeCase opened, AnswerCheck check)
    {
        var table = new InstrumentTable(1);
        table.TryAdd(
            Fixtures.AnInstrument() with { PriceQuantum = new DecimalScale(125, -3) }, out _);
        var answerer = new PreTradeAnswerer(new PreTradeCases(1, 1), table, new EngineIdentity(5, 6), answers: null);
        var bytes = new byte[AnswerEncoder.Length];
        answerer.Write(bytes, opened);
        Assert.True(CostAnswerReader.TryWrap(bytes, out var answer));
        Assert.Equal((AnswerStatus.Ok, 5ul, 6ul), (answer.Status, answer.Book.Epoch, answer.Book.ParameterHash));
        check(in answer);
    }
}
