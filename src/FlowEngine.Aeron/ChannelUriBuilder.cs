using System.Globalization;
using System.Runtime.CompilerServices;
using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron;

/// <summary>
/// Builds a channel from checked parameters: lengths in bytes, durations in nanoseconds, null takes one out. Unknown
/// parameters of a channel it starts from are kept.
/// <code>
/// var channel = new ChannelUriBuilder { Endpoint = "localhost:40123", TermLength = 64 * 1024 }.Build();
/// </code>
/// </summary>
public sealed class ChannelUriBuilder
{
    private const int MaxMtu = 65504;
    private const string Manual = "manual";
    private const string Dynamic = "dynamic";
    private const string Response = "response";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>A builder for UDP without parameters.</summary>
    public ChannelUriBuilder()
    {
    }

    /// <summary>A builder that starts from a channel.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public ChannelUriBuilder(string channel)
    {
        var uri = ChannelUri.Parse(channel);
        IsSpy = uri.IsSpy;
        Media = uri.Media;
        foreach (var (key, value) in uri.Parameters)
        {
            _values[key] = value;
        }
    }

    /// <summary>Whether it listens in on a local publication.</summary>
    public bool IsSpy { get; set; }

    /// <summary><see cref="ChannelUri.Udp"/> or <see cref="ChannelUri.Ipc"/>.</summary>
    public string Media
    {
        get;
        set => field = value is ChannelUri.Udp or ChannelUri.Ipc ? value : throw Bad(value, "udp or ipc");
    } = ChannelUri.Udp;

    /// <summary>Address and port: a publication's receiver, or what a subscription binds to (0 picks).</summary>
    public string? Endpoint
    {
        get => _values.GetValueOrDefault("endpoint");
        set => Set("endpoint", value);
    }

    /// <summary>Local interface: <c>address[/prefix]</c>, <c>address:port</c> or <c>{name}</c>.</summary>
    public string? NetworkInterface
    {
        get => _values.GetValueOrDefault("interface");
        set => Set("interface", value);
    }

    /// <summary>Control address and port of a publication with several destinations.</summary>
    public string? ControlEndpoint
    {
        get => _values.GetValueOrDefault("control");
        set => Set("control", value);
    }

    /// <summary><c>manual</c>, <c>dynamic</c> or <c>response</c>.</summary>
    public string? ControlMode
    {
        get => _values.GetValueOrDefault("control-mode");
        set => Set("control-mode", OneOf(value, Manual, Dynamic, Response));
    }

    /// <summary>Tag of the channel, and of the publication after a comma.</summary>
    public string? Tags
    {
        get => _values.GetValueOrDefault("tags");
        set => Set("tags", value);
    }

    /// <summary>Free text for people.</summary>
    public string? Alias
    {
        get => _values.GetValueOrDefault("alias");
        set => Set("alias", value);
    }

    /// <summary>Session id, or <c>tag:N</c> to take that of a tagged publication.</summary>
    public string? SessionId
    {
        get => _values.GetValueOrDefault("session-id");
        set => Set("session-id", CheckedSession(value));
    }

    /// <summary>Stream id: a hint for tools.</summary>
    public int? StreamId
    {
        get => Parsed.Int32("stream-id");
        set => Set("stream-id", Text(value));
    }

    /// <summary>Bytes of one term: a power of two from 64 KiB to 1 GiB.</summary>
    public int? TermLength
    {
        get => (int?)Parsed.Size("term-length");
        set => Set("term-length", Text(CheckedTermLength(value)));
    }

    /// <summary>Longest frame: a multiple of 32 from 64 to 65504.</summary>
    public int? Mtu
    {
        get => (int?)Parsed.Size("mtu");
        set => Set("mtu", Text(CheckedMtu(value)));
    }

    /// <summary>Term id at position 0.</summary>
    public int? InitialTermId
    {
        get => Parsed.Int32("init-term-id");
        set => Set("init-term-id", Text(value));
    }

