using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>The system's names: hosts file, DNS. Blocks while it asks.</summary>
internal sealed class DnsResolver : INameResolver
{
    private DnsResolver()
    {
    }

    /// <summary>The one instance.</summary>
    public static DnsResolver Instance { get; } = new();

    /// <inheritdoc/>
    public bool TryResolve(string host, out IPAddress[] addresses)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            addresses = [address];
            return true;
        }

        try
        {
            addresses = Dns.GetHostAddresses(host);
            return addresses.Length > 0;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            addresses = [];
            return false;
        }
    }
}
