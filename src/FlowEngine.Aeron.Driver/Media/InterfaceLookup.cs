using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// Finds the interface of a channel: <c>interface=address[/prefix]</c>, <c>address:port</c>, <c>{name}</c> or
/// <c>{name}:port</c>; none is every interface for unicast, and the best for multicast.
/// </summary>
internal readonly struct InterfaceLookup(
    ChannelUri uri, INameResolver resolver, Func<IReadOnlyList<LocalInterface>> interfaces)
{
    private const string Key = "interface";

    /// <summary>Address and index of it; index 0 is the system's choice.</summary>
    /// <exception cref="CommandException">There is no such interface, or the text is none.</exception>
    public (UdpAddress Address, int Index) Find(bool isIPv6, bool isMulticast)
    {
        var any = isIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        return uri[Key] switch
        {
            null when isMulticast => ByAddress(any, 0, 0),
            null => (UdpAddress.From(new IPEndPoint(any, 0)), 0),
            { } text when text.StartsWith('{') => ByName(text, isIPv6),
            { } text => ByText(text, isMulticast),
        };
    }

    private (UdpAddress Address, int Index) ByText(string text, bool isMulticast)
    {
        if (!AddressText.TryParse(text, out var parsed))
        {
            throw UdpChannel.Invalid(uri, $"{Key}={text} is not address, address/prefix, address:port or {{name}}");
        }

        var family = parsed.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        if (!resolver.TryResolve(parsed.Host, out var all)
            || Array.Find(all, a => a.AddressFamily == family) is not { } address)
        {
            throw new CommandException(ErrorCode.UnknownHost, $"{Key}={text} has an unknown host: {uri}");
        }

        var port = parsed.Port ?? 0;
        return !isMulticast && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? (UdpAddress.From(new IPEndPoint(address, port)), 0)
            : ByAddress(address, parsed.PrefixLength ?? (parsed.IsIPv6 ? 128 : 32), port);
    }

    private (UdpAddress Address, int Index) ByAddress(IPAddress address, int prefixLength, int port) =>
        LocalInterface.Find(interfaces(), address, prefixLength) is { } found
            ? (UdpAddress.From(new IPEndPoint(found.Address, port)), found.Index)
            : throw UdpChannel.Invalid(uri, $"no interface that is up matches {address}/{prefixLength}");

    private (UdpAddress Address, int Index) ByName(string text, bool isIPv6)
    {
        var close = text.LastIndexOf('}');
        var rest = close < 0 ? "" : text[(close + 1)..];
        ushort port = 0;
        if (close < 2 || (rest.Length > 0 && (rest[0] != ':' || !ushort.TryParse(rest.AsSpan(1), out port))))
        {
            throw UdpChannel.Invalid(uri, $"{Key}={text} is not {{name}} or {{name}}:port");
        }

        var name = text[1..close];
        var family = isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var named = interfaces().Where(i => i.Name == name).ToArray();
        return Array.Find(named, i => i.Address.AddressFamily == family) is { } found
            ? (UdpAddress.From(new IPEndPoint(found.Address, port)), found.Index)
            : throw UdpChannel.Invalid(uri, named.Length == 0
                ? $"there is no interface {name} that is up"
                : $"interface {name} has no {(isIPv6 ? "IPv6" : "IPv4")} address");
    }
}