    /// <summary>Term to start in.</summary>
    public int? TermId
    {
        get => Parsed.Int32("term-id");
        set => Set("term-id", Text(value));
    }

    /// <summary>Where in the term to start: a multiple of 32.</summary>
    public int? TermOffset
    {
        get => Parsed.Int32("term-offset");
        set => Set("term-offset", Text(CheckedOffset(value)));
    }

    /// <summary>How long the log stays after the end.</summary>
    public long? LingerNs
    {
        get => Parsed.DurationNs("linger");
        set => Set("linger", Duration(AtLeast(value, 0)));
    }

    /// <summary>Whether heartbeats tell the end of the stream.</summary>
    public bool? Eos
    {
        get => Parsed.Bool("eos");
        set => Set("eos", Text(value));
    }

    /// <summary>Whether the log's pages are left to be made on first use.</summary>
    public bool? Sparse
    {
        get => Parsed.Bool("sparse");
        set => Set("sparse", Text(value));
    }

    /// <summary>Whether spies alone make a publication connected.</summary>
    public bool? SpiesSimulateConnection
    {
        get => Parsed.Bool("ssc");
        set => Set("ssc", Text(value));
    }

    /// <summary>Bytes a publisher may be ahead: from one frame to half a term.</summary>
    public int? PublicationWindow
    {
        get => (int?)Parsed.Size("pub-wnd");
        set => Set("pub-wnd", Text((int?)AtLeast(value, 1)));
    }

    /// <summary>Flow control: <c>max</c>, <c>min[,g:/n][,t:time]</c>, <c>tagged,g:tag[/n][,t:time]</c>.</summary>
    public string? FlowControl
    {
        get => _values.GetValueOrDefault("fc");
        set => Set("fc", value);
    }

    /// <summary>Most resends under way for a group: 1 to 256.</summary>
    public int? MaxResend
    {
        get => Parsed.Int32("max-resend");
        set => Set("max-resend", Text(Between(value, 1, 256)));
    }

    /// <summary>Image whose publisher is answered, or <c>prototype</c>.</summary>
    public string? ResponseCorrelationId
    {
        get => _values.GetValueOrDefault("response-correlation-id");
        set => Set("response-correlation-id", CheckedResponse(value));
    }

    /// <summary>Hops of multicast: 0 to 255.</summary>
    public int? Ttl
    {
        get => Parsed.Int32("ttl");
        set => Set("ttl", Text(Between(value, 0, 255)));
    }

    /// <summary>Send buffer of the socket.</summary>
    public int? SocketSendBufferLength
    {
        get => (int?)Parsed.Size("so-sndbuf");
        set => Set("so-sndbuf", Text((int?)AtLeast(value, 0)));
    }

    /// <summary>Receive buffer of the socket.</summary>
    public int? SocketReceiveBufferLength
    {
        get => (int?)Parsed.Size("so-rcvbuf");
        set => Set("so-rcvbuf", Text((int?)AtLeast(value, 0)));
    }

    /// <summary>Window a receiver starts with.</summary>
    public int? ReceiverWindow
    {
        get => (int?)Parsed.Size("rcv-wnd");
        set => Set("rcv-wnd", Text((int?)AtLeast(value, 0)));
    }

    /// <summary>Whether lost data is asked for again; false fills the gap.</summary>
    public bool? Reliable
    {
        get => Parsed.Bool("reliable");
        set => Set("reliable", Text(value));
    }

    /// <summary>Whether the subscriber may hold the publisher back.</summary>
    public bool? Tether
    {
        get => Parsed.Bool("tether");
        set => Set("tether", Text(value));
    }

    /// <summary>Whether a stream that was lost is joined again.</summary>
    public bool? Rejoin
    {
        get => Parsed.Bool("rejoin");
        set => Set("rejoin", Text(value));
    }

