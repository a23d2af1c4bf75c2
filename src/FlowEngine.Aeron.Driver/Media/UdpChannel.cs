using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// A UDP channel with its names and interfaces resolved and its rules checked. Immutable: resolving again makes a new
/// one.
/// </summary>
internal sealed class UdpChannel
{
    private static int s_nextSuffix;

    private UdpChannel(ChannelUri uri) => Uri = uri;

    /// <summary>The channel as it was given.</summary>
    public ChannelUri Uri { get; }

    /// <summary>Identity of its endpoint: <c>UDP-local-remote</c>, with a suffix where it is unique.</summary>
    public string CanonicalForm { get; private init; } = "";

    public bool IsMulticast => RemoteData.IsMulticast;

    public ControlMode ControlMode { get; private init; }

    /// <summary>Whether it has many receivers: manual or dynamic.</summary>
    public bool IsMultiDestination => ControlMode is ControlMode.Manual or ControlMode.Dynamic;

    /// <summary>Whether a publication on it is received by a group: multicast, manual or dynamic.</summary>
    public bool HasGroupSemantics => IsMulticast || IsMultiDestination;

    public bool HasExplicitEndpoint => Uri["endpoint"] is not null;

    /// <summary>Whether a control address was given, and heeded: a multicast channel has its own.</summary>
    public bool HasExplicitControl => Uri["control"] is not null && !IsMulticast;

    /// <summary>First of the tags: the endpoint.</summary>
    public long? ChannelTag { get; private init; }

    /// <summary>Second of the tags: the publication or subscription.</summary>
    public long? EntityTag { get; private init; }

    /// <summary>Tag its receivers put in their status messages.</summary>
    public long? GroupTag { get; private init; }

    /// <summary>Where a publication's data goes; what a subscription binds, or the group it joins.</summary>
    public UdpAddress RemoteData { get; private init; }

    /// <summary>What a publication binds: an interface with port 0 if not given, or the control address.</summary>
    public UdpAddress LocalData { get; private init; }

    /// <summary>Where control frames go: control group, the publisher's control address, or endpoint.</summary>
    public UdpAddress RemoteControl { get; private init; }

    /// <summary>Control address a publication binds; equals <see cref="LocalData"/>.</summary>
    public UdpAddress LocalControl => LocalData;

    /// <summary>Address of the interface, with a port only if one was given.</summary>
    public UdpAddress InterfaceAddress { get; private init; }

    /// <summary>Index of the interface; 0 is the system's choice.</summary>
    public int InterfaceIndex { get; private init; }

    /// <summary>Hops of multicast datagrams, 0 to 255; 0 is the driver's setting.</summary>
    public int Ttl { get; private init; }

    /// <summary>SO_SNDBUF, bytes; 0 is the driver's setting.</summary>
    public int SendBufferLength { get; private init; }

    /// <summary>SO_RCVBUF, bytes; 0 is the driver's setting.</summary>
    public int ReceiveBufferLength { get; private init; }

    /// <summary>Receiver window, bytes; null is the driver's setting.</summary>
    public int? ReceiverWindowLength { get; private init; }

    /// <summary>Whether nothing but tags says which endpoint is meant.</summary>
    public bool IsWildcard =>
        RemoteData is { IsAny: true, Port: 0 } && LocalData is { IsAny: true, Port: 0 };

    /// <summary>Parses, resolves and checks. A destination never gets a suffix of its own.</summary>
    /// <exception cref="CommandException">It breaks a rule, or a host is unknown; one line says which.</exception>
    public static UdpChannel Parse(ChannelUri uri, INameResolver resolver, bool isDestination = false) =>
        Parse(uri, resolver, LocalInterface.All, isDestination);

    internal static UdpChannel Parse(
        ChannelUri uri, INameResolver resolver, Func<IReadOnlyList<LocalInterface>> interfaces, bool isDestination)
    {
        try
        {
            return Resolve(uri, resolver, interfaces, isDestination);
        }
        catch (FormatException e)
        {
            throw new CommandException(ErrorCode.InvalidChannel, e.Message);
        }
    }

