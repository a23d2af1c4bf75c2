using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// The slowest receiver sets the pace: min flow control counts all receivers, tagged only those whose status messages
/// bear its tag. Receivers that are silent for too long, or say that they go, no longer count.
/// </summary>
internal sealed class GroupFlowControl : IFlowControl
{
    private const long None = -1;

    private readonly FlowControlOptions _options;
    private readonly int _receiverWindowLength;
    private readonly AtomicCounter _counter;
    private Receiver[] _receivers = new Receiver[8];
    private int _count;
    private bool _hasRequiredReceivers;
    private bool _isSetupElicited;
    private long _heldLimit = None;
    private long _heldUntilNs;

    /// <param name="options">Tag, least number of receivers, their timeout.</param>
    /// <param name="receiverWindowLength">Window receivers start with, bytes.</param>
    /// <param name="counter">Shows how many receivers count.</param>
    public GroupFlowControl(FlowControlOptions options, int receiverWindowLength, AtomicCounter counter)
    {
        _options = options;
        _receiverWindowLength = receiverWindowLength;
        _counter = counter;
        _hasRequiredReceivers = options.GroupMinSize == 0;
    }

    /// <inheritdoc/>
    // Pairs with the release in OnReceiversChanged.
    public bool HasRequiredReceivers => Volatile.Read(ref _hasRequiredReceivers);

    /// <inheritdoc/>
    public AtomicCounter Receivers => _counter;

    /// <inheritdoc/>
    public long OnStatusMessage(in StatusFrame frame, long position, long senderLimit, long nowNs)
    {
        var windowEnd = position + frame.WindowLength;
        var isEnding = (frame.Flags & StatusFrame.EndOfStreamFlag) != 0;
        var counts = Counts(frame);
        var isKnown = counts && TryUpdate(frame, position, windowEnd, isEnding, nowNs);
        var min = SlowestWindowEnd(nowNs);

        // One far behind would stop the others: it has to catch up by NAKs first.
        if (counts && !isKnown && !isEnding && (_count == 0 || windowEnd >= min - frame.WindowLength))
        {
            Add(new Receiver(frame.ReceiverId, position, windowEnd, nowNs));
            min = Math.Min(min, windowEnd);
        }

        if (_count < _options.GroupMinSize)
        {
            return senderLimit;
        }

        return Math.Max(senderLimit, _count == 0 ? windowEnd : min);
    }

    /// <inheritdoc/>
    public void OnSetupElicited(in StatusFrame frame) => _isSetupElicited |= Counts(frame);

    /// <inheritdoc/>
    public void OnSetup(long senderLimit, long nowNs)
    {
        // The newcomer will join where the stream is now: without this the others would carry it away before it does.
        if (_isSetupElicited && _count > 0)
        {
            _heldLimit = senderLimit;
            _heldUntilNs = nowNs + _options.ReceiverTimeoutNs;
        }

        _isSetupElicited = false;
    }

    /// <inheritdoc/>
    public long OnIdle(long senderLimit, long nowNs)
    {
        var before = _count;
        for (var i = _count - 1; i >= 0; i--)
        {
            ref var receiver = ref _receivers[i];
            if (receiver.IsEnding || nowNs - receiver.LastNs > _options.ReceiverTimeoutNs)
            {
                receiver = _receivers[--_count];
            }
        }

        if (_count != before)
        {
            OnReceiversChanged();
        }

        return _count == 0 || _count < _options.GroupMinSize ? senderLimit : SlowestWindowEnd(nowNs);
    }

    /// <inheritdoc/>
    public void OnError(long receiverId)
    {
        foreach (ref var receiver in _receivers.AsSpan(0, _count))
        {
            receiver.IsEnding |= receiver.Id == receiverId;
        }
    }

    /// <inheritdoc/>
    public int MaxRetransmitLength(int termOffset, int length, int termLength) => FlowControl.RetransmitLength(
        termOffset, length, termLength, _receiverWindowLength, _options.RetransmitWindows);

    private bool Counts(in StatusFrame frame) => !_options.IsTagged || frame.GroupTag == _options.GroupTag;

    private bool TryUpdate(in StatusFrame frame, long position, long windowEnd, bool isEnding, long nowNs)
    {
        foreach (ref var receiver in _receivers.AsSpan(0, _count))
        {
            if (receiver.Id == frame.ReceiverId)
            {
                receiver.Position = Math.Max(receiver.Position, position);
                receiver.WindowEnd = windowEnd;
                receiver.LastNs = nowNs;
                receiver.IsEnding = isEnding;
                return true;
            }
        }

        return false;
    }

    private long SlowestWindowEnd(long nowNs)
    {
        if (_heldLimit != None && nowNs - _heldUntilNs > 0)
        {
            _heldLimit = None;
        }

        var min = _heldLimit == None ? long.MaxValue : _heldLimit;
        foreach (ref readonly var receiver in _receivers.AsSpan(0, _count))
        {
            min = Math.Min(min, receiver.WindowEnd);
        }

        return min;
    }

    private void Add(in Receiver receiver)
    {
        if (_count == _receivers.Length)
        {
            Array.Resize(ref _receivers, _count * 2);
        }

        _receivers[_count++] = receiver;
        _heldLimit = None;
        OnReceiversChanged();
    }

    private void OnReceiversChanged()
    {
        // Pairs with HasRequiredReceivers in the conductor.
        Volatile.Write(ref _hasRequiredReceivers, _count >= _options.GroupMinSize);
        if (_counter.IsValid)
        {
            _counter.Set(_count);
        }
    }

    private struct Receiver(long id, long position, long windowEnd, long lastNs)
    {
        public readonly long Id = id;
        public long Position = position;
        public long WindowEnd = windowEnd;
        public long LastNs = lastNs;
        public bool IsEnding;
    }
}
