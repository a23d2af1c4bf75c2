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