    /// <summary>
    /// Whether a stream on this channel goes through the endpoint that <paramref name="endpoint"/> opened: by tag
    /// first, else by canonical form.
    /// </summary>
    /// <exception cref="CommandException">The tags are the same but modes or addresses are not.</exception>
    public bool HasSameEndpoint(UdpChannel endpoint)
    {
        if (ChannelTag is null || ChannelTag != endpoint.ChannelTag)
        {
            return CanonicalForm == endpoint.CanonicalForm;
        }

        if (ControlMode != ControlMode.None && ControlMode != endpoint.ControlMode)
        {
            throw Invalid(Uri, $"tag {ChannelTag} has another control-mode in {endpoint.Uri}");
        }

        if (!IsWildcard && (RemoteData != endpoint.RemoteData || LocalData != endpoint.LocalData))
        {
            throw Invalid(Uri, $"tag {ChannelTag} has another endpoint or control in {endpoint.Uri}");
        }

        return true;
    }

    /// <summary>Rules for a publication beyond those of every channel.</summary>
    /// <exception cref="CommandException">It breaks one.</exception>
    public void RequirePublication()
    {
        if (HasExplicitEndpoint && !IsMultiDestination && RemoteData.Port == 0)
        {
            throw Invalid(Uri, "endpoint of a publication needs a port");
        }

        if (HasExplicitControl && !HasExplicitEndpoint && Uri["control-mode"] is null)
        {
            throw Invalid(Uri, "control of a publication needs endpoint or control-mode");
        }
    }

    /// <summary>Rules for a subscription beyond those of every channel.</summary>
    /// <exception cref="CommandException">It breaks one.</exception>
    public void RequireSubscription()
    {
        if (HasExplicitControl && RemoteControl.Port == 0)
        {
            throw Invalid(Uri, "control of a subscription needs a port");
        }
    }

    /// <summary>Rules for a destination of a publication or a subscription.</summary>
    /// <exception cref="CommandException">It breaks one.</exception>
    public void RequireDestination(bool ofPublication)
    {
        ChannelRules.RequireDestination(Uri);
        if (ofPublication && (!HasExplicitEndpoint || RemoteData.Port == 0))
        {
            throw Invalid(Uri, "destination of a publication needs an endpoint with a port");
        }
    }

    /// <summary>How the transport of a publication's endpoint is opened.</summary>
    public TransportOptions SenderTransport(MediaDriverContext context) => new()
    {
        Bind = IsMulticast ? RemoteControl.AnyWithPort(RemoteControl.Port) : LocalControl,
        Connect = HasExplicitEndpoint && !IsMultiDestination ? RemoteData : null,
        JoinGroup = IsMulticast ? RemoteControl : null,
        InterfaceIndex = InterfaceIndex,
        InterfaceAddress = InterfaceAddress,
        Ttl = Ttl != 0 ? Ttl : context.SocketMulticastTtl,
        SendBufferLength = SendBufferLength != 0 ? SendBufferLength : context.SocketSendBufferLength,
        ReceiveBufferLength = ReceiveBufferLength != 0 ? ReceiveBufferLength : context.SocketReceiveBufferLength,
        IsSender = true,
    };

    /// <summary>How the transport of a subscription, or of its destination, is opened.</summary>
    public TransportOptions ReceiverTransport(MediaDriverContext context) => new()
    {
        Bind = IsMulticast ? RemoteData.AnyWithPort(RemoteData.Port) : RemoteData,
        JoinGroup = IsMulticast ? RemoteData : null,
        InterfaceIndex = InterfaceIndex,
        InterfaceAddress = InterfaceAddress,
        Ttl = Ttl != 0 ? Ttl : context.SocketMulticastTtl,
        SendBufferLength = SendBufferLength != 0 ? SendBufferLength : context.SocketSendBufferLength,
        ReceiveBufferLength = ReceiveBufferLength != 0 ? ReceiveBufferLength : context.SocketReceiveBufferLength,
        IsSender = false,
    };

