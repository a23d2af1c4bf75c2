using System.Net;
using System.Net.NetworkInformation;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>One address of an interface of this machine that is up.</summary>
internal sealed record LocalInterface(
    string Name, int Index, bool IsLoopback, bool SupportsMulticast, IPAddress Address, int PrefixLength)
{
    /// <summary>Those of this machine, as they are now.</summary>
    public static IReadOnlyList<LocalInterface> All()
    {
        var all = new List<LocalInterface>();
        foreach (var adapter in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (adapter.OperationalStatus is OperationalStatus.Down or OperationalStatus.NotPresent)
            {
                continue;
            }

            var properties = adapter.GetIPProperties();
            foreach (var unicast in properties.UnicastAddresses)
            {
                all.Add(new LocalInterface(
                    adapter.Name,
                    IndexOf(adapter, properties, unicast.Address.AddressFamily),
                    adapter.NetworkInterfaceType == NetworkInterfaceType.Loopback,
                    adapter.SupportsMulticast,
                    unicast.Address,
                    unicast.PrefixLength));
            }
        }

        return all;
    }

    /// <summary>
    /// The one whose address begins with the first <paramref name="prefixLength"/> bits of
    /// <paramref name="address"/>: of those that can multicast the one with the narrowest net, else loopback.
    /// </summary>
    public static LocalInterface? Find(IEnumerable<LocalInterface> all, IPAddress address, int prefixLength)
    {
        LocalInterface? found = null;
        foreach (var candidate in all.Where(i => Matches(i.Address, address, prefixLength)))
        {
            var isBetter = found is null
                ? candidate.IsLoopback || candidate.SupportsMulticast
                : candidate.SupportsMulticast && (found.IsLoopback || candidate.PrefixLength > found.PrefixLength);
            found = isBetter ? candidate : found;
        }

        return found;
    }

    private static bool Matches(IPAddress left, IPAddress right, int prefixLength)
    {
        if (left.AddressFamily != right.AddressFamily)
        {
            return false;
        }

        var (a, b) = (left.GetAddressBytes(), right.GetAddressBytes());
        var whole = prefixLength / 8;
        var rest = prefixLength % 8;
        return a.AsSpan(0, whole).SequenceEqual(b.AsSpan(0, whole))
            && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
    }

    private static int IndexOf(
        NetworkInterface adapter, IPInterfaceProperties properties, System.Net.Sockets.AddressFamily family) =>
        family == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? adapter.Supports(NetworkInterfaceComponent.IPv6) ? properties.GetIPv6Properties().Index : 0
            : adapter.Supports(NetworkInterfaceComponent.IPv4) ? properties.GetIPv4Properties().Index : 0;
}
