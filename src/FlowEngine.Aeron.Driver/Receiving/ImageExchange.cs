using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>What conductor and receiver tell each other about an image; each field has one writer.</summary>
internal sealed class ImageExchange
{
    private const long NoResponseSession = long.MinValue;

    private long _responseSessionId = NoResponseSession;
    private byte[]? _rejectionText;
    private bool _isSendingEndOfStream;
    private bool _isStatusRequested;
    private int _state;
    private bool _isEndOfStream;
    private long _lastPacketNs;

    public ImageExchange(StatusTarget initial, long nowNs)
    {
        Status = new Handover<StatusTarget>(initial);
        _lastPacketNs = nowNs;
    }

    /// <summary>Conductor to receiver: the next status message.</summary>
    public Handover<StatusTarget> Status { get; }

    /// <summary>Conductor to receiver: what is missing.</summary>
    public Handover<Gap> Loss { get; } = new(default);

    /// <summary>Conductor to receiver; pairs with itself: no other field goes with it.</summary>
    public ImageState State
    {
        get => (ImageState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    /// <summary>Conductor to receiver: status messages say that this receiver goes.</summary>
    public bool IsSendingEndOfStream
    {
        get => Volatile.Read(ref _isSendingEndOfStream);
        set => Volatile.Write(ref _isSendingEndOfStream, value);
    }

    /// <summary>Receiver to conductor: all senders have said where the stream ends.</summary>
    public bool IsEndOfStream
    {
        // Pairs with the setter: whoever sees it sees the end of stream position in the log.
        get => Volatile.Read(ref _isEndOfStream);
        set => Volatile.Write(ref _isEndOfStream, value);
    }

    /// <summary>Receiver to conductor: when the last packet came.</summary>
    public long LastPacketNs
    {
        get => Volatile.Read(ref _lastPacketNs);
        set => Volatile.Write(ref _lastPacketNs, value);
    }

    /// <summary>Conductor to receiver: why the stream is refused, ASCII; null while it is not.</summary>
    public byte[]? RejectionText
    {
        // Pairs with the setter: the bytes are written before the reference.
        get => Volatile.Read(ref _rejectionText);
        set => Volatile.Write(ref _rejectionText, value);
    }

    /// <summary>Conductor to receiver: session that answers this one, or null.</summary>
    public int? ResponseSessionId
    {
        get
        {
            var id = Volatile.Read(ref _responseSessionId);
            return id == NoResponseSession ? null : (int)id;
        }

        set => Volatile.Write(ref _responseSessionId, value ?? NoResponseSession);
    }

    /// <summary>Asks for a status message in the receiver's next duty cycle. Conductor's thread.</summary>
    public void RequestStatus() => Volatile.Write(ref _isStatusRequested, true);

    /// <summary>Whether one was asked for since the last call. Receiver's thread.</summary>
    [Hot]
    public bool TakeStatusRequest()
    {
        // Pairs with RequestStatus: what the conductor wrote before it is seen.
        if (!Volatile.Read(ref _isStatusRequested))
        {
            return false;
        }

        Volatile.Write(ref _isStatusRequested, false);
        return true;
    }
}
