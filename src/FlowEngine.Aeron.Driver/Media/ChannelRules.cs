namespace FlowEngine.Aeron.Driver.Media;

/// <summary>What the parameters of a UDP channel must be, apart from addresses.</summary>
internal static class ChannelRules
{
    private static readonly string[] s_notOfDestinations =
        ["mtu", "rcv-wnd", "so-rcvbuf", "so-sndbuf", "response-correlation-id"];

    private static readonly string[] s_timestampOffsets =
        ["media-rcv-ts-offset", "channel-rcv-ts-offset", "channel-snd-ts-offset"];

    /// <summary>Rules of every UDP channel.</summary>
    /// <returns>Its control mode.</returns>
    /// <exception cref="CommandException">It breaks one.</exception>
    public static ControlMode RequireUdp(ChannelUri uri)
    {
        if (uri.Media != ChannelUri.Udp)
        {
            throw UdpChannel.Invalid(uri, "a UDP channel must begin with aeron:udp");
        }

        var mode = uri["control-mode"] switch
        {
            null => ControlMode.None,
            "manual" => ControlMode.Manual,
            "dynamic" => ControlMode.Dynamic,
            "response" => ControlMode.Response,
            var text => throw UdpChannel.Invalid(uri, $"control-mode={text} is not manual, dynamic or response"),
        };
        if (mode == ControlMode.Dynamic && uri["control"] is null)
        {
            throw UdpChannel.Invalid(uri, "control-mode=dynamic needs control");
        }

        if (uri["endpoint"] is null && uri["control"] is null && uri["tags"] is null
            && mode is not (ControlMode.Manual or ControlMode.Response))
        {
            throw UdpChannel.Invalid(
                uri, "a UDP channel needs endpoint, control, tags or control-mode=manual or response");
        }

        // Stamps would be written into payloads by a driver that has them; a stream without must not seem to.
        if (Array.Find(s_timestampOffsets, key => uri[key] is not null) is { } stamp)
        {
            throw new CommandException(ErrorCode.NotSupported, $"{stamp} is not supported: {uri}");
        }

        return mode;
    }

    /// <summary>Rules of every destination.</summary>
    /// <exception cref="CommandException">It breaks one.</exception>
    public static void RequireDestination(ChannelUri uri)
    {
        if (Array.Find(s_notOfDestinations, key => uri[key] is not null) is { } key)
        {
            throw UdpChannel.Invalid(uri, $"a destination must not have {key}");
        }

        if (uri["control-mode"] == "response")
        {
            throw UdpChannel.Invalid(uri, "a destination must not have control-mode=response");
        }
    }

    /// <summary>Channel tag and entity tag of <c>tags=channel[,entity]</c>.</summary>
    /// <exception cref="CommandException">They are no numbers.</exception>
    public static (long? Channel, long? Entity) Tags(ChannelUri uri)
    {
        if (uri["tags"] is not { } text)
        {
            return (null, null);
        }

        var comma = text.IndexOf(',');
        return (
            Tag(uri, comma < 0 ? text : text[..comma]),
            comma < 0 ? null : Tag(uri, text[(comma + 1)..]));
    }

    /// <summary>Hops of multicast datagrams, 0 to 255.</summary>
    /// <exception cref="CommandException">It is no such number.</exception>
    public static int Ttl(ChannelUri uri) => uri.Int32("ttl") switch
    {
        null => 0,
        >= 0 and <= 255 and var hops => hops,
        var hops => throw UdpChannel.Invalid(uri, $"ttl={hops} is not 0 to 255"),
    };

    /// <summary>A length of a buffer or window; null if there is none.</summary>
    /// <exception cref="CommandException">It is no length.</exception>
    public static int? BufferLength(ChannelUri uri, string key) => uri.Size(key) switch
    {
        null => null,
        >= 0 and <= int.MaxValue and var bytes => (int)bytes,
        var bytes => throw UdpChannel.Invalid(uri, $"{key}={bytes} is not 0 to {int.MaxValue} bytes"),
    };

    private static long Tag(ChannelUri uri, string text) =>
        long.TryParse(text, out var tag)
            ? tag
            : throw UdpChannel.Invalid(uri, $"tags={uri["tags"]} are not one or two integers, divided by a comma");
}