    public override string ToString() => Uri.Text;

    internal static CommandException Invalid(ChannelUri uri, string reason) =>
        new(ErrorCode.InvalidChannel, $"{reason}: {uri}");

    private static UdpChannel Resolve(
        ChannelUri uri, INameResolver resolver, Func<IReadOnlyList<LocalInterface>> interfaces, bool isDestination)
    {
        var mode = ChannelRules.RequireUdp(uri);
        var control = uri["control"] is { } text ? Address(uri, "control", text, resolver) : default;
        var endpoint = uri["endpoint"] is { } endpointText
            ? Address(uri, "endpoint", endpointText, resolver)
            : UdpAddress.From(new IPEndPoint(control.IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
        var isMulticast = endpoint.IsMulticast;
        if (isMulticast && endpoint.LastByte % 2 == 0)
        {
            throw Invalid(uri, $"last byte of a multicast address must be odd, {endpoint.LastByte} is not");
        }

        var hasControl = control.IsSpecified && !isMulticast;
        var (card, index) = new InterfaceLookup(uri, resolver, interfaces)
            .Find(hasControl ? control.IsIPv6 : endpoint.IsIPv6, isMulticast);
        var local = hasControl ? control : card;
        var (channelTag, entityTag) = ChannelRules.Tags(uri);
        return new UdpChannel(uri)
        {
            CanonicalForm = $"UDP-{(hasControl ? uri["control"] : local.ToString())}-"
                + $"{(isMulticast ? null : uri["endpoint"]) ?? endpoint.ToString()}"
                + Suffix(uri, endpoint, control, channelTag, isDestination || isMulticast),
            ControlMode = mode,
            ChannelTag = channelTag,
            EntityTag = entityTag,
            GroupTag = uri.Int64("gtag"),
            RemoteData = endpoint,
            LocalData = local,
            RemoteControl = isMulticast ? endpoint.Next() : hasControl ? control : endpoint,
            InterfaceAddress = card,
            InterfaceIndex = index,
            Ttl = isMulticast ? ChannelRules.Ttl(uri) : 0,
            SendBufferLength = ChannelRules.BufferLength(uri, "so-sndbuf") ?? 0,
            ReceiveBufferLength = ChannelRules.BufferLength(uri, "so-rcvbuf") ?? 0,
            ReceiverWindowLength = ChannelRules.BufferLength(uri, "rcv-wnd"),
        };
    }

    private static string Suffix(
        ChannelUri uri, UdpAddress endpoint, UdpAddress control, long? tag, bool isShared)
    {
        var isUnique = (uri["endpoint"] is null && uri["control"] is null)
            || (uri["endpoint"] is not null && endpoint.Port == 0)
            || (uri["control"] is not null && control.Port == 0);
        return !isUnique || isShared ? "" : tag is { } number
            ? $"#{number}"
            : $"-{Interlocked.Increment(ref s_nextSuffix) - 1}"; // atomic alone: drivers in one process share it
    }

    private static UdpAddress Address(ChannelUri uri, string key, string text, INameResolver resolver)
    {
        if (!AddressText.TryParse(text, out var address) || address.Port is not { } port
            || address.PrefixLength is not null)
        {
            throw Invalid(uri, $"{key}={text} is not host:port or [ipv6]:port");
        }

        var family = address.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        if (!resolver.TryResolve(address.Host, out var all))
        {
            throw new CommandException(ErrorCode.UnknownHost, $"{key}={text} has an unknown host: {uri}");
        }

        // Names give IPv4 if they have it: receivers bind by the same rule.
        var chosen = Array.Find(all, a => a.AddressFamily == family) ?? all[0];
        return UdpAddress.From(new IPEndPoint(chosen, port));
    }
}
