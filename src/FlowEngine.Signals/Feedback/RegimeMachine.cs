using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>Where the market stands (L9).</summary>
public enum Regime : byte
{
    /// <summary>Nothing special: work passively.</summary>
    Calm = 0,

    /// <summary>One side pushes: raise participation.</summary>
    Pressured = 1,

    /// <summary>Forced orders feed each other.</summary>
    Cascading = 2,

    /// <summary>A cascade has run out.</summary>
    Exhausted = 3,
}

/// <summary>What the machine is evaluated on.</summary>
/// <param name="Score">SP (F9), + along this machine's direction.</param>
/// <param name="LiquidationShare">Forced share of the takers' lots on this side (L1).</param>
/// <param name="BranchingRatio">n (L2, L3).</param>
/// <param name="LoopGain">Greatest of this side (L6).</param>
/// <param name="IsScoreValid">Whether the score is.</param>
/// <param name="IsValid">Whether all of these are.</param>
public readonly record struct RegimeInputs(
    double Score, double LiquidationShare, double BranchingRatio, double LoopGain, bool IsScoreValid, bool IsValid);

/// <summary>Thresholds of L9: entering and leaving differ.</summary>
public sealed record RegimeOptions
{
    /// <summary>Score from which on a cascade may begin. Default 60.</summary>
    public double CascadeScore { get; init; } = 60;

    /// <summary>Liquidation share for it. Default 0.15.</summary>
    public double CascadeShare { get; init; } = 0.15;

    /// <summary>Or loop gain for it. Default 1.</summary>
    public double CascadeGain { get; init; } = 1;

    /// <summary>Branching ratio it also takes. Default 0.6.</summary>
    public double CascadeBranching { get; init; } = 0.6;

    /// <summary>Score from which on the market is pressured. Default 40.</summary>
    public double PressureScore { get; init; } = 40;

    /// <summary>Score below which it calms. Default 25.</summary>
    public double CalmScore { get; init; } = 25;

    /// <summary>Liquidation share below which a cascade has run out. Default 0.08.</summary>
    public double ExhaustedShare { get; init; } = 0.08;

    /// <summary>And loop gain below which it has. Default 0.7.</summary>
    public double ExhaustedGain { get; init; } = 0.7;

    /// <summary>Evaluations before a state may be left for a quieter one. Default 2.</summary>
    public int Dwell { get; init; } = 2;

    /// <summary>Evaluations before EXHAUSTED goes back to PRESSURED. Default 10.</summary>
    public int ExhaustedDwell { get; init; } = 10;
}

/// <summary>
/// L9, one direction. Evaluated every 100 ms of venue time and with each liquidation. What is not valid never enters
/// CASCADING and never leaves it.
/// </summary>
public struct RegimeMachine
{
    private readonly RegimeOptions _options;

    /// <summary>CALM.</summary>
    public RegimeMachine(RegimeOptions options) => _options = options;

    /// <summary>The state.</summary>
    public Regime State { get; private set; }

    /// <summary>Evaluations since it was entered.</summary>
    public int Dwell { get; private set; }

    /// <summary>Evaluates once.</summary>
    /// <returns>Whether the state changed.</returns>
    [Hot]
    public bool Evaluate(in RegimeInputs inputs)
    {
        Dwell = Dwell == int.MaxValue ? Dwell : Dwell + 1;
        Regime next = Next(inputs);
        if (next == State)
        {
            return false;
        }

        State = next;
        Dwell = 0;
        return true;
    }

    private readonly Regime Next(in RegimeInputs inputs)
    {
        bool cascades = inputs.IsValid && inputs.Score >= _options.CascadeScore
            && (inputs.LiquidationShare >= _options.CascadeShare || inputs.LoopGain >= _options.CascadeGain)
            && inputs.BranchingRatio >= _options.CascadeBranching;
        if (State == Regime.Cascading)
        {
            bool ranOut = inputs.IsValid && inputs.LiquidationShare < _options.ExhaustedShare
                && inputs.LoopGain < _options.ExhaustedGain && Dwell >= _options.Dwell;
            return ranOut ? Regime.Exhausted : State;
        }

        if (cascades)
        {
            return Regime.Cascading;
        }

        bool pressured = inputs.IsScoreValid && inputs.Score >= _options.PressureScore;
        bool calms = inputs.IsScoreValid && inputs.Score < _options.CalmScore && Dwell >= _options.Dwell;
        return State switch
        {
            Regime.Calm => pressured ? Regime.Pressured : State,
            _ when calms => Regime.Calm,
            Regime.Exhausted when pressured && Dwell >= _options.ExhaustedDwell => Regime.Pressured,
            _ => State,
        };
    }
}

/// <summary>
/// L9 in both directions: a machine for falls, and its mirror for squeezes on -SP. What is told is the graver of the
/// two (CASCADING, EXHAUSTED, PRESSURED, CALM) and whose it is; of equals the one the score leans to, then the one told
/// before.
/// </summary>
public struct TwoSidedRegime
{
    private RegimeMachine _fall;
    private RegimeMachine _squeeze;

    /// <summary>CALM.</summary>
    public TwoSidedRegime(RegimeOptions options)
    {
        _fall = new RegimeMachine(options);
        _squeeze = new RegimeMachine(options);
    }

    /// <summary>The graver state.</summary>
    public readonly Regime State => Gravity(_fall.State) >= Gravity(_squeeze.State) ? _fall.State : _squeeze.State;

    /// <summary>1 a fall, -1 a squeeze, 0 while calm.</summary>
    public int Direction { get; private set; }

    /// <summary>State of the fall's machine.</summary>
    public readonly Regime Fall => _fall.State;

    /// <summary>State of the squeeze's machine.</summary>
    public readonly Regime Squeeze => _squeeze.State;

    /// <summary>Whether means and deviations of F9 may learn.</summary>
    public readonly bool MayLearn => State is Regime.Calm or Regime.Pressured;

    /// <summary>Evaluates both.</summary>
    /// <param name="fall">Of the sell side; its score is SP.</param>
    /// <param name="squeeze">Of the buy side; its score is taken as it is: give -SP.</param>
    /// <returns>Whether state or direction changed.</returns>
    [Hot]
    public bool Evaluate(in RegimeInputs fall, in RegimeInputs squeeze)
    {
        Regime before = State;
        int directionBefore = Direction;
        _fall.Evaluate(fall);
        _squeeze.Evaluate(squeeze);
        int lean = Gravity(_fall.State).CompareTo(Gravity(_squeeze.State));
        lean = lean != 0 ? lean : fall.Score.CompareTo(squeeze.Score);
        Direction = State == Regime.Calm ? 0 : lean != 0 ? lean : Direction;
        return State != before || Direction != directionBefore;
    }

    private static int Gravity(Regime state) => state switch
    {
        Regime.Cascading => 3,
        Regime.Exhausted => 2,
        Regime.Pressured => 1,
        _ => 0,
    };
}
