using FlowEngine.Messages.Signals;

namespace FlowEngine.Client;

/// <summary>
/// What an execution system does with signals: override what it needs. All members are called by the thread that polls,
/// in the order of the stream. Messages are views over Aeron's buffer: read them, do not keep them.
/// </summary>
public abstract class SignalHandler
{
    /// <summary>
    /// An instrument is known now; called once per epoch, before its first signal is seen or soon after.
    /// </summary>
    public virtual void OnInstrument(SignalInstrument instrument)
    {
    }

    /// <summary>Best levels.</summary>
    public virtual void OnTopOfBook(in TopOfBookReader message)
    {
    }

    /// <summary>Imbalance, order flow and signed volume.</summary>
    public virtual void OnPressure(in PressureReader message)
    {
    }

    /// <summary>Sweep costs.</summary>
    public virtual void OnImpact(in ImpactReader message)
    {
    }

    /// <summary>Spread and depth.</summary>
    public virtual void OnLiquidity(in LiquidityReader message)
    {
    }

    /// <summary>Liquidations, open interest, mark, index, funding.</summary>
    public virtual void OnCascade(in CascadeReader message)
    {
    }

    /// <summary>What happened behind the touch; not in set touch, like the three below.</summary>
    public virtual void OnDepthFlow(in DepthFlowReader message)
    {
    }

    /// <summary>Score with its contributions, and the regime.</summary>
    public virtual void OnSellPressure(in SellPressureReader message)
    {
    }

    /// <summary>Forced trades, branching, loop gain.</summary>
    public virtual void OnFeedback(in FeedbackReader message)
    {
    }

    /// <summary>Estimates of a second.</summary>
    public virtual void OnEstimates(in EstimatesReader message)
    {
    }

    /// <summary>Where the price belongs, absorption, sweeps; only in set full, like the eight below.</summary>
    public virtual void OnFairValue(in FairValueReader message)
    {
    }

    /// <summary>The shape of the book.</summary>
    public virtual void OnBookShape(in BookShapeReader message)
    {
    }

    /// <summary>Recovery, maker stress, what became of lots that left.</summary>
    public virtual void OnResilience(in ResilienceReader message)
    {
    }

    /// <summary>Self-excitation, and the course of a cascade.</summary>
    public virtual void OnExcitation(in ExcitationReader message)
    {
    }

    /// <summary>Volatility, volume, trade sizes.</summary>
    public virtual void OnActivity(in ActivityReader message)
    {
    }

    /// <summary>What trades do to the price.</summary>
    public virtual void OnPriceImpact(in PriceImpactReader message)
    {
    }

    /// <summary>Open interest and funding.</summary>
    public virtual void OnLeverage(in LeverageReader message)
    {
    }

    /// <summary>The loops through which a move comes back as flow, and their sum.</summary>
    public virtual void OnLoopGains(in LoopGainsReader message)
    {
    }

    /// <summary>What an order of a usual minute's volume would cost over time, and beside a pool.</summary>
    public virtual void OnExecution(in ExecutionReader message)
    {
    }

    /// <summary>
    /// The book of an instrument lost updates, or has healed: called with the first message that says so, before the
    /// message's own method.
    /// </summary>
    public virtual void OnGap(int instrumentId, bool isOpen)
    {
    }

    /// <summary>An instrument fell silent for longer than the engine's limit, or speaks again.</summary>
    public virtual void OnStale(int instrumentId, bool isStale)
    {
    }

    /// <summary>
    /// The regime of an instrument changed, or is not calm when first heard of.
    /// </summary>
    /// <param name="instrumentId">Whose.</param>
    /// <param name="from">Before; calm when first heard of.</param>
    /// <param name="to">Now.</param>
    /// <param name="direction">1 a fall, -1 a squeeze, 0 while calm.</param>
    public virtual void OnRegime(int instrumentId, Regime from, Regime to, int direction)
    {
    }

    /// <summary>How the engine does; every second.</summary>
    public virtual void OnEngineStatus(in EngineStatusReader message)
    {
    }

    /// <summary>
    /// Newer values replaced <paramref name="count"/> older ones of an instrument before they were sent.
    /// </summary>
    public virtual void OnConflated(int instrumentId, long count)
    {
    }

    /// <summary>Messages of an instrument were lost on the way; the next value is whole all the same.</summary>
    public virtual void OnLost(int instrumentId, long count)
    {
    }

    /// <summary>Another engine speaks from here: ids, sums and sequences start over.</summary>
    public virtual void OnEpoch(ulong epoch)
    {
    }
}
