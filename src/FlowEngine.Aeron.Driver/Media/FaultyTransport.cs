namespace FlowEngine.Aeron.Driver.Media;

/// <summary>A transport with faults in both directions. Not hot: it exists to be measured through, not with.</summary>
internal sealed unsafe class FaultyTransport : IUdpTransport
{
    private const int BatchCapacity = 4;
    private const int ReadyCapacity = 64;

    private readonly IUdpTransport _inner;
    private readonly FaultDice _sendDice;
    private readonly FaultDice _receiveDice;
    private readonly HeldDatagrams _heldSend = new();
    private readonly HeldDatagrams _heldReceive = new();
    private readonly DatagramBatch _received = new(BatchCapacity);
    private readonly DatagramBatch _ready = new(ReadyCapacity);
    private int _readyFirst;

    public FaultyTransport(IUdpTransport inner, FaultPlan plan, int seed)
    {
        _inner = inner;
        _sendDice = new FaultDice(plan, isSend: true, seed);
        _receiveDice = new FaultDice(plan, isSend: false, unchecked(seed ^ 0x5bd1e995));
    }

    /// <inheritdoc/>
    public UdpAddress LocalAddress => _inner.LocalAddress;

    /// <inheritdoc/>
    public int SendBufferLength => _inner.SendBufferLength;

    /// <inheritdoc/>
    public int ReceiveBufferLength => _inner.ReceiveBufferLength;

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<Datagram> datagrams, in UdpAddress remote)
    {
        for (var i = 0; i < datagrams.Length; i++)
        {
            var datagram = datagrams[i];
            var bytes = new ReadOnlySpan<byte>(datagram.Pointer, datagram.Length);
            var fault = _sendDice.Throw(bytes, _heldSend.HasRoom);
            if (fault == Fault.HoldBack)
            {
                _heldSend.Add(bytes, remote, _sendDice.Delay());
                continue;
            }

            if (fault != Fault.Lose && _inner.Send(datagrams.Slice(i, 1), remote) == 0)
            {
                return i;
            }

            if (fault == Fault.Duplicate)
            {
                _inner.Send(datagrams.Slice(i, 1), remote);
            }

            _heldSend.OnPassed();
            SendDue();
        }

        return datagrams.Length;
    }

    /// <inheritdoc/>
    public void Reconnect(in UdpAddress peer) => _inner.Reconnect(peer);

    /// <inheritdoc/>
    public int Receive(DatagramBatch batch)
    {
        _heldSend.OnPoll();
        SendDue();
        _heldReceive.OnPoll();
        if (_ready.Count == _readyFirst)
        {
            _ready.Count = 0;
            _readyFirst = 0;
            Fill();
        }

        var count = 0;
        while (count < batch.Capacity && _readyFirst < _ready.Count)
        {
            Put(batch, count++, _ready.Bytes(_readyFirst), _ready.Source(_readyFirst));
            _readyFirst++;
        }

        batch.Count = count;
        return count;
    }

    public void Dispose()
    {
        _inner.Dispose();
        _heldSend.Dispose();
        _heldReceive.Dispose();
        _received.Dispose();
        _ready.Dispose();
    }

    // A batch of four, each of it twice, and all that is held: less than there is room for.
    private void Fill()
    {
        var count = _inner.Receive(_received);
        for (var i = 0; i < count; i++)
        {
            var bytes = _received.Bytes(i);
            var fault = _receiveDice.Throw(bytes, _heldReceive.HasRoom);
            if (fault == Fault.HoldBack)
            {
                _heldReceive.Add(bytes, _received.Source(i), _receiveDice.Delay());
                continue;
            }

            for (var copies = fault switch { Fault.Lose => 0, Fault.Duplicate => 2, _ => 1 }; copies > 0; copies--)
            {
                Put(_ready, _ready.Count++, bytes, _received.Source(i));
            }

            _heldReceive.OnPassed();
            ReceiveDue();
        }

        ReceiveDue();
    }

    private void ReceiveDue()
    {
        while (_heldReceive.TryTake(out var datagram, out var source))
        {
            Put(_ready, _ready.Count++, new ReadOnlySpan<byte>(datagram.Pointer, datagram.Length), source);
        }
    }

    private void SendDue()
    {
        while (_heldSend.TryTake(out var datagram, out var remote))
        {
            _inner.Send(new ReadOnlySpan<Datagram>(in datagram), remote);
        }
    }

    private static void Put(DatagramBatch batch, int slot, ReadOnlySpan<byte> bytes, in UdpAddress source)
    {
        bytes.CopyTo(new Span<byte>(batch.Pointer(slot), DatagramBatch.SlotLength));
        batch.Length(slot) = bytes.Length;
        batch.Source(slot) = source;
    }
}
