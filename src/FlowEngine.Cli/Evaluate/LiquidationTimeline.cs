using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// Forced orders minute by minute with the regime, evaluated every 100 ms and with each forced order. Without a book
/// the composite has two legs, trades and liquidations, and the loop gain counts as 0.
/// </summary>
internal sealed class LiquidationTimeline
{
    private const long NsPerSecond = 1_000_000_000;
    private const long StepNs = 100_000_000;
    private const long MinuteNs = 60 * NsPerSecond;
    private const long LookBackNs = 24 * 60 * MinuteNs;
    private const int FanoSeconds = 60;
    private const int BranchingWindows = 30;
    private const double LeastDeviation = 0.05;

    private readonly long _startNs;
    private readonly long _endNs;
    private readonly LiquidationFlow _flow =
        new(new HalfLife(3_465_735_903), new HalfLife(1800 * NsPerSecond), FanoSeconds);
    private readonly BranchingRatio _branching = new(10 * NsPerSecond, BranchingWindows);
    private readonly List<LiquidationMinute> _minutes = [];
    private SignedVolume _trades = new(new HalfLife(10 * NsPerSecond));
    private SellPressure _pressure;
    private TwoSidedRegime _regime = new(new RegimeOptions());
    private Regime _gravest;
    private double? _score;
    private double _ratio;
    private double _soldPerSecond;

    /// <summary>A timeline over a range.</summary>
    public LiquidationTimeline(long startNs, long endNs)
    {
        _startNs = startNs;
        _endNs = endNs;
        PerLeg weights = default;
        weights[(int)PressureLeg.Trades] = PerLeg.DefaultWeights[(int)PressureLeg.Trades];
        weights[(int)PressureLeg.Liquidations] = PerLeg.DefaultWeights[(int)PressureLeg.Liquidations];
        PerLeg floors = default;
        floors[..].Fill(LeastDeviation);
        _pressure = new SellPressure(new HalfLife(1800 * NsPerSecond), weights, floors, 600 * NsPerSecond);
    }

    /// <summary>Runs over prints in order of time, from a day before the range on.</summary>
    /// <returns>The minutes of the range.</returns>
    public List<LiquidationMinute> Run(ReadOnlySpan<LiquidationStudy.Print> prints)
    {
        var first = 0;
        while (first < prints.Length && prints[first].TimeNs < _startNs - LookBackNs)
        {
            first++;
        }

        if (first == prints.Length)
        {
            return _minutes;
        }

        var nextNs = (prints[first].TimeNs / StepNs * StepNs) + StepNs;
        var minute = default(Tally);
        foreach (ref readonly var print in prints[first..])
        {
            for (; nextNs <= print.TimeNs && nextNs <= _endNs; nextNs += StepNs)
            {
                EvaluateAt(nextNs, ref minute);
            }

            if (print.TimeNs >= _endNs)
            {
                break;
            }

            Take(in print, ref minute);
        }

        for (; nextNs < _endNs + StepNs; nextNs += StepNs)
        {
            EvaluateAt(nextNs, ref minute);
        }

        Close(_endNs, ref minute);
        return _minutes;
    }

    private void Take(in LiquidationStudy.Print print, ref Tally minute)
    {
        var lots = (long)Math.Max(1, print.Worth);
        _flow.Trade(print.Sign, lots, print.TimeNs);
        _trades.Add(print.Sign, lots, print.TimeNs);
        if (!print.IsForced)
        {
            return;
        }

        _flow.Add(print.Sign, lots, print.Worth, print.TimeNs);
        _branching.Add(print.TimeNs);
        minute.Orders += print.TimeNs >= _startNs ? 1 : 0;
        minute.Sold += print.TimeNs >= _startNs && print.Sign < 0 ? print.Worth : 0;
        minute.Bought += print.TimeNs >= _startNs && print.Sign > 0 ? print.Worth : 0;
        Evaluate(print.TimeNs);
    }

    private void EvaluateAt(long nowNs, ref Tally minute)
    {
        _flow.Pass(nowNs);
        _branching.Pass(nowNs);
        Evaluate(nowNs);
        if (nowNs % MinuteNs == 0)
        {
            Close(nowNs, ref minute);
        }
    }

    private void Evaluate(long nowNs)
    {
        _trades.EndEvent();
        _trades.At(nowNs, out var bought, out var sold);
        _ = _flow.Read(nowNs, out var forced);
        _ = _branching.Read(out _ratio, out _, out _);
        PerLeg legs = default;
        legs[(int)PressureLeg.Trades] = -SignedVolume.Imbalance(bought, sold);
        legs[(int)PressureLeg.Liquidations] = SellPressure.LiquidationLeg(
            forced.SoldPerSecond, forced.BoughtPerSecond, forced.UsualPerSecond);
        var valid = (bought + sold > 0 ? 1u << (int)PressureLeg.Trades : 0)
            | (forced.UsualPerSecond > 0 ? 1u << (int)PressureLeg.Liquidations : 0);
        var flags = _pressure.Evaluate(legs, valid, _regime.MayLearn, nowNs, out var values);
        var isValid = flags == ValidityFlags.None;
        _score = isValid ? values.Score : null;
        _soldPerSecond = forced.SoldNotionalPerSecond;
        _regime.Evaluate(
            new RegimeInputs(values.Score, forced.SoldShare, _ratio, 0, isValid, isValid),
            new RegimeInputs(-values.Score, forced.BoughtShare, _ratio, 0, isValid, isValid));
        _gravest = Gravity(_regime.State) > Gravity(_gravest) ? _regime.State : _gravest;
    }

    private void Close(long nowNs, ref Tally minute)
    {
        var startNs = Math.Max((nowNs - 1) / MinuteNs * MinuteNs, 0);
        if (nowNs > _startNs && (_minutes.Count == 0 || _minutes[^1].Time != LiquidationStudy.Text(startNs)))
        {
            _minutes.Add(new LiquidationMinute(
                LiquidationStudy.Text(startNs), minute.Orders, minute.Sold, minute.Bought, _soldPerSecond, _ratio,
                _score, _gravest.ToString()));
        }

        minute = default;
        _gravest = _regime.State;
    }

    private static int Gravity(Regime regime) => regime switch
    {
        Regime.Cascading => 3,
        Regime.Exhausted => 2,
        Regime.Pressured => 1,
        _ => 0,
    };

    private struct Tally
    {
        public int Orders;
        public double Sold;
        public double Bought;
    }
}
