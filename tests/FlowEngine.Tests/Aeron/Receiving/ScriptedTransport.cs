using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>A transport whose datagrams a test puts in and takes out.</summary>
internal sealed unsafe class ScriptedTransport(UdpAddress local) : IUdpTransport
{
    private readonly Queue<(byte[] Bytes, UdpAddress Source)> _inbox = new(1024);

    /// <summary>What was sent, while it is recorded.</summary>
    public List<(byte[] Bytes, UdpAddress Remote)> Sent { get; } = [];

    public bool Records { get; set; } = true;

    public bool IsDisposed { get; private set; }

    /// <summary>How many datagrams were sent, recorded or not.</summary>
    public int SentCount { get; private set; }

    public UdpAddress LocalAddress { get; } = local;

    public int SendBufferLength => 212992;

    public int ReceiveBufferLength => 212992;

    public void Deliver(byte[] bytes, UdpAddress source) => _inbox.Enqueue((bytes, source));

    public int Send(ReadOnlySpan<Datagram> datagrams, in UdpAddress remote)
    {
        foreach (var datagram in datagrams)
        {
            SentCount++;
            if (Records)
            {
                Sent.Add((new ReadOnlySpan<byte>(datagram.Pointer, datagram.Length).ToArray(), remote));
            }
        }

        return datagrams.Length;
    }

    public int Receive(DatagramBatch batch)
    {
        batch.Count = 0;
        while (batch.Count < batch.Capacity && _inbox.TryDequeue(out var datagram))
        {
            var index = batch.Count++;
            datagram.Bytes.CopyTo(new Span<byte>(batch.Pointer(index), datagram.Bytes.Length));
            batch.Length(index) = datagram.Bytes.Length;
            batch.Source(index) = datagram.Source;
        }

        return batch.Count;
    }

    public void Dispose() => IsDisposed = true;
}
