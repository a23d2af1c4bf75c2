namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// The system's sockets: by batch calls on Linux, else by .NET's. <paramref name="portable"/> takes .NET's everywhere.
/// Errors go to <paramref name="onError"/> on any thread, unless the options name somebody else.
/// </summary>
internal sealed class SocketNetwork(Action<string>? onError = null, bool portable = false) : IUdpNetwork
{
    /// <inheritdoc/>
    public IUdpTransport Open(in TransportOptions options)
    {
        var told = options.OnError is null ? options with { OnError = onError } : options;
        var sockets = SocketPair.Open(told);
        return OperatingSystem.IsLinux() && !portable
            ? new LinuxTransport(sockets, told)
            : new PortableTransport(sockets, told);
    }
}
