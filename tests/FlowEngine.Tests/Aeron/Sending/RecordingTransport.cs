using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>A transport that keeps what is sent, and gives what a test puts in.</summary>
internal sealed class RecordingTransport(UdpAddress local) : IUdpTransport
{
    private readonly Queue<(byte[] Bytes, UdpAddress Source)> _arriving = [];

    /// <summary>What was sent, in order.</summary>
    public List<(byte[] Bytes, UdpAddress Remote)> Sent { get; } = [];

    /// <summary>Whether what is sent is kept; otherwise only counted.</summary>
    public bool IsRecording { get; set; } = true;

    /// <summary>Datagrams sent.</summary>
    public long SentCount { get; private set; }

    /// <summary>How many more datagrams it takes before it is full.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>Polls that were made.</summary>
    public int Polls { get; private set; }

    /// <summary>Whether something has arrived that was not received yet.</summary>
    public bool HasArriving => _arriving.Count > 0;

    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public UdpAddress LocalAddress => local;

    /// <inheritdoc/>
    public int SendBufferLength => 0;

    /// <inheritdoc/>
    public int ReceiveBufferLength => 0;

    public void Arrive(byte[] bytes, UdpAddress source) => _arriving.Enqueue((bytes, source));

    /// <inheritdoc/>
    public unsafe int Send(ReadOnlySpan<Datagram> datagrams, in UdpAddress remote)
    {
        var taken = 0;
        foreach (var datagram in datagrams)
        {
            if (Room == 0)
            {
                break;
            }

            Room -= Room == int.MaxValue ? 0 : 1;
            taken++;
            SentCount++;
            if (IsRecording)
            {
                Sent.Add((new ReadOnlySpan<byte>(datagram.Pointer, datagram.Length).ToArray(), remote));
            }
        }

        return taken;
    }

    /// <inheritdoc/>
    public unsafe int Receive(DatagramBatch batch)
    {
        Polls++;
        var count = 0;
        while (count < batch.Capacity && _arriving.TryDequeue(out var datagram))
        {
            datagram.Bytes.CopyTo(new Span<byte>(batch.Pointer(count), DatagramBatch.SlotLength));
            batch.Length(count) = datagram.Bytes.Length;
            batch.Source(count) = datagram.Source;
            count++;
        }

        batch.Count = count;
        return count;
    }

    public void Dispose() => IsDisposed = true;
}
