using FlowEngine.Core;
using FlowEngine.Core.Time;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Encodes signals and hands them to Aeron. Signals are state: while Aeron pushes back, the newest value of each kind
/// replaces the one that waits, in its slot, and is counted as conflated. Messages of one instrument always leave in
/// sequence order, so that a consumer can tell conflation from loss. Engine thread only.
/// </summary>
public sealed class Egress : IDisposable
{
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(2);

    private readonly EngineState _state;
    private readonly SignalOutput _output;
    private readonly SignalEncoder _encoder;
    private readonly SignalSlots _slots;
    private readonly SignalDigest? _digest;
    private readonly StatusSource _status;
    private readonly ulong _epoch;
    private readonly Backlog _backlog;
    private readonly byte[] _scratch = new byte[Math.Max(
        InstrumentDirectoryReader.EncodedFixedLength, EngineStatusReader.EncodedFixedLength)];

    /// <summary>Takes the memory; publishes nothing yet.</summary>
    public Egress(
        EngineState state, EngineOptions options, EngineIdentity identity, SignalOutput output, SignalDigest? digest,
        StatusSource status)
    {
        _state = state;
        _output = output;
        _digest = digest;
        _status = status;
        _epoch = identity.Epoch;
        _encoder = new SignalEncoder(state, identity);
        _slots = new SignalSlots(options.InstrumentCapacity, SignalSlots.KindsOf(state.SetVersion));
        _backlog = new Backlog(options.InstrumentCapacity);
    }

    /// <summary>Publishes what goes out after every venue event: top of book and pressure.</summary>
    [Hot]
    public void PublishEvent(int instrumentId, bool timed)
    {
        var now = SystemClock.EpochNanosNow();
        _encoder.TopOfBook(Claim(instrumentId, SignalMessage.TopOfBook), instrumentId, timed);
        Send(instrumentId, SignalMessage.TopOfBook, now);
        _encoder.Pressure(Claim(instrumentId, SignalMessage.Pressure), instrumentId, timed);
        Send(instrumentId, SignalMessage.Pressure, now);
    }

    /// <summary>Publishes impact and liquidity.</summary>
    [Hot]
    public void PublishDepth(int instrumentId)
    {
        var now = SystemClock.EpochNanosNow();
        _encoder.Impact(Claim(instrumentId, SignalMessage.Impact), instrumentId);
        Send(instrumentId, SignalMessage.Impact, now);
        _encoder.Liquidity(Claim(instrumentId, SignalMessage.Liquidity), instrumentId);
        Send(instrumentId, SignalMessage.Liquidity, now);
    }

    /// <summary>Publishes the cascade inputs.</summary>
    [Hot]
    public void PublishCascade(int instrumentId)
    {
        _encoder.Cascade(Claim(instrumentId, SignalMessage.Cascade), instrumentId);
        Send(instrumentId, SignalMessage.Cascade, SystemClock.EpochNanosNow());
    }

    /// <summary>Publishes what happened behind the touch: after every venue event.</summary>
    [Hot]
    public void PublishDepthFlow(int instrumentId)
    {
        _encoder.DepthFlow(Claim(instrumentId, SignalMessage.DepthFlow), instrumentId);
        Send(instrumentId, SignalMessage.DepthFlow, SystemClock.EpochNanosNow());
    }

    /// <summary>Publishes score and feedback.</summary>
    [Hot]
    public void PublishScore(int instrumentId, bool timed)
    {
        var now = SystemClock.EpochNanosNow();
        _encoder.SellPressure(Claim(instrumentId, SignalMessage.SellPressure), instrumentId, timed);
        Send(instrumentId, SignalMessage.SellPressure, now);
        _encoder.Feedback(Claim(instrumentId, SignalMessage.Feedback), instrumentId, timed);
        Send(instrumentId, SignalMessage.Feedback, now);
    }

    /// <summary>Publishes the estimates of a second.</summary>
    [Hot]
    public void PublishEstimates(int instrumentId)
    {
        _encoder.Estimates(Claim(instrumentId, SignalMessage.Estimates), instrumentId);
        Send(instrumentId, SignalMessage.Estimates, SystemClock.EpochNanosNow());
    }

