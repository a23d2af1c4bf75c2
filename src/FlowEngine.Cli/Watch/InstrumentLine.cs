using FlowEngine.Client;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Cli.Watch;

/// <summary>Newest values of one instrument in the units of the wire. Polling thread only.</summary>
internal sealed class InstrumentLine
{
    private const double ActivityHalfLifeSeconds = 10;
    private const int MaxDecimals = 12;

    private readonly long _seenNs;
    private long _countAtView;
    private double _activity;
    private long _viewedNs;

    /// <summary>An instrument without values.</summary>
    /// <param name="seenNs">Monotonic time of its first message.</param>
    public InstrumentLine(long seenNs)
    {
        _seenNs = seenNs;
        _viewedNs = seenNs;
    }

    /// <summary>What the id stands for; null until the directory names it.</summary>
    public SignalInstrument? Instrument { get; set; }

    /// <summary>New values so far.</summary>
    public long Count { get; set; }

    /// <summary>Monotonic time of the newest new value; null when only repeats came.</summary>
    public long? NewestNs { get; set; }

    public Validity BookFlags { get; set; }

    public Validity PressureFlags { get; set; }

    public Validity ImpactFlags { get; set; }

    public long? BidQuanta { get; set; }

    public long? AskQuanta { get; set; }

    public double? Imbalance { get; set; }

    public double? OrderFlow { get; set; }

    public double? TradeImbalance { get; set; }

    /// <summary>The middle one of the engine's five sizes; null before the first value.</summary>
    public long? SweepLots { get; set; }

    public double SellBps { get; set; }

    public double BuyBps { get; set; }

    public bool SellFills { get; set; }

    public bool BuyFills { get; set; }

    /// <summary>Null where the engine's set has no score.</summary>
    public double? Score { get; set; }

    public Validity ScoreFlags { get; set; }

    public Regime Regime { get; set; }

    public int Direction { get; set; }

    public double SellGain { get; set; }

    public double BuyGain { get; set; }

    /// <summary>Of the seven legs, + is sell.</summary>
    public double[] Contributions { get; } = new double[SellPressureReader.ContributionsLength];

    /// <summary>
    /// How lively the instrument is, in steps of two: so coarse that rows do not change places all the time. Call once
    /// a view.
    /// </summary>
    public int ActivityRank(long nowNs)
    {
        var seconds = (nowNs - _viewedNs) / 1e9;
        _activity = (_activity * Math.Pow(0.5, seconds / ActivityHalfLifeSeconds)) + (Count - _countAtView);
        _countAtView = Count;
        _viewedNs = nowNs;
        return _activity < 1 ? 0 : (int)Math.Log2(_activity) + 1;
    }

    /// <summary>The row for the table. The instrument must be known.</summary>
    public WatchRow ToRow(long nowNs)
    {
        var instrument = Instrument!;
        return new WatchRow
        {
            Symbol = instrument.Symbol,
            PriceDecimals = DecimalsOf(instrument.PriceQuantum),
            Bid = BidQuanta * instrument.PriceQuantum,
            Ask = AskQuanta * instrument.PriceQuantum,
            Imbalance = Imbalance,
            OrderFlow = OrderFlow,
            TradeImbalance = TradeImbalance,
            Sweep = SweepLots is { } lots
                ? new SweepCost(lots * instrument.Lot, SellBps, BuyBps, SellFills, BuyFills)
                : null,
            Pressure = Score is { } score
                ? new PressureScore(
                    score,
                    (ScoreFlags & (Validity.Warmup | Validity.LowSamples | Validity.Stale)) == 0,
                    Regime,
                    Direction,
                    score >= 0 ? SellGain : BuyGain,
                    [.. Contributions])
                : null,
            Flags = BookFlags | PressureFlags | ImpactFlags,
            AgeSeconds = (nowNs - (NewestNs ?? _seenNs)) / 1e9,
            IsAgeLowerBound = NewestNs is null,
        };
    }

    /// <summary>
    /// Decimals that show a multiple of <paramref name="quantum"/> exactly: 0.5 needs one, 0.0025 four.
    /// </summary>
    internal static int DecimalsOf(double quantum)
    {
        for (var decimals = 0; decimals < MaxDecimals; decimals++)
        {
            var scaled = quantum * Math.Pow(10, decimals);
            if (scaled >= 0.5 && Math.Abs(scaled - Math.Round(scaled)) < 1e-6 * scaled)
            {
                return decimals;
            }
        }

        return MaxDecimals;
    }
}
