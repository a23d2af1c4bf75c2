namespace FlowEngine.Feeds.Framing;

/// <summary>
/// All framings that are known, most telling first. Taken from the venues' guides and checked on captures.
/// </summary>
public static class Framings
{
    private static readonly byte[] s_cafe = [0xfe, 0xca];
    private static readonly byte[] s_eb50 = [0x50, 0xeb];

    private static readonly FramingLayout[] s_layouts =
    [
        new(
            FramingKind.B3Umdf, "b3-umdf",
            "B3 multicast: 16 byte packet header, then messages behind 4 bytes with EB50")
        {
            PacketHeaderLength = 16,
            Channel = new WirePlace(0, 1),
            Sequence = new WirePlace(4, 4),
            FrameHeaderLength = 4,
            FrameLength = new WirePlace(0, 2),
            FrameSignature = s_eb50,
            FrameSignatureOffset = 2,
        },
        new(FramingKind.B3EntryPoint, "b3-entrypoint", "B3 order entry: messages behind 4 bytes with EB50")
        {
            FrameHeaderLength = 4,
            FrameLength = new WirePlace(0, 2),
            FrameSignature = s_eb50,
            FrameSignatureOffset = 2,
        },
        new(FramingKind.BinanceFix, "binance-fix", "Binance FIX: messages behind 6 little-endian bytes with EB50")
        {
            FrameHeaderLength = 6,
            FrameLength = new WirePlace(0, 4),
            FrameSignature = s_eb50,
            FrameSignatureOffset = 4,
        },
        new(FramingKind.CmeILink, "cme-ilink", "CME iLink 3: messages behind 4 bytes with CAFE")
        {
            FrameHeaderLength = 4,
            FrameLength = new WirePlace(0, 2),
            FrameSignature = s_cafe,
            FrameSignatureOffset = 2,
        },
        new(
            FramingKind.CmeTcp, "cme-tcp",
            "CME MDP 3.0 over TCP: CAFE, sequence, time, then messages behind their size")
        {
            PacketHeaderLength = 14,
            PacketSignature = s_cafe,
            EndsAtNextPacket = true,
            Sequence = new WirePlace(2, 4),
            FrameHeaderLength = 2,
            FrameLength = new WirePlace(0, 2),
        },
        new(
            FramingKind.CoinbaseOrders, "coinbase-orders",
            "Coinbase order entry: 24 byte header with 00F1, then a message")
        {
            PacketHeaderLength = 24,
            PacketSignature = [0xf1, 0x00],
            PacketLength = new WirePlace(2, 2),
            Sequence = new WirePlace(4, 4),
            IsRun = true,
        },
        new(FramingKind.Sofh, "sofh", "the standard's framing header: 4 byte length and EB50 or 5BE0, big-endian")
        {
            FrameHeaderLength = 6,
            FrameLength = new WirePlace(0, 4, IsBigEndian: true),
        },
        new(FramingKind.Memoir, "memoir", "MEMX multicast: 20 byte session header, then messages behind their length")
        {
            PacketHeaderLength = 18,
            Sequence = new WirePlace(10, 8, IsBigEndian: true),
            FrameCount = new WirePlace(18, 2, IsBigEndian: true),
            FrameHeaderLength = 2,
            FrameLength = new WirePlace(0, 2, IsBigEndian: true),
            FrameLengthExcludes = 2,
        },
        new(FramingKind.Deribit, "deribit", "Deribit multicast: 8 byte packet header, then messages")
        {
            PacketHeaderLength = 8,
            PacketLength = new WirePlace(0, 2),
            PacketLengthExcludes = 8,
            Channel = new WirePlace(2, 2),
            Sequence = new WirePlace(4, 4),
            IsRun = true,
        },
        new(
            FramingKind.CmeMdp3, "cme-mdp3",
            "CME MDP 3.0 multicast: 12 byte packet header, then messages behind their size")
        {
            PacketHeaderLength = 12,
            Sequence = new WirePlace(0, 4),
            FrameHeaderLength = 2,
            FrameLength = new WirePlace(0, 2),
        },
        new(
            FramingKind.CoinbaseMarketData, "coinbase-md",
            "Coinbase market data: 24 byte packet header, then messages whose header begins with their size")
        {
            PacketHeaderLength = 24,
            Sequence = new WirePlace(8, 8),
            FrameLength = new WirePlace(0, 2),
        },
        new(FramingKind.Bare, "bare", "nothing but messages, one behind the other") { IsRun = true },
    ];

    /// <summary>The kinds in the order in which they are tried.</summary>
    public static IReadOnlyList<FramingKind> All { get; } = [.. s_layouts.Select(layout => layout.Kind)];

    /// <summary>What a user calls it.</summary>
    public static string NameOf(FramingKind kind) => LayoutOf(kind).Name;

    /// <summary>How it looks, in a few words.</summary>
    public static string DescriptionOf(FramingKind kind) => LayoutOf(kind).Description;

    /// <summary>
    /// Whether a TCP stream of it can be cut without decoding; of the others each segment is taken by itself.
    /// </summary>
    public static bool IsStream(FramingKind kind) => LayoutOf(kind).IsStream;

    /// <summary>Finds a framing by its name.</summary>
    public static bool TryParse(string name, out FramingKind kind)
    {
        FramingLayout? found = Array.Find(s_layouts, layout => layout.Name == name);
        kind = found?.Kind ?? default;
        return found is not null;
    }

    internal static FramingLayout LayoutOf(FramingKind kind) => Array.Find(s_layouts, layout => layout.Kind == kind)!;
}
