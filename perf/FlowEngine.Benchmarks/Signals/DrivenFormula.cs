using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Benchmarks.Signals;

/// <summary>One formula, fed and read as often as the engine may: after each print and each venue event.</summary>
internal abstract class DrivenFormula
{
    private const long Second = 1_000_000_000;
    private const int Levels = 1000;

    private static readonly HalfLife s_half = new(10 * Second);

    /// <summary>Makes one by its name in signals.md; "none" costs the books alone.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tick">Quanta of a tick.</param>
    public static DrivenFormula Make(string name, int tick) => name switch
    {
        "none" => new None(),
        "B1" => new Look((book, in touch, _) =>
        {
            PerBandLots reach = default;
            for (var i = 0; i < SignalWidths.Bands; i++)
            {
                reach[i] = VolumeImbalance.Reach2(10 * (i + 1), touch.Mid2);
            }

            VolumeImbalance.Measure(book.Bids, -1, touch.Mid2, reach, Levels, out var bid);
            VolumeImbalance.Measure(book.Asks, 1, touch.Mid2, reach, Levels, out var ask);
            return VolumeImbalance.Of(bid.Bands[1], ask.Bands[1]);
        }),
        "B2" => new Look((book, in _, _) =>
        {
            DecayedImbalance.Weigh(book.Bids, new HalfLife(5L * tick), 20, out var bid);
            DecayedImbalance.Weigh(book.Asks, new HalfLife(5L * tick), 20, out var ask);
            return DecayedImbalance.Of(bid, ask);
        }),
        "B3" => new Look((book, in _, _) =>
        {
            BookDensity.Measure(book.Bids, tick, 16, out var bid);
            BookDensity.Measure(book.Asks, tick, 16, out var ask);
            return bid.Density - ask.Density;
        }),
        "B4" => new Look((_, in touch, _) => WeightedMid.Of(touch)),
        "B6" => new NextMove(tick),
        "B7" => new Look((book, in touch, _) =>
        {
            DepthSlope.Measure(book.Bids, touch.Mid2, 20, out var bid);
            DepthSlope.Measure(book.Asks, touch.Mid2, 20, out var ask);
            return bid - ask;
        }),
        "B8 B9" => new Levelled(tick),
        "B10" => new Steps(),
        "F1" => new Flow(),
        "F2 F3" => new LevelFlows(),
        "F5" => new Signed(),
        "F6" => new Ticks(),
        "F7" => new Toxicity(),
        "F8" => new Intensity(),
        "F9" => new Score(),
        "F10" => new Sweep(),
        "M1" => new Look((book, in touch, _) =>
        {
            PerSizeLots sizes = Sizes(touch);
            SweepCost.Walk(book.Bids, -1, sizes, touch, Levels, out var sell);
            SweepCost.Walk(book.Asks, 1, sizes, touch, Levels, out var buy);
            return sell[4].Vwap - buy[4].Vwap;
        }),
        "M2" => new Look((book, in touch, _) =>
        {
            PerSizeLots sizes = Sizes(touch);
            ImpactCurve.Walk(book.Bids, sizes, Levels, out var bids);
            ImpactCurve.Walk(book.Asks, sizes, Levels, out var asks);
            ImpactCurve.Fit(sizes, bids, out var law);
            return law.Exponent + asks[0];
        }),
        "M8" => new Left(),
        "M11" => new Spreads(),
        "L1" => new Forced(),
        "L3" => new Branching(),
        "L6" => new Loop(tick),
        _ => throw new ArgumentException($"no formula '{name}'", nameof(name)),
    };

    /// <summary>A print of sign 1, -1 or 0.</summary>
    public virtual void Trade(int sign, long price, long lots, long nowNs)
    {
    }

    /// <summary>The end of a venue event: moves on and reads.</summary>
    public abstract double Step(InstrumentBook book, in TouchState touch, long nowNs);

    private static PerSizeLots Sizes(in TouchState touch)
    {
        PerSizeLots sizes = default;
        for (var i = 0; i < SignalWidths.Sizes; i++)
        {
            sizes[i] = Math.Max(1, touch.BidLots + touch.AskLots) << i;
        }

        return sizes;
    }

