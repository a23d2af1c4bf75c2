using FlowEngine.Client;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Cli.Watch;

/// <summary>Keeps the newest values of every instrument on a signal stream. Polling thread only.</summary>
internal class SignalBoard : SignalHandler
{
    private readonly Dictionary<int, InstrumentLine> _lines = [];

    /// <summary>Monotonic time of the poll under way: the receipt time of its messages.</summary>
    public long NowNs { get; set; }

    /// <summary>What the engine last said of itself.</summary>
    public EngineHealth? Engine { get; private set; }

    /// <summary>All instruments of the running epoch that are known by name.</summary>
    public IEnumerable<InstrumentLine> Lines => _lines.Values.Where(line => line.Instrument is not null);

    /// <inheritdoc/>
    public override void OnInstrument(SignalInstrument instrument) =>
        LineOf((uint)instrument.Id).Instrument = instrument;

    /// <inheritdoc/>
    public override void OnTopOfBook(in TopOfBookReader message)
    {
        var line = Touch(message.Provenance);
        line.BookFlags = message.Provenance.Validity;
        line.BidQuanta = message.BidPriceIsNull ? null : message.BidPrice;
        line.AskQuanta = message.AskPriceIsNull ? null : message.AskPrice;
    }

    /// <inheritdoc/>
    public override void OnPressure(in PressureReader message)
    {
        var line = Touch(message.Provenance);
        line.PressureFlags = message.Provenance.Validity;
        line.Imbalance = message.Imbalance5;
        line.OrderFlow = message.OfiNormalised;
        line.TradeImbalance = message.TradeImbalance;
    }

    /// <inheritdoc/>
    public override void OnImpact(in ImpactReader message)
    {
        const int MiddleSize = ImpactReader.SizesLength / 2;
        var line = Touch(message.Provenance);
        var size = message.Sizes(MiddleSize);
        line.ImpactFlags = message.Provenance.Validity;
        line.SweepLots = size;
        line.SellBps = message.SellSlippageBps(MiddleSize);
        line.BuyBps = message.BuySlippageBps(MiddleSize);
        line.SellFills = message.SellFilled(MiddleSize) >= size;
        line.BuyFills = message.BuyFilled(MiddleSize) >= size;
    }

    /// <inheritdoc/>
    public override void OnLiquidity(in LiquidityReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnCascade(in CascadeReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnDepthFlow(in DepthFlowReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnSellPressure(in SellPressureReader message)
    {
        var line = Touch(message.Provenance);
        line.ScoreFlags = message.Provenance.Validity;
        line.Score = message.Score;
        line.Regime = message.Regime;
        line.Direction = message.Direction;
        for (var leg = 0; leg < SellPressureReader.ContributionsLength; leg++)
        {
            line.Contributions[leg] = message.Contributions(leg);
        }
    }

    /// <inheritdoc/>
    public override void OnFeedback(in FeedbackReader message)
    {
        var line = Touch(message.Provenance);
        line.SellGain = message.SellLoopGain;
        line.BuyGain = message.BuyLoopGain;
    }

    /// <inheritdoc/>
    public override void OnEstimates(in EstimatesReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnFairValue(in FairValueReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnBookShape(in BookShapeReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnResilience(in ResilienceReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnExcitation(in ExcitationReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnActivity(in ActivityReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnPriceImpact(in PriceImpactReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnLeverage(in LeverageReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnLoopGains(in LoopGainsReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnExecution(in ExecutionReader message) => Touch(message.Provenance);

    /// <inheritdoc/>
    public override void OnEngineStatus(in EngineStatusReader message) => Engine = new EngineHealth(
        message.Events,
        message.CompleteBooks,
        message.Gaps,
        message.Recoveries,
        message.CrossedBooks,
        message.Damaged,
        message.RingFull);

    /// <inheritdoc/>
    public override void OnEpoch(ulong epoch)
    {
        _lines.Clear();
        Engine = null;
    }

    private InstrumentLine Touch(ProvenanceReader provenance)
    {
        var line = LineOf(provenance.InstrumentId);
        if ((provenance.Delivery & Delivery.Repeat) == 0)
        {
            line.Count++;
            line.NewestNs = NowNs;
        }

        return line;
    }

    private InstrumentLine LineOf(uint instrumentId)
    {
        var id = (int)instrumentId;
        if (!_lines.TryGetValue(id, out var line))
        {
            line = new InstrumentLine(NowNs);
            _lines.Add(id, line);
        }

        return line;
    }
}
