using FlowEngine.Aeron;
using FlowEngine.Core;
using FlowEngine.Core.Time;
using FlowEngine.Disruptor;
using FlowEngine.Feeds;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// Turns venue packets into events in the ring, capture time into timer events, and what slow work found into runs of
/// parameters. Refuses a packet while the ring
/// lacks room for it or a calibration has to come first, so that the caller stops reading and the transport pushes
/// back: nothing is dropped. Ingress thread only.
/// </summary>
public sealed class Ingress : IControlledFragmentHandler
{
    private readonly RingBuffer<MarketEvent> _ring;
    private readonly InstrumentTable _instruments;
    private readonly ParameterFeed? _parameters;
    private RingSink _sink;
    private CaptureClock _captureClock;

    /// <summary>Set-up: an ingress that is the only producer of <paramref name="ring"/>.</summary>
    /// <param name="ring">Where events go.</param>
    /// <param name="instruments">Appended to.</param>
    /// <param name="parameters">Where parameters come from; null for nowhere.</param>
    public Ingress(RingBuffer<MarketEvent> ring, InstrumentTable instruments, ParameterFeed? parameters = null)
    {
        _parameters = parameters;
        _ring = ring;
        _instruments = instruments;
        _sink = new RingSink(ring);
        Decoder = new FeedDecoder(instruments);
    }

    /// <summary>The decoder, for its counters.</summary>
    public FeedDecoder Decoder { get; }

    /// <summary>Events published to the ring.</summary>
    public long Events { get; private set; }

    /// <summary>Times a packet had to wait for room in the ring.</summary>
    public long RingFull { get; private set; }

    /// <summary>Bytes this thread allocated for set-up work: definitions of instruments, reading a file,
    /// calibrating.</summary>
    public long SetUpBytes { get; set; }

    /// <summary>The last packet offered had to wait: it is still to be taken.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Takes one Aeron message: a venue packet in its envelope.</summary>
    /// <returns>False when the ring lacks room or is held: offer the same message again later.</returns>
    [Hot]
    public bool TryAccept(ReadOnlySpan<byte> message)
    {
        var taken = TryTake(message);
        if (!taken && !IsWaiting && _parameters is not { IsHolding: true })
        {
            RingFull++;
        }

        IsWaiting = !taken;
        return taken;
    }

    /// <summary>
    /// Emits parameters that are there, and the timers that are due by the monotonic clock while the feed is idle. Not
    /// called under a digest.
    /// </summary>
    /// <returns>Timers emitted.</returns>
    [Hot]
    public int TickWhileIdle(long nowNs)
    {
        var ticks = 0;
        while (TryPassParameters() && _captureClock.IsDueWhileIdle(nowNs) && _ring.HasAvailableCapacity(1))
        {
            EmitTimer();
            ticks++;
        }

        return ticks;
    }

    /// <summary>Whether the ring takes one event now.</summary>
    [Hot]
    public bool HasRoom => _ring.HasAvailableCapacity(1);

    /// <summary>Puts a question into the ring; ask <see cref="HasRoom"/> first.</summary>
    /// <param name="instrumentId">About which instrument.</param>
    /// <param name="number">The question's number.</param>
    [Hot]
    public void Ask(int instrumentId, long number)
    {
        ref var question = ref _sink.Next();
        question.Kind = EventKind.CostRequest;
        question.InstrumentId = instrumentId;
        question.Id = (ulong)number;
        Events += _sink.Flush();
    }

    /// <inheritdoc/>
    [Hot]
    public ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
        TryAccept(payload) ? ControlledPollAction.Continue : ControlledPollAction.Abort;

    private bool TryTake(ReadOnlySpan<byte> message)
    {
        if (FeedDecoder.TryReadCaptureTime(message, out var captureTime))
        {
            _captureClock.OnPacket(captureTime, SystemClock.Nanos());
            if (!TryTick(captureTime))
            {
                return false;
            }
        }

        if (!_ring.HasAvailableCapacity(FeedLimits.MaxEventsPerPacket))
        {
            return false;
        }

        var instruments = _instruments.Count;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Decoder.Decode(message, SystemClock.EpochNanosNow(), ref _sink);
        if (_instruments.Count != instruments)
        {
            SetUpBytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Events += _sink.Flush();
        return true;
    }

    private bool TryTick(long captureTime)
    {
        while (TryPassParameters())
        {
            if (!_captureClock.IsDue(captureTime))
            {
                return true;
            }

            if (!_ring.HasAvailableCapacity(1))
            {
                return false;
            }

            EmitTimer();
        }

        return false;
    }

    private bool TryPassParameters()
    {
        if (_parameters is null)
        {
            return true;
        }

        if (!_parameters.IsHolding)
        {
            _ = _parameters.TryPass(_ring, ref _sink);
            Events += _sink.Flush();
            return true;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isFree = _parameters.TryPass(_ring, ref _sink);
        SetUpBytes += GC.GetAllocatedBytesForCurrentThread() - before;
        Events += _sink.Flush();
        return isFree;
    }

    private void EmitTimer()
    {
        ref var timer = ref _sink.Next();
        timer.Kind = EventKind.Timer;
        timer.InstrumentId = -1;
        timer.Flags = EventFlags.EndOfEvent;
        timer.VenueTime = _captureClock.NextBoundary;
        timer.ReceiveTime = _captureClock.NextBoundary;
        Events += _sink.Flush();
        _parameters?.OnTimer(_captureClock.NextBoundary);
        _captureClock.Advance();
    }
}