    private delegate double Formula(InstrumentBook book, in TouchState touch, long nowNs);

    private sealed class None : DrivenFormula
    {
        public override double Step(InstrumentBook book, in TouchState touch, long nowNs) => touch.Spread;
    }

    private sealed class Look(Formula formula) : DrivenFormula
    {
        public override double Step(InstrumentBook book, in TouchState touch, long nowNs) =>
            formula(book, touch, nowNs);
    }

    private sealed class NextMove(int tick) : DrivenFormula
    {
        private QueueImbalance _queue = new(s_half, tick);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _queue.Set(touch, nowNs);
            _queue.Read(touch, QueueWeights.Default, nowNs, out var up);
            return up;
        }
    }

    private sealed class Levelled(int tick) : DrivenFormula
    {
        private readonly BookDifference _difference = new(32);
        private readonly TradeAttribution _attribution = new(tradesFollow: false);
        private RefillRatio _refill = new(s_half, 5L * tick);
        private Withdrawal _withdrawal = new(s_half, 10);
        private bool _primed;

        public override void Trade(int sign, long price, long lots, long nowNs)
        {
            if (sign != 0 && _attribution.Trade(sign < 0 ? Side.Bid : Side.Ask, price, lots, nowNs, out var flow))
            {
                _withdrawal.Add(flow, 2 * price, nowNs);
            }
        }

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            if (!_primed)
            {
                _primed = true;
                _difference.Prime(book.Bids, book.Asks);
            }

            _difference.Step(book.Bids, book.Asks);
            foreach (ref readonly var step in _difference.Steps)
            {
                if (_attribution.Change(step, nowNs, out var flow))
                {
                    _withdrawal.Add(flow, touch.Mid2, nowNs);
                    _refill.Add(flow, flow.Side == Side.Bid ? touch.BidPrice : touch.AskPrice, nowNs);
                }
            }

            while (_attribution.TryExpire(nowNs, out _))
            {
            }

            _ = _refill.Read(Side.Bid, nowNs, out var bid);
            _ = _refill.Read(Side.Ask, nowNs, out var ask);
            _ = _withdrawal.Read(nowNs, out var lines);
            return lines.Direction + bid.Ratio + ask.Ratio;
        }
    }

    private sealed class Steps : DrivenFormula
    {
        private QuoteSteps _steps = new(s_half);
        private TimeWeightedSpread _spread = new(s_half);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _steps.Step(touch, nowNs);
            _spread.Set(touch, nowNs);
            return _steps.At(nowNs).DownStepShare + _spread.At(nowNs);
        }
    }

    private sealed class Flow : DrivenFormula
    {
        private OrderFlowImbalance _ofi = new(s_half, s_half);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _ofi.Step(touch, nowNs);
            return _ofi.Decayed(nowNs) / _ofi.AverageDepth(nowNs);
        }
    }

    private sealed class LevelFlows : DrivenFormula
    {
        private MultiLevelOfi _levels;
        private IntegratedOfi _integrated = new(OfiLevels.Count);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _levels.Step(book.Bids, book.Asks);
            _integrated.Add(_levels.Event, _levels.DepthLots, _levels.FirstChanged, _levels.EndChanged);
            return _levels.Sum[9];
        }
    }

    private sealed class Signed : DrivenFormula
    {
        private SignedVolume _volume = new(s_half);

        public override void Trade(int sign, long price, long lots, long nowNs) => _volume.Add(sign, lots, nowNs);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _volume.EndEvent();
            _volume.At(nowNs, out var buy, out var sell);
            return SignedVolume.Imbalance(buy, sell);
        }
    }

    private sealed class Ticks : DrivenFormula
    {
        private TickVolume _volume = new(s_half);

        public override void Trade(int sign, long price, long lots, long nowNs) => _volume.Add(price, lots, nowNs);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _volume.EndEvent();
            _volume.At(nowNs, out var up, out var down);
            return TickVolume.DownShare(up, down);
        }
    }

    private sealed class Toxicity : DrivenFormula
    {
        private readonly Vpin _vpin = new(50, 10_000);

        public override void Trade(int sign, long price, long lots, long nowNs) => _vpin.Trade(sign, lots);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _ = _vpin.Read(out var vpin);
            return vpin;
        }
    }

    private sealed class Intensity : DrivenFormula
    {
        private TradeIntensity _intensity = new(new HalfLife(Second), s_half, new HalfLife(60 * Second));

        public override void Trade(int sign, long price, long lots, long nowNs) => _intensity.Add(sign, lots, nowNs);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _ = _intensity.Read(nowNs, out var lines);
            return lines.Burst;
        }
    }

    private sealed class Score : DrivenFormula
    {
        private SellPressure _pressure;

        public Score()
        {
            PerLeg floors = default;
            floors[..].Fill(0.01);
            _pressure = new SellPressure(s_half, PerLeg.DefaultWeights, floors, Second);
        }

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            PerLeg legs = default;
            legs[0] = touch.BidLots - touch.AskLots;
            legs[1] = touch.Spread;
            _ = _pressure.Evaluate(legs, 0x7F, learn: true, nowNs, out var values);
            return values.Score;
        }
    }

    private sealed class Sweep : DrivenFormula
    {
        private Sweeps _sweeps = new(s_half);

        public override void Trade(int sign, long price, long lots, long nowNs) =>
            _sweeps.Add(sign, price, lots, nowNs);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _sweeps.EndEvent(touch.BidLots, touch.AskLots);
            _sweeps.Read(-1, nowNs, out var count, out _);
            return count;
        }
    }

    private sealed class Left : DrivenFormula
    {
        private TransientImpact _impact = new(PropagatorKernel.PowerLaw(0, ImpactShape.SquareRoot, 1, 0.5, 1));

        public override void Trade(int sign, long price, long lots, long nowNs) => _impact.Trade(sign, lots, nowNs);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs) => _impact.At(nowNs);
    }

    private sealed class Spreads : DrivenFormula
    {
        private readonly EffectiveSpread _spread = new(s_half, 256, 100_000_000, Second);
        private long _mid2;

        public override void Trade(int sign, long price, long lots, long nowNs)
        {
            if (_mid2 > 0)
            {
                _spread.Add(new Markout(sign, price, lots, _mid2, _mid2, nowNs));
            }
        }

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _mid2 = touch.HasBoth ? touch.Mid2 : 0;
            _spread.Set(_mid2, nowNs);
            _ = _spread.ReadEffective(out var effective);
            return effective;
        }
    }

    private sealed class Forced : DrivenFormula
    {
        private readonly LiquidationFlow _flow = new(s_half, s_half, 60);

        public override void Trade(int sign, long price, long lots, long nowNs)
        {
            _flow.Trade(sign, lots, nowNs);
            _flow.Add(sign, lots, lots, nowNs);
        }

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _flow.Pass(nowNs);
            _ = _flow.Read(nowNs, out var lines);
            return lines.SoldShare;
        }
    }

    private sealed class Branching : DrivenFormula
    {
        private readonly BranchingRatio _ratio = new(Second, 64);

        public override void Trade(int sign, long price, long lots, long nowNs) => _ratio.Add(nowNs);

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            _ratio.Pass(nowNs);
            _ = _ratio.Read(out var ratio, out _, out _);
            return ratio;
        }
    }

    private sealed class Loop(int tick) : DrivenFormula
    {
        private readonly LiquidationLevel[] _forced = new LiquidationLevel[16];

        public override double Step(InstrumentBook book, in TouchState touch, long nowNs)
        {
            for (var i = 0; i < _forced.Length; i++)
            {
                _forced[i] = new LiquidationLevel(touch.BidPrice - (tick * (2L + (3 * i))), touch.BidLots);
            }

            _ = LoopGain.Scan(book.Bids, _forced, -1, 50L * tick, out var gain, out _);
            _ = CriticalShock.Find(book.Bids, _forced, -1, CascadeRules.Default, out var lots);
            return gain + lots;
        }
    }
}