    /// <summary>Whether receivers behave as one of a group.</summary>
    public bool? Group
    {
        get => Parsed.Bool("group");
        set => Set("group", Text(value));
    }

    /// <summary>Tag of the receiver's group, for tagged flow control.</summary>
    public long? GroupTag
    {
        get => Parsed.Int64("gtag");
        set => Set("gtag", Text(value));
    }

    /// <summary>Congestion control: <c>static</c> or <c>cubic</c>.</summary>
    public string? CongestionControl
    {
        get => _values.GetValueOrDefault("cc");
        set => Set("cc", value);
    }

    /// <summary>Delay before lost data is asked for.</summary>
    public long? NakDelayNs
    {
        get => Parsed.DurationNs("nak-delay");
        set => Set("nak-delay", Duration(AtLeast(value, 0)));
    }

    /// <summary>How long an untethered subscriber may be out of the window.</summary>
    public long? UntetheredWindowLimitTimeoutNs
    {
        get => Parsed.DurationNs("untethered-window-limit-timeout");
        set => Set("untethered-window-limit-timeout", Duration(AtLeast(value, 0)));
    }

    /// <summary>How long it is given to notice.</summary>
    public long? UntetheredLingerTimeoutNs
    {
        get => Parsed.DurationNs("untethered-linger-timeout");
        set => Set("untethered-linger-timeout", Duration(AtLeast(value, 0)));
    }

    /// <summary>How long it rests before it may join again.</summary>
    public long? UntetheredRestingTimeoutNs
    {
        get => Parsed.DurationNs("untethered-resting-timeout");
        set => Set("untethered-resting-timeout", Duration(AtLeast(value, 0)));
    }

    /// <summary>Whether transport security is asked for: not part of the open drivers.</summary>
    public bool? Ats
    {
        get => Parsed.Bool("ats");
        set => Set("ats", Text(value));
    }

    /// <summary>Where the driver writes the media's receive time: payload offset, or <c>reserved</c>.</summary>
    public string? MediaReceiveTimestampOffset
    {
        get => _values.GetValueOrDefault("media-rcv-ts-offset");
        set => Set("media-rcv-ts-offset", CheckedTimestamp(value));
    }

    /// <summary>Where the driver writes the channel's receive time.</summary>
    public string? ChannelReceiveTimestampOffset
    {
        get => _values.GetValueOrDefault("channel-rcv-ts-offset");
        set => Set("channel-rcv-ts-offset", CheckedTimestamp(value));
    }

    /// <summary>Where the driver writes the channel's send time.</summary>
    public string? ChannelSendTimestampOffset
    {
        get => _values.GetValueOrDefault("channel-snd-ts-offset");
        set => Set("channel-snd-ts-offset", CheckedTimestamp(value));
    }

    /// <summary>Starts the stream at a position of an earlier one.</summary>
    /// <param name="position">A multiple of 32.</param>
    /// <param name="initialTermId">Term id at position 0.</param>
    /// <param name="termLength">Bytes of one term.</param>
    public ChannelUriBuilder InitialPosition(long position, int initialTermId, int termLength)
    {
        if (position < 0 || position % DataFrame.Alignment != 0)
        {
            throw Bad(position, "a multiple of 32, 0 or more");
        }

        TermLength = termLength;
        InitialTermId = initialTermId;
        TermId = unchecked(initialTermId + (int)(position / termLength));
        TermOffset = (int)(position % termLength);
        return this;
    }

    /// <summary>The channel.</summary>
    /// <exception cref="FormatException">Parameters are missing or contradict each other.</exception>
    public string Build()
    {
        CheckTogether();
        return Parsed.Text;
    }

    /// <inheritdoc/>
    public override string ToString() => Parsed.Text;

    private ChannelUri Parsed => ChannelUri.Of(IsSpy, Media, _values);

    private static string? Text<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string? Text(bool? value) => value switch
    {
        null => null,
        true => "true",
        false => "false",
    };

