using CsCheck;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Signals;

/// <summary>L9.</summary>
public class RegimeTests
{
    private static readonly Gen<RegimeInputs> s_inputs = Gen.Select(
        Gen.Double[-100, 100], Gen.Double[0, 0.4], Gen.Double[0.3, 1], Gen.Double[0, 1.6], Gen.Int[0, 9]).Select(
        (score, share, n, gain, valid) => new RegimeInputs(score, share, n, gain, valid > 0, valid > 1));

    [Fact]
    public void States_of_the_worked_example()
    {
        (double, double, double, double)[] inputs =
        [
            (10, 0, .3, .2), (45, .02, .4, .3), (45, .02, .4, .3), (80, .25, .7, 1.3), (85, .30, .8, 1.1),
            (70, .12, .7, .8), (50, .04, .6, .4), (50, .04, .6, .4), (15, .01, .4, .2), (15, .01, .4, .2),
        ];
        Regime[] expected =
        [
            Regime.Calm, Regime.Pressured, Regime.Pressured, Regime.Cascading, Regime.Cascading,
            Regime.Cascading, Regime.Exhausted, Regime.Exhausted, Regime.Calm, Regime.Calm,
        ];
        var machine = new RegimeMachine(new RegimeOptions());
        var states = new List<Regime>();
        foreach ((double score, double share, double n, double gain) in inputs)
        {
            machine.Evaluate(new RegimeInputs(score, share, n, gain, true, true));
            states.Add(machine.State);
        }

        Assert.Equal(expected, states);
    }

    [Fact]
    public void Machine_follows_the_table_row_by_row() => s_inputs.Array[1, 80].Sample(script =>
    {
        var machine = new RegimeMachine(new RegimeOptions());
        Regime state = Regime.Calm;
        int dwell = 0;
        foreach (RegimeInputs x in script)
        {
            dwell++;
            Regime next = Row(state, dwell, x);
            bool changed = next != state;
            dwell = changed ? 0 : dwell;
            state = next;
            Assert.Equal(changed, machine.Evaluate(x));
            Assert.Equal((state, dwell), (machine.State, machine.Dwell));
        }
    });

    [Fact]
    public void Exhausted_market_is_pressured_again_only_after_ten_evaluations()
    {
        var machine = new RegimeMachine(new RegimeOptions());
        machine.Evaluate(new RegimeInputs(80, 0.3, 0.8, 1.2, true, true));
        machine.Evaluate(new RegimeInputs(80, 0, 0.3, 0.1, true, true));
        machine.Evaluate(new RegimeInputs(80, 0, 0.3, 0.1, true, true));
        for (int i = 1; i <= 9; i++)
        {
            machine.Evaluate(new RegimeInputs(50, 0, 0.3, 0.1, true, true));
            Assert.Equal(Regime.Exhausted, machine.State);
        }

        machine.Evaluate(new RegimeInputs(50, 0, 0.3, 0.1, true, true));
        Assert.Equal(Regime.Pressured, machine.State);
    }

    [Fact]
    public void Mirrored_inputs_mirror_the_direction() => Gen.Select(s_inputs, s_inputs).Array[1, 60].Sample(script =>
    {
        var plain = new TwoSidedRegime(new RegimeOptions());
        var mirrored = new TwoSidedRegime(new RegimeOptions());
        foreach ((RegimeInputs fall, RegimeInputs other) in script)
        {
            RegimeInputs squeeze = other with { Score = -fall.Score, IsScoreValid = fall.IsScoreValid };
            bool changed = plain.Evaluate(fall, squeeze);
            Assert.Equal(changed, mirrored.Evaluate(squeeze, fall));
            Assert.Equal((plain.State, plain.Direction), (mirrored.State, -mirrored.Direction));
            Assert.Equal((plain.Fall, plain.Squeeze), (mirrored.Squeeze, mirrored.Fall));
            Assert.True(plain.State != Regime.Calm || plain.Direction == 0);
            Assert.Equal(plain.State is Regime.Calm or Regime.Pressured, plain.MayLearn);
        }
    });

    [Fact]
    public void The_graver_side_is_told()
    {
        var regime = new TwoSidedRegime(new RegimeOptions());
        Assert.Equal((Regime.Calm, 0), (regime.State, regime.Direction));
        RegimeInputs quiet = new(-80, 0, 0.3, 0.1, true, true);
        Assert.True(regime.Evaluate(new RegimeInputs(80, 0.3, 0.8, 1.2, true, true), quiet));
        Assert.Equal((Regime.Cascading, 1), (regime.State, regime.Direction));
        regime.Evaluate(quiet, quiet with { Score = 80 });
        Assert.Equal((Regime.Cascading, 1, Regime.Pressured), (regime.State, regime.Direction, regime.Squeeze));
        regime.Evaluate(quiet, new RegimeInputs(80, 0.3, 0.8, 1.2, true, true));
        Assert.Equal((Regime.Exhausted, Regime.Cascading, -1), (regime.Fall, regime.State, regime.Direction));
    }

    private static Regime Row(Regime from, int dwell, RegimeInputs x)
    {
        bool feeds = x.LiquidationShare >= 0.15 || x.LoopGain >= 1;
        bool enters = x.IsValid && x.Score >= 60 && feeds && x.BranchingRatio >= 0.6;
        return (from, enters) switch
        {
            (Regime.Cascading, _) => x.IsValid && x.LiquidationShare < 0.08 && x.LoopGain < 0.7 && dwell >= 2
                ? Regime.Exhausted : from,
            (_, true) => Regime.Cascading,
            (Regime.Calm, _) => x.IsScoreValid && x.Score >= 40 ? Regime.Pressured : from,
            _ when x.IsScoreValid && x.Score < 25 && dwell >= 2 => Regime.Calm,
            (Regime.Exhausted, _) => x.IsScoreValid && x.Score >= 40 && dwell >= 10 ? Regime.Pressured : from,
            _ => from,
        };
    }
}
