using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>
/// What a value of a set does when lots are multiplied, prices shifted or the market mirrored; NaN: nothing that could
/// be said exactly.
/// </summary>
internal sealed record SetFigure(double LotExponent = 0, bool IsOdd = false, bool Mirrors = true, bool Shifts = true);

/// <summary>Plays scripts through touch and set, and reads every public value of the set by reflection.</summary>
internal static class SetTape
{
    private const double Unsaid = double.NaN;

    /// <summary>Every value that a set publishes, by its path.</summary>
    public static readonly Dictionary<string, SetFigure> Figures = new()
    {
        ["DepthFlow.LevelFlowSums"] = new(1, IsOdd: true),
        ["DepthFlow.Withdrawal.Bid.AddedLots"] = new(1),
        ["DepthFlow.Withdrawal.Bid.CancelledLots"] = new(1),
        ["DepthFlow.Withdrawal.Bid.CancelRatio"] = new(),
        ["DepthFlow.Withdrawal.Bid.Balance"] = new(),
        ["DepthFlow.Withdrawal.Bid.NetLotsPerSecond"] = new(1),
        ["DepthFlow.Withdrawal.Ask.AddedLots"] = new(1),
        ["DepthFlow.Withdrawal.Ask.CancelledLots"] = new(1),
        ["DepthFlow.Withdrawal.Ask.CancelRatio"] = new(),
        ["DepthFlow.Withdrawal.Ask.Balance"] = new(),
        ["DepthFlow.Withdrawal.Ask.NetLotsPerSecond"] = new(1),
        ["DepthFlow.Withdrawal.Direction"] = new(IsOdd: true),
        ["DepthFlow.Withdrawal.BothSides"] = new(),
        ["DepthFlow.BidRefill.AddedLots"] = new(1),
        ["DepthFlow.BidRefill.TakenLots"] = new(1),
        ["DepthFlow.BidRefill.Ratio"] = new(),
        ["DepthFlow.AskRefill.AddedLots"] = new(1),
        ["DepthFlow.AskRefill.TakenLots"] = new(1),
        ["DepthFlow.AskRefill.Ratio"] = new(),
        ["Score.Composite.Score"] = new(IsOdd: true),
        ["Score.Composite.Raw"] = new(IsOdd: true),
        ["Score.Composite.Contributions"] = new(IsOdd: true),
        ["Score.Composite.Deviations"] = new(IsOdd: true),
        ["Score.Composite.Coverage"] = new(),
        ["Score.Composite.Scale"] = new(),
        ["Score.IntegratedOfi"] = new(IsOdd: true),
        ["Score.BandImbalance"] = new(IsOdd: true),
        ["Score.Regime"] = new(),
        ["Score.Direction"] = new(IsOdd: true),
        ["Score.Fall"] = new(),
        ["Score.Squeeze"] = new(),
        ["Score.CorrelationVersion"] = new(),
        ["Feedback.Fall.ForcedPerSecond"] = new(1),
        ["Feedback.Fall.ForcedPerSecondUpper"] = new(1),
        ["Feedback.Fall.ForcedShare"] = new(),
        ["Feedback.Fall.BranchingShort"] = new(),
        ["Feedback.Fall.BranchingMiddle"] = new(),
        ["Feedback.Fall.BranchingLong"] = new(),
        ["Feedback.Fall.LoopGain"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Fall.GainBandQuanta"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Fall.CriticalShockLots"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Fall.FinalPrice"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Fall.RefilledPrice"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Fall.RefilledAmplification"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Squeeze.ForcedPerSecond"] = new(1),
        ["Feedback.Squeeze.ForcedPerSecondUpper"] = new(1),
        ["Feedback.Squeeze.ForcedShare"] = new(),
        ["Feedback.Squeeze.BranchingShort"] = new(),
        ["Feedback.Squeeze.BranchingMiddle"] = new(),
        ["Feedback.Squeeze.BranchingLong"] = new(),
        ["Feedback.Squeeze.LoopGain"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Squeeze.GainBandQuanta"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Squeeze.CriticalShockLots"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Squeeze.FinalPrice"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Squeeze.RefilledPrice"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.Squeeze.RefilledAmplification"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.UsualForcedPerSecond"] = new(1),
        ["Feedback.Fano"] = new(),
        ["Feedback.MapPrecision"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Feedback.MapRecall"] = new(Unsaid, Mirrors: false, Shifts: false),
        ["Estimates.LevelOfi"] = new(IsOdd: true),
        ["Estimates.MeanDepth"] = new(1),
        ["Estimates.Vpin"] = new(Unsaid),
        ["Estimates.VpinBucketLots"] = new(Unsaid),
        ["Estimates.VpinRank"] = new(Unsaid),
        ["Estimates.VpinRanked"] = new(Unsaid),
        ["Estimates.Intensity.Fast.TradesPerSecond"] = new(),
        ["Estimates.Intensity.Fast.LotsPerSecond"] = new(1),
        ["Estimates.Intensity.Fast.SellLotsPerSecond"] = new(1, Mirrors: false),
        ["Estimates.Intensity.Middle.TradesPerSecond"] = new(),
        ["Estimates.Intensity.Middle.LotsPerSecond"] = new(1),
        ["Estimates.Intensity.Middle.SellLotsPerSecond"] = new(1, Mirrors: false),
        ["Estimates.Intensity.Slow.TradesPerSecond"] = new(),
        ["Estimates.Intensity.Slow.LotsPerSecond"] = new(1),
        ["Estimates.Intensity.Slow.SellLotsPerSecond"] = new(1, Mirrors: false),
        ["Estimates.Intensity.Burst"] = new(),
        ["Estimates.Kyle.Slope"] = new(-1),
        ["Estimates.Kyle.OriginSlope"] = new(-1),
        ["Estimates.Kyle.RSquared"] = new(),
        ["Estimates.Kyle.EffectiveSamples"] = new(),
        ["Estimates.Kyle.Flags"] = new(),
        ["Estimates.TransientLoad"] = new(0.5, IsOdd: true),
        ["Estimates.WeightsVersion"] = new(),
    };

    /// <summary>Bands that hold all of a script's levels: what lies at their edge does not depend on the mid.</summary>
    public static readonly SetOptions Options = new()
    {
        WithdrawalBandBps = 10_000,
        ScoreWarmUpNs = 1,
        BranchingWindowNs = 50_000_000,
        Leverages = [20, 100, 400],
        LeverageShares = [0.2, 0.3, 0.5],
        Maintenance = 0.0024,
        SeedShare = 0.5,
        LoopBandBps = 500,
    };

    private static readonly SignalOptions s_touch = new() { BandBps = [2_500, 5_000, 7_500, 10_000] };

    public static (InstrumentSignals Touch, SetSignals Set) Start(ContractKind contract = ContractKind.Unknown)
    {
        Instrument instrument = Fixtures.AnInstrument() with { Contract = contract };
        var touch = new InstrumentSignals(s_touch, instrument);
        return (touch, new SetSignals(Options, s_touch, instrument, touch));
    }

    public static List<Dictionary<string, double>> Play(
        VenueEvent[] script, long lotUnit = 1, int readsBetween = 0, ContractKind contract = ContractKind.Unknown)
    {
        (InstrumentSignals touch, SetSignals set) = Start(contract);
        var book = new DictionaryBook();
        var all = new List<Dictionary<string, double>>();
        long now = Script.StartNs;
        for (int i = 0; i < script.Length; i++)
        {
            now += script[i].DtNs;
            Step(touch, set, book, script[i], now, (10_000 + i * 7 % 13 * 50) * lotUnit);
            all.Add(Read(set));
            for (int j = 0; j < readsBetween; j++)
            {
                _ = Read(set);
            }
        }

        return all;
    }

    public static void Step(
        InstrumentSignals touch, SetSignals set, DictionaryBook book, VenueEvent e, long now, long openInterest)
    {
        foreach (Trade trade in e.Trades)
        {
            MarketEvent print = Fixtures.Print(trade.Price, trade.Lots, trade.Side, now, trade.Flags, trade.Kind);
            touch.OnTrade(print, new BookSide(book.BidLevels()), new BookSide(book.AskLevels()));
            set.OnTrade(print);
        }

        foreach (Change change in e.Changes)
        {
            book.Apply(change);
        }

        var bids = new BookSide(book.BidLevels());
        var asks = new BookSide(book.AskLevels());
        set.OnReference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = openInterest });
        touch.Evaluate(bids, asks, e.Book, now, e.Reprime);
        _ = set.Evaluate(bids, asks);
        set.CloseSecond();
        set.EvaluateScore(bids, asks);
    }

    /// <summary>Every number of the set's values by its path, elements of arrays with their index.</summary>
    public static Dictionary<string, double> Read(SetSignals set)
    {
        var values = new Dictionary<string, double>();
        ValueFields.Flatten(nameof(set.DepthFlow), set.DepthFlow, values);
        ValueFields.Flatten(nameof(set.Score), set.Score, values);
        ValueFields.Flatten(nameof(set.Feedback), set.Feedback, values);
        ValueFields.Flatten(nameof(set.Estimates), set.Estimates, values);
        return values;
    }

    /// <summary>The same value in the mirror: sides change places.</summary>
    public static string MirrorOf(string name) => name
        .Replace("Fall", "#", StringComparison.Ordinal)
        .Replace("Squeeze", "Fall", StringComparison.Ordinal)
        .Replace("#", "Squeeze", StringComparison.Ordinal)
        .Replace("Bid", "#", StringComparison.Ordinal)
        .Replace("Ask", "Bid", StringComparison.Ordinal)
        .Replace("#", "Ask", StringComparison.Ordinal);
}
