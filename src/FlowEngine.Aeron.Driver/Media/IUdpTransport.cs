namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// One bound, non-blocking datagram socket, or what stands for it in a simulation. One thread. Refused, interrupted
/// and full are no errors: they count as not sent, or as nothing received.
/// </summary>
internal interface IUdpTransport : IDisposable
{
    /// <summary>Address it is bound to, with the port the system chose if 0 was asked.</summary>
    UdpAddress LocalAddress { get; }

    /// <summary>SO_SNDBUF as the system has it, bytes; Linux counts its own overhead in.</summary>
    int SendBufferLength { get; }

    /// <summary>SO_RCVBUF as the system has it, bytes; Linux counts its own overhead in.</summary>
    int ReceiveBufferLength { get; }

    /// <summary>Sends datagrams to one address, in order.</summary>
    /// <returns>How many were taken; fewer than given is a short send.</returns>
    int Send(ReadOnlySpan<Datagram> datagrams, in UdpAddress remote);

    /// <summary>
    /// Its only peer has another address now: where the system knows the peer, nobody else would be heard.
    /// </summary>
    void Reconnect(in UdpAddress peer)
    {
    }

    /// <summary>Fills <paramref name="batch"/> from its start with what has arrived.</summary>
    /// <returns>How many, also in <see cref="DatagramBatch.Count"/>; 0 if nothing.</returns>
    int Receive(DatagramBatch batch);
}

/// <summary>Opens transports: sockets, or a simulated network.</summary>
internal interface IUdpNetwork
{
    /// <summary>Opens and binds.</summary>
    /// <exception cref="CommandException">It cannot be bound, joined or sized so; the message says why.</exception>
    IUdpTransport Open(in TransportOptions options);
}
