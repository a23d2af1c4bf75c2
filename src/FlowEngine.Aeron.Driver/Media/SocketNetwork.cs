namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// The system's sockets: by batch calls on Linux, else by .NET's. <paramref name="portable"/> takes .NET's everywhere.
/// </summary>
internal sealed class SocketNetwork(bool portable = false) : IUdpNetwork
{
    /// <inheritdoc/>
    public IUdpTransport Open(in TransportOptions options)
    {
        var sockets = SocketPair.Open(options);
        return OperatingSystem.IsLinux() && !portable
            ? new LinuxTransport(sockets, options)
            : new PortableTransport(sockets, options);
    }
}
