using System.Buffers.Binary;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Databento;

/// <summary>One record of a DBN file: 16 bytes of header, then what its type says.</summary>
internal readonly ref struct DbnRecord
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderLength = 16;

    /// <summary>A price that is none.</summary>
    public const long NoPrice = long.MaxValue;

    private const int MaxLooked = 64;
    private const int OrderLength = 56;
    private const int PriceLength = 48;
    private const int LevelLength = 32;
    private const int DefinitionLength = 40;
    private const int StatusLength = 32;

    private readonly ReadOnlySpan<byte> _bytes;

    public DbnRecord(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Type of the record.</summary>
    public DbnRecordType Type => (DbnRecordType)_bytes[1];

    public uint InstrumentId => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[4..]);

    public long VenueTimeNs => Long(8);

    /// <summary>Whether the record is as long as its type needs.</summary>
    public bool IsWhole => _bytes.Length >= Type switch
    {
        DbnRecordType.Order => OrderLength,
        DbnRecordType.Definition => DefinitionLength,
        DbnRecordType.Status => StatusLength,
        _ when !TellsMarket => HeaderLength,
        _ => PriceLength + (Levels * LevelLength),
    };

    /// <summary>Levels a side that the record shows.</summary>
    public int Levels => Type switch
    {
        DbnRecordType.TenLevels => 10,
        DbnRecordType.OneLevel or DbnRecordType.ConsolidatedLevel or DbnRecordType.ConsolidatedTrade => 1,
        >= DbnRecordType.ConsolidatedSecond and <= DbnRecordType.BestMinute => 1,
        _ => 0,
    };

    /// <summary>
    /// Whether records alone begin like this, without metadata: a fragment, or what is left of a file of version 0.
    /// </summary>
    public static bool Detect(ReadOnlySpan<byte> head)
    {
        var records = 0;
        while (head.Length >= HeaderLength && records < MaxLooked)
        {
            int length = head[0] * sizeof(uint);
            if (!IsKnown(head[1], length) || BinaryPrimitives.ReadInt64LittleEndian(head[8..]) <= 0)
            {
                return false;
            }

            if (length > head.Length)
            {
                break;
            }

            head = head[length..];
            records++;
        }

        return records > 0 && (records == MaxLooked || head.Length is 0 or >= HeaderLength);
    }

    // Lengths by type over all versions.
    private static bool IsKnown(byte type, int length) => type switch
    {
        0x00 => length == 48,
        0x01 or 0xb1 or (>= 0xc0 and <= 0xc4) => length == 80,
        0x0a => length == 368,
        0x11 or (>= 0x20 and <= 0x24) or 0xa0 => length == 56,
        0x12 => length is 40 or 48,
        0x13 => length is 360 or 400 or 520,
        0x14 => length is 96 or 112,
        0x18 => length is 64 or 80,
        _ => false,
    };

    /// <summary>Whether it tells orders, levels or trades.</summary>
    public bool TellsMarket => Type is DbnRecordType.Order or DbnRecordType.Trade || Levels > 0;

    /// <summary>What a status record says: of the venues' many words those that matter to a book.</summary>
    public TradingStatus Status => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[24..]) switch
    {
        1 => TradingStatus.PreOpen,
        2 or 4 or 5 => TradingStatus.Auction,
        7 => TradingStatus.Open,
        3 or 8 or 9 or 10 or 15 => TradingStatus.Halted,
        11 or 12 or 13 => TradingStatus.Closed,
        _ => TradingStatus.Unknown,
    };

    private bool IsOrder => Type == DbnRecordType.Order;

    public ulong OrderId => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[16..]);

    /// <summary>In 1e-9.</summary>
    public long Price => Long(IsOrder ? 24 : 16);

    public uint Size => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(IsOrder ? 32 : 24)..]);

    public DbnFlags Flags => (DbnFlags)_bytes[IsOrder ? 36 : 30];

    public DbnAction Action => (DbnAction)_bytes[IsOrder ? 38 : 28];

    public Side Side => _bytes[IsOrder ? 39 : 29] switch
    {
        (byte)'B' => Side.Bid,
        (byte)'A' => Side.Ask,
        _ => Side.Unknown,
    };

    public long ReceiveTimeNs => Long(IsOrder ? 40 : 32);

    public uint VenueSequence => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(IsOrder ? 52 : 44)..]);

    /// <summary>Smallest price step of a definition, in 1e-9.</summary>
    public long PriceIncrement => Long(24);

    /// <summary>A level of one side: price in 1e-9 and size.</summary>
    public (long Price, uint Size) Level(int rank, Side side)
    {
        ReadOnlySpan<byte> level = _bytes.Slice(PriceLength + (rank * LevelLength), LevelLength);
        return side == Side.Bid
            ? (BinaryPrimitives.ReadInt64LittleEndian(level), BinaryPrimitives.ReadUInt32LittleEndian(level[16..]))
            : (BinaryPrimitives.ReadInt64LittleEndian(level[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(level[20..]));
    }

    private long Long(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_bytes[offset..]);
}

/// <summary>Types of records that say something of a book or of trades.</summary>
internal enum DbnRecordType : byte
{
    /// <summary>A trade without a book.</summary>
    Trade = 0x00,

    /// <summary>An update of the best level, or a trade with the best level before it.</summary>
    OneLevel = 0x01,

    /// <summary>An update of the ten best levels.</summary>
    TenLevels = 0x0a,

    /// <summary>The trading phase changed.</summary>
    Status = 0x12,

    /// <summary>A definition of an instrument.</summary>
    Definition = 0x13,

    /// <summary>A change of one order.</summary>
    Order = 0xa0,

    /// <summary>The best level of several venues.</summary>
    ConsolidatedLevel = 0xb1,

    /// <summary>The same, once a second.</summary>
    ConsolidatedSecond = 0xc0,

    /// <summary>The same, once a minute.</summary>
    ConsolidatedMinute = 0xc1,

    /// <summary>A trade with the best level of several venues.</summary>
    ConsolidatedTrade = 0xc2,

    /// <summary>The best level once a second.</summary>
    BestSecond = 0xc3,

    /// <summary>The best level once a minute.</summary>
    BestMinute = 0xc4,
}

/// <summary>What happened.</summary>
internal enum DbnAction : byte
{
    /// <summary>An order joins the book.</summary>
    Add = (byte)'A',

    /// <summary>An order loses lots, all or some.</summary>
    Cancel = (byte)'C',

    /// <summary>An order has a new price or size.</summary>
    Modify = (byte)'M',

    /// <summary>The book is empty.</summary>
    Clear = (byte)'R',

    /// <summary>An aggressor traded.</summary>
    Trade = (byte)'T',

    /// <summary>A resting order was hit; a cancellation or a change says what is left.</summary>
    Fill = (byte)'F',
}

/// <summary>What else is known of a record.</summary>
[Flags]
internal enum DbnFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Part of a snapshot.</summary>
    Snapshot = 1 << 5,

    /// <summary>Last record of the venue's event.</summary>
    Last = 1 << 7,
}