    /// <summary>Publishes fair value: after every venue event.</summary>
    [Hot]
    public void PublishFairValue(int instrumentId)
    {
        _encoder.FairValue(Claim(instrumentId, SignalMessage.FairValue), instrumentId);
        Send(instrumentId, SignalMessage.FairValue, SystemClock.EpochNanosNow());
    }

    /// <summary>Publishes excitation: with each score.</summary>
    [Hot]
    public void PublishExcitation(int instrumentId, bool timed)
    {
        _encoder.Excitation(Claim(instrumentId, SignalMessage.Excitation), instrumentId, timed);
        Send(instrumentId, SignalMessage.Excitation, SystemClock.EpochNanosNow());
    }

    /// <summary>Publishes shape and resilience of the book.</summary>
    [Hot]
    public void PublishShape(int instrumentId)
    {
        var now = SystemClock.EpochNanosNow();
        _encoder.BookShape(Claim(instrumentId, SignalMessage.BookShape), instrumentId);
        Send(instrumentId, SignalMessage.BookShape, now);
        _encoder.Resilience(Claim(instrumentId, SignalMessage.Resilience), instrumentId);
        Send(instrumentId, SignalMessage.Resilience, now);
    }

    /// <summary>Publishes what the catalogue says each second.</summary>
    [Hot]
    public void PublishCatalogueSecond(int instrumentId)
    {
        var now = SystemClock.EpochNanosNow();
        _encoder.Activity(Claim(instrumentId, SignalMessage.Activity), instrumentId);
        Send(instrumentId, SignalMessage.Activity, now);
        _encoder.PriceImpact(Claim(instrumentId, SignalMessage.PriceImpact), instrumentId);
        Send(instrumentId, SignalMessage.PriceImpact, now);
        _encoder.Leverage(Claim(instrumentId, SignalMessage.Leverage), instrumentId);
        Send(instrumentId, SignalMessage.Leverage, now);
        _encoder.LoopGains(Claim(instrumentId, SignalMessage.LoopGains), instrumentId);
        Send(instrumentId, SignalMessage.LoopGains, now);
        _encoder.Execution(Claim(instrumentId, SignalMessage.Execution), instrumentId);
        Send(instrumentId, SignalMessage.Execution, now);
    }

    /// <summary>
    /// Publishes the directory entry of a new instrument. Lost under back pressure: it is repeated each second.
    /// </summary>
    public void PublishDefinition(int instrumentId)
    {
        var message = _encoder.Directory(_scratch, instrumentId, epoch: 0);
        _digest?.Append(message);
        SendDirectory(instrumentId);
    }

    /// <summary>Sends directory entry and current state again, for subscribers that joined late.</summary>
    [Hot]
    public void Repeat(int instrumentId)
    {
        if (!_output.IsConnected)
        {
            return;
        }

        SendDirectory(instrumentId);
        for (var kind = 0; kind < _slots.Kinds; kind++)
        {
            var message = (SignalMessage)kind;
            var slot = _slots[instrumentId, message];
            if (ProvenanceLayout.SequenceOf(slot) == 0 || _backlog.IsPending(instrumentId, message))
            {
                continue;
            }

            if (_output.TryClaim(slot.Length, out var claim) != SendResult.Sent)
            {
                return;
            }

            slot.CopyTo(claim.Span);
            ProvenanceLayout.StampSent(claim.Span, SystemClock.EpochNanosNow(), ConflatedBefore(instrumentId, slot));
            ProvenanceLayout.MarkRepeat(claim.Span);
            claim.Commit();
            _state.Totals.Repeats++;
        }
    }

    /// <summary>Publishes how the engine does.</summary>
    public void PublishStatus()
    {
        var message = _encoder.Status(_scratch, _status, SystemClock.EpochNanosNow());
        SendUncounted(message);
    }

