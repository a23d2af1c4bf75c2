using FlowEngine.Aeron;
using FlowEngine.Client;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Messages.Signals;
using HdrHistogram;

namespace FlowEngine.Cli.Run;

/// <summary>
/// The execution system's end in <c>demo</c> and <c>replay</c>: a tethered subscriber on a thread of its own that
/// counts what arrives and measures how late each top of book is. Repeats and timed messages have no due time and are
/// not measured.
/// </summary>
internal sealed class SignalProbe : SignalHandler, IAgent
{
    private const int FragmentLimit = 64;
    private const long LongestNanos = 60_000_000_000;
    private const int SignificantDigits = 3;

    private readonly LongHistogram _nanos = new(LongestNanos, SignificantDigits);
    private readonly Func<TopOfBookReader, long> _dueTime;
    private volatile bool _isMeasuring;

    /// <summary>A probe on a subscription of the signal stream.</summary>
    /// <param name="subscription">The stream.</param>
    /// <param name="dueTime">When the event behind a message was due, nanoseconds since epoch.</param>
    public SignalProbe(Subscription subscription, Func<TopOfBookReader, long> dueTime)
    {
        Signals = new SignalSubscription(subscription, this);
        _dueTime = dueTime;
    }

    /// <inheritdoc/>
    public string Name => "signal-probe";

    /// <summary>What was received, conflated and lost.</summary>
    public SignalSubscription Signals { get; }

    /// <summary>Values measured.</summary>
    public long Measured => _nanos.TotalCount;

    /// <summary>Percentiles; after the probe has stopped.</summary>
    public LatencyMicros Latency => LatencyMicros.Of(_nanos);

    /// <summary>Latency counts from here.</summary>
    public void MeasureFromNow() => _isMeasuring = true;

    /// <inheritdoc/>
    public int DoWork(long nowNs) => Signals.Poll(FragmentLimit);

    /// <summary>Reads what was sent before the stop.</summary>
    public void OnClose()
    {
        while (Signals.Poll(FragmentLimit) > 0)
        {
        }
    }

    /// <inheritdoc/>
    public override void OnTopOfBook(in TopOfBookReader message)
    {
        if (!_isMeasuring || message.Provenance.Delivery != Delivery.None)
        {
            return;
        }

        var nanos = SystemClock.EpochNanosNow() - _dueTime(message);
        _nanos.RecordValue(Math.Clamp(nanos, 0, LongestNanos));
    }
}
