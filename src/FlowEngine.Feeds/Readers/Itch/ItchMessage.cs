using System.Buffers.Binary;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Itch;

/// <summary>
/// One message of NASDAQ TotalView-ITCH 5.0; big-endian, prices at 1e-4.
/// <code>
/// 0      1        3          5             11
/// +------+--------+----------+-------------+----------------------------+
/// | type | locate | tracking | ns of day   | what the type says         |
/// | u8   | u16    | u16      | u48         |                            |
/// +------+--------+----------+-------------+----------------------------+
/// </code>
/// </summary>
internal readonly ref struct ItchMessage
{
    /// <summary>The longest message.</summary>
    public const int MaxLength = 50;

    private const int HeaderLength = 11;
    private const long DayNs = 86_400_000_000_000;

    private readonly ReadOnlySpan<byte> _bytes;

    public ItchMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>What it is; only after <see cref="IsWhole"/> is anything else to be read.</summary>
    public ItchType Type => (ItchType)_bytes[0];

    /// <summary>Whether it is as long as its type.</summary>
    public bool IsWhole => _bytes.Length > 0 && _bytes.Length == LengthOf(_bytes[0]) && TimeOfDayNs < DayNs;

    public ushort Locate => BinaryPrimitives.ReadUInt16BigEndian(_bytes[1..]);

    public long TimeOfDayNs =>
        ((long)BinaryPrimitives.ReadUInt16BigEndian(_bytes[5..]) << 32)
        | BinaryPrimitives.ReadUInt32BigEndian(_bytes[7..]);

    /// <summary>The order that it speaks of; of a replacement, the old one.</summary>
    public ulong OrderId => BinaryPrimitives.ReadUInt64BigEndian(_bytes[HeaderLength..]);

    /// <summary>The order that takes the old one's place.</summary>
    public ulong NewOrderId => BinaryPrimitives.ReadUInt64BigEndian(_bytes[19..]);

    /// <summary>Side of an added order.</summary>
    public Side Side => _bytes[19] switch
    {
        (byte)'B' => Side.Bid,
        (byte)'S' => Side.Ask,
        _ => Side.Unknown,
    };

    /// <summary>Shares added, executed, cancelled or traded.</summary>
    public long Lots => Type switch
    {
        ItchType.Cross => Long(HeaderLength),
        ItchType.Executed or ItchType.ExecutedWithPrice or ItchType.Cancel => UInt(19),
        ItchType.Replace => UInt(27),
        _ => UInt(20),
    };

    /// <summary>Price at 1e-4.</summary>
    public long Price => UInt(Type switch
    {
        ItchType.Replace => 31,
        ItchType.Cross => 27,
        _ => 32,
    });

    /// <summary>Number of the match.</summary>
    public ulong Match => (ulong)Long(Type switch
    {
        ItchType.Executed or ItchType.ExecutedWithPrice => 23,
        ItchType.Cross => 31,
        _ => 36,
    });

    /// <summary>Whether an execution with a price is a print of its own; others are part of a later cross.</summary>
    public bool IsPrintable => _bytes[31] == 'Y';

    /// <summary>Name of the stock, without the blanks behind it.</summary>
    public ReadOnlySpan<byte> Stock => _bytes.Slice(Type switch
    {
        ItchType.Add or ItchType.AddAttributed or ItchType.Trade => 24,
        ItchType.Cross => 19,
        _ => HeaderLength,
    }, 8).TrimEnd((byte)' ');

    /// <summary>Whether it names its stock, beside the locate.</summary>
    public bool HasStock => Type is ItchType.Add or ItchType.AddAttributed or ItchType.Trade or ItchType.Cross
        or ItchType.Directory or ItchType.TradingAction or ItchType.OperationalHalt;

    /// <summary>H halted, P paused, Q quotations only, T trading; of an operational halt H or T.</summary>
    public byte TradingState => _bytes[Type == ItchType.OperationalHalt ? 20 : 19];

    /// <summary>Code of a system event.</summary>
    public byte SystemEvent => _bytes[HeaderLength];

    /// <summary>Bytes of a message of this type; 0 where ITCH 5.0 has no such type.</summary>
    public static int LengthOf(byte type) => type switch
    {
        (byte)'S' or (byte)'W' => 12,
        (byte)'D' or (byte)'B' => 19,
        (byte)'Y' or (byte)'N' => 20,
        (byte)'h' => 21,
        (byte)'X' => 23,
        (byte)'H' => 25,
        (byte)'L' => 26,
        (byte)'K' => 28,
        (byte)'E' => 31,
        (byte)'V' or (byte)'J' or (byte)'U' => 35,
        (byte)'A' or (byte)'C' => 36,
        (byte)'R' => 39,
        (byte)'F' or (byte)'Q' => 40,
        (byte)'P' => 44,
        (byte)'O' => 48,
        (byte)'I' => 50,
        _ => 0,
    };

    private uint UInt(int offset) => BinaryPrimitives.ReadUInt32BigEndian(_bytes[offset..]);

    private long Long(int offset) => BinaryPrimitives.ReadInt64BigEndian(_bytes[offset..]);
}

/// <summary>Types that say something of books, trades or trading.</summary>
internal enum ItchType : byte
{
    /// <summary>Start and end of messages, system hours and market hours.</summary>
    SystemEvent = (byte)'S',

    /// <summary>A stock and its locate.</summary>
    Directory = (byte)'R',

    /// <summary>A stock is halted, paused, quoted or traded.</summary>
    TradingAction = (byte)'H',

    /// <summary>A stock is halted at one market.</summary>
    OperationalHalt = (byte)'h',

    /// <summary>An order joins the book.</summary>
    Add = (byte)'A',

    /// <summary>The same with the participant's name.</summary>
    AddAttributed = (byte)'F',

    /// <summary>Part of an order was executed at its price.</summary>
    Executed = (byte)'E',

    /// <summary>Part of an order was executed at another price.</summary>
    ExecutedWithPrice = (byte)'C',

    /// <summary>Part of an order was cancelled.</summary>
    Cancel = (byte)'X',

    /// <summary>An order is gone.</summary>
    Delete = (byte)'D',

    /// <summary>An order was replaced by another.</summary>
    Replace = (byte)'U',

    /// <summary>An order that nobody saw was executed.</summary>
    Trade = (byte)'P',

    /// <summary>The bulk print of an auction.</summary>
    Cross = (byte)'Q',
}