    /// <summary>Sends what had to wait, as far as Aeron takes it.</summary>
    /// <returns>Messages sent.</returns>
    [Hot]
    public int Flush()
    {
        var sent = 0;
        while (_backlog.TryPeek(out var instrumentId))
        {
            var message = OldestPending(instrumentId);
            var result = SendSlot(instrumentId, message, SystemClock.EpochNanosNow());
            if (result == SendResult.NotNow)
            {
                break;
            }

            _backlog.Sent(instrumentId, message);
            sent++;
        }

        return sent;
    }

    /// <summary>Gives waiting messages two seconds to leave; what is left then counts as conflated.</summary>
    public void Close()
    {
        var deadline = SystemClock.Nanos() + (s_closeTimeout.Ticks * 100);
        while (_backlog.TryPeek(out _) && SystemClock.Nanos() < deadline)
        {
            if (Flush() == 0)
            {
                Thread.Yield();
            }
        }

        while (_backlog.TryPeek(out var instrumentId))
        {
            _backlog.Sent(instrumentId, OldestPending(instrumentId));
            _state.Totals.Conflated++;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private Span<byte> Claim(int instrumentId, SignalMessage message)
    {
        _state.StateOf(instrumentId).Sequence++;
        _state.Totals.Evaluated++;
        return _slots[instrumentId, message];
    }

    private void Send(int instrumentId, SignalMessage message, long nowEpochNs)
    {
        var slot = _slots[instrumentId, message];
        _digest?.Append(slot);
        ProvenanceLayout.StampStored(slot, _epoch, _state.StateOf(instrumentId).ReceiveTime);
        if (!_backlog.IsEmpty)
        {
            Flush();
        }

        if (_backlog.IsPending(instrumentId, message))
        {
            _state.Totals.Conflated++;
            return;
        }

        // Behind what waits of the same instrument, or its messages would leave out of order.
        if (_backlog.HasPending(instrumentId) || SendSlot(instrumentId, message, nowEpochNs) == SendResult.NotNow)
        {
            _backlog.Add(instrumentId, message);
        }
    }

    private SendResult SendSlot(int instrumentId, SignalMessage message, long nowEpochNs)
    {
        var slot = _slots[instrumentId, message];
        var result = _output.TryClaim(slot.Length, out var claim);
        if (result == SendResult.NotNow)
        {
            return result;
        }

        var conflated = ConflatedBefore(instrumentId, slot);
        ref var instrument = ref _state.StateOf(instrumentId);
        instrument.Conflated = conflated;
        instrument.Sent++;
        if (result == SendResult.NoSubscriber)
        {
            _state.Totals.Unsubscribed++;
            return result;
        }

        slot.CopyTo(claim.Span);
        ProvenanceLayout.StampSent(claim.Span, nowEpochNs, conflated);
        claim.Commit();
        _state.Totals.Published++;
        return result;
    }

    // Messages leave in sequence order, so what came before this one and was not sent was replaced.
    private uint ConflatedBefore(int instrumentId, ReadOnlySpan<byte> slot)
    {
        ref var instrument = ref _state.StateOf(instrumentId);
        var sequence = ProvenanceLayout.SequenceOf(slot);
        return sequence > instrument.Sent ? (uint)(sequence - 1 - instrument.Sent) : instrument.Conflated;
    }

    private SignalMessage OldestPending(int instrumentId)
    {
        var oldest = SignalMessage.TopOfBook;
        var lowest = ulong.MaxValue;
        for (var kind = 0; kind < _slots.Kinds; kind++)
        {
            var message = (SignalMessage)kind;
            if (!_backlog.IsPending(instrumentId, message))
            {
                continue;
            }

            var sequence = ProvenanceLayout.SequenceOf(_slots[instrumentId, message]);
            if (sequence < lowest)
            {
                lowest = sequence;
                oldest = message;
            }
        }

        return oldest;
    }

    private void SendDirectory(int instrumentId) => SendUncounted(_encoder.Directory(_scratch, instrumentId, _epoch));

    private void SendUncounted(ReadOnlySpan<byte> message)
    {
        if (_output.TryClaim(message.Length, out var claim) == SendResult.Sent)
        {
            message.CopyTo(claim.Span);
            claim.Commit();
        }
    }
}
