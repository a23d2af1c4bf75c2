namespace FlowEngine.Aeron.Driver.Media;

/// <summary>How a transport is to be opened.</summary>
internal readonly record struct TransportOptions
{
    /// <summary>Address to bind; port 0 lets the system choose.</summary>
    public required UdpAddress Bind { get; init; }

    /// <summary>Only peer, told to the system so that it routes once and not per datagram; else none.</summary>
    public UdpAddress? Connect { get; init; }

    /// <summary>Group to join for receiving.</summary>
    public UdpAddress? JoinGroup { get; init; }

    /// <summary>Index of the interface multicast goes through; 0 is the system's choice.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>Address of that interface.</summary>
    public UdpAddress? InterfaceAddress { get; init; }

    /// <summary>Hops of multicast datagrams; 0 is the system's default.</summary>
    public int Ttl { get; init; }

    /// <summary>SO_SNDBUF in bytes; 0 leaves the system's default.</summary>
    public int SendBufferLength { get; init; }

    /// <summary>SO_RCVBUF in bytes; 0 leaves the system's default.</summary>
    public int ReceiveBufferLength { get; init; }

    /// <summary>
    /// Told of errors that are none of refused, interrupted and full, and of buffers smaller than asked; on the thread
    /// that opens, sends or receives. Null throws them away.
    /// </summary>
    public Action<string>? OnError { get; init; }

    /// <summary>Which way its data goes, for a fault layer: true sends data and receives control.</summary>
    public required bool IsSender { get; init; }
}