    private static string? Duration(long? valueNs) => valueNs is { } ns ? $"{Text<long>(ns)}ns" : null;

    private static int? CheckedTermLength(int? value, [CallerMemberName] string name = "") =>
        value is null || LogBufferDescriptor.IsTermLength(value.Value)
            ? value
            : throw Bad(value, "a power of two from 64 KiB to 1 GiB", name);

    private static int? CheckedMtu(int? value, [CallerMemberName] string name = "") =>
        value is null || (value > DataFrame.HeaderLength && value <= MaxMtu && value % DataFrame.Alignment == 0)
            ? value
            : throw Bad(value, $"a multiple of 32 above 32, {MaxMtu} at most", name);

    private static int? CheckedOffset(int? value, [CallerMemberName] string name = "") =>
        value is null || (value >= 0 && value % DataFrame.Alignment == 0)
            ? value
            : throw Bad(value, "a multiple of 32, 0 or more", name);

    private static long? AtLeast(long? value, long least, [CallerMemberName] string name = "") =>
        value is null || value >= least ? value : throw Bad(value, $"{least} or more", name);

    private static int? Between(int? value, int least, int most, [CallerMemberName] string name = "") =>
        value is null || (value >= least && value <= most) ? value : throw Bad(value, $"{least} to {most}", name);

    private static string? OneOf(string? value, string a, string b, string c, [CallerMemberName] string name = "") =>
        value is null || value == a || value == b || value == c ? value : throw Bad(value, $"{a}, {b} or {c}", name);

    private static string? CheckedSession(string? value, [CallerMemberName] string name = "") =>
        value is null || IsNumber(value.StartsWith("tag:", StringComparison.Ordinal) ? value[4..] : value, isInt: true)
            ? value
            : throw Bad(value, "an integer of 32 bits, or tag:N", name);

    private static string? CheckedResponse(string? value, [CallerMemberName] string name = "") =>
        value is null or "prototype" || IsNumber(value, isInt: false)
            ? value
            : throw Bad(value, "an image's correlation id, or prototype", name);

    private static string? CheckedTimestamp(string? value, [CallerMemberName] string name = "") =>
        value is null or "reserved" || IsNumber(value, isInt: true)
            ? value
            : throw Bad(value, "a payload offset, or reserved", name);

    private static bool IsNumber(string text, bool isInt) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && (!isInt || number is >= int.MinValue and <= int.MaxValue);

    private static ArgumentOutOfRangeException Bad(
        object? value, string wanted, [CallerMemberName] string name = "") => new(name, value, $"must be {wanted}");

    private void Set(string key, string? value, [CallerMemberName] string name = "")
    {
        if (value is null)
        {
            _values.Remove(key);
            return;
        }

        _values[key] = value.Length > 0 && !value.Contains('|', StringComparison.Ordinal)
            ? value
            : throw Bad(value, "text without '|', not empty", name);
    }

    private void CheckTogether()
    {
        var isUdp = Media == ChannelUri.Udp;
        Require(
            !isUdp || Endpoint is not null || ControlEndpoint is not null || Tags is not null
                || ControlMode is Manual or Response,
            "UDP needs an endpoint, a control endpoint, tags, or control mode manual or response");
        Require(
            ControlMode != Dynamic || ControlEndpoint is not null, "control mode dynamic needs a control endpoint");
        var starts = (InitialTermId is null ? 0 : 1) + (TermId is null ? 0 : 1) + (TermOffset is null ? 0 : 1);
        Require(starts is 0 or 3, "initial term id, term id and term offset go together");
        Require(!(TermOffset > TermLength), "the term offset is beyond the term");
        Require(!(PublicationWindow < Mtu), "the publication window is less than a frame");
        Require(!(PublicationWindow > TermLength / 2), "the publication window is more than half a term");
    }

    private void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new FormatException($"{message}: {this}");
        }
    }
}
