using System.Buffers.Binary;
using System.Text;
using FlowEngine.Messages.Cme;

namespace FlowEngine.Tests.Feeds.Cme;

/// <summary>One CME datagram, message by message through the generated writers.</summary>
internal sealed class CmePackets
{
    public const int Es = 4711;
    public const ulong Event = 1_700_000_000_000_000_000;

    private readonly byte[] _bytes = new byte[60_000];
    private int _length = 12;

    public CmePackets(uint sequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes, sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(4), Event);
    }

    private Span<byte> Room => _bytes.AsSpan(_length + 2);

    public byte[] Done() => _bytes[.._length];

    /// <summary>A level by position; price in whole points.</summary>
    public readonly record struct Level(
        uint Report,
        char Entry,
        int Position,
        double Price,
        int Size,
        UpdateAction Action = UpdateAction.New,
        int Security = Es);

    public readonly record struct Order(
        ulong Id, char Entry, double Price, int Lots, UpdateAction Action = UpdateAction.New, int Security = Es);

    public CmePackets Heartbeat() => Close(new HeartbeatWriter(Room).EncodedLength);

    public CmePackets Future(
        int security = Es,
        string symbol = "ESZ3",
        double tick = 0.25,
        byte status = 17,
        char action = 'A',
        uint? reports = null,
        double factor = 1,
        sbyte implied = 0)
    {
        var writer = new FutureDefinitionWriter(Room)
        {
            Reports = reports ?? FutureDefinitionReader.ReportsNull,
            UpdateAction = (byte)action,
            Status = status,
            SecurityId = security,
            Tick = ToE9(tick),
            DisplayFactor = ToE9(factor),
            UnitQuantity = ToE9(50),
        };
        writer.SetGroup("ES"u8);
        writer.SetAsset("ES"u8);
        writer.SetSymbol(Encoding.ASCII.GetBytes(symbol));
        var events = writer.BeginEvents(1);
        events.Next();
        events.EventType = 7;
        events.Time = Event + 1;
        var feeds = writer.BeginFeeds(implied == 0 ? 1 : 2);
        feeds.Next();
        feeds.SetFeedType("GBX"u8);
        feeds.Depth = 10;
        if (implied != 0)
        {
            feeds.Next();
            feeds.SetFeedType("GBI"u8);
            feeds.Depth = implied;
        }

        return Close(writer.EncodedLength);
    }

    public CmePackets Book(bool isEnd, params Level[] levels) => Book(Event, isEnd, levels);

    public CmePackets Book(ulong time, bool isEnd, params Level[] levels)
    {
        var writer = new BookUpdateWriter(Room) { EventTime = time, Indicator = Ends(isEnd) };
        var entries = writer.BeginEntries(levels.Length);
        foreach (Level level in levels)
        {
            entries.Next();
            entries.Price = ToE9(level.Price);
            entries.Size = level.Size;
            entries.SecurityId = level.Security;
            entries.ReportSequence = level.Report;
            entries.OrderCount = 1;
            entries.Level = (byte)level.Position;
            entries.Action = level.Action;
            entries.BookEntry = (BookEntry)level.Entry;
        }

        writer.BeginOrders(0);
        return Close(writer.EncodedLength);
    }

    public CmePackets OldBook(params Level[] levels)
    {
        var writer = new BookUpdate7Writer(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(levels.Length);
        foreach (Level level in levels)
        {
            entries.Next();
            entries.Price = ToE9(level.Price) / 100;
            entries.Size = level.Size;
            entries.SecurityId = level.Security;
            entries.ReportSequence = level.Report;
            entries.OrderCount = 1;
            entries.Level = (byte)level.Position;
            entries.Action = level.Action;
            entries.BookEntry = (BookEntry)level.Entry;
        }

        writer.BeginOrders(0);
        return Close(writer.EncodedLength);
    }

    public CmePackets LongBook(uint report, double price, ulong size)
    {
        var writer = new BookUpdateLongWriter(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(1);
        entries.Next();
        entries.Price = ToE9(price);
        entries.Size = size;
        entries.SecurityId = Es;
        entries.ReportSequence = report;
        entries.OrderCount = 1;
        entries.Level = 1;
        entries.Action = UpdateAction.New;
        entries.BookEntry = BookEntry.Bid;
        writer.BeginOrders(0);
        return Close(writer.EncodedLength);
    }

    public CmePackets Orders(params Order[] orders)
    {
        var writer = new OrderUpdateWriter(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(orders.Length);
        foreach (Order order in orders)
        {
            entries.Next();
            entries.OrderId = order.Id;
            entries.OrderPriority = order.Id;
            entries.Price = ToE9(order.Price);
            entries.DisplayLots = order.Lots;
            entries.SecurityId = order.Security;
            entries.Action = order.Action;
            entries.BookEntry = (BookEntry)order.Entry;
        }

        return Close(writer.EncodedLength);
    }

    /// <summary>A level with the orders behind it in one message.</summary>
    public CmePackets BookWithOrders(Level level, params (ulong Id, OrderAction Action, int Lots)[] orders)
    {
        var writer = new BookUpdateWriter(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(1);
        entries.Next();
        entries.Price = ToE9(level.Price);
        entries.Size = level.Size;
        entries.SecurityId = level.Security;
        entries.ReportSequence = level.Report;
        entries.OrderCount = orders.Length;
        entries.Level = (byte)level.Position;
        entries.Action = level.Action;
        entries.BookEntry = (BookEntry)level.Entry;
        var behind = writer.BeginOrders(orders.Length);
        foreach (var order in orders)
        {
            behind.Next();
            behind.OrderId = order.Id;
            behind.OrderPriority = order.Id;
            behind.DisplayLots = order.Lots;
            behind.Reference = 1;
            behind.OrderAction = order.Action;
        }

        return Close(writer.EncodedLength);
    }

    public CmePackets Trade(
        uint report, double price, int size, byte aggressor, uint id = 9, UpdateAction action = UpdateAction.New,
        bool isEnd = true)
    {
        var writer = new TradeSummaryWriter(Room) { EventTime = Event, Indicator = Ends(isEnd) };
        var entries = writer.BeginEntries(1);
        entries.Next();
        entries.Price = ToE9(price);
        entries.Size = size;
        entries.SecurityId = Es;
        entries.ReportSequence = report;
        entries.OrderCount = 2;
        entries.Aggressor = aggressor;
        entries.Action = action;
        entries.TradeEntryId = id;
        var fills = writer.BeginFills(1);
        fills.Next();
        fills.OrderId = 1;
        fills.LastLots = size;
        return Close(writer.EncodedLength);
    }

    public CmePackets LongTrade(uint report, double price, ulong size)
    {
        var writer = new TradeSummaryLongWriter(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(1);
        entries.Next();
        entries.Price = ToE9(price);
        entries.Size = size;
        entries.SecurityId = Es;
        entries.ReportSequence = report;
        entries.OrderCount = 2;
        entries.Aggressor = 2;
        entries.Action = UpdateAction.New;
        entries.TradeEntryId = 77;
        writer.BeginFills(0);
        return Close(writer.EncodedLength);
    }

    public CmePackets Volume(uint report)
    {
        var writer = new VolumeWriter(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(1);
        entries.Next();
        entries.Size = 1000;
        entries.SecurityId = Es;
        entries.ReportSequence = report;
        entries.Action = UpdateAction.New;
        return Close(writer.EncodedLength);
    }

    public CmePackets OpenInterest(uint report, int lots)
    {
        var writer = new DailyStatisticsWriter(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(1);
        entries.Next();
        entries.Price = DailyStatisticsReader.EntriesEntry.PriceNull;
        entries.Size = lots;
        entries.SecurityId = Es;
        entries.ReportSequence = report;
        entries.Action = UpdateAction.New;
        entries.EntryType = (byte)'C';
        return Close(writer.EncodedLength);
    }

    public CmePackets Status(byte status, string group = "ES", int? security = null)
    {
        var writer = new SecurityStatusWriter(Room)
        {
            EventTime = Event,
            SecurityId = security ?? SecurityStatusReader.SecurityIdNull,
            Indicator = MatchEvent.None,
            Status = status,
        };
        writer.SetGroup(Encoding.ASCII.GetBytes(group));
        writer.SetAsset(""u8);
        return Close(writer.EncodedLength);
    }

    public CmePackets ChannelReset()
    {
        var writer = new ChannelResetWriter(Room) { EventTime = Event, Indicator = MatchEvent.EndOfEvent };
        var entries = writer.BeginEntries(1);
        entries.Next();
        entries.Channel = 310;
        return Close(writer.EncodedLength);
    }

    public CmePackets Snapshot(
        uint report, uint lastPacket, params (char Entry, int Position, double Price, int Size)[] levels)
    {
        var writer = new SnapshotWriter(Room)
        {
            LastPacket = lastPacket,
            Reports = 1,
            SecurityId = Es,
            ReportSequence = report,
            EventTime = Event,
            Status = 17,
        };
        var entries = writer.BeginEntries(levels.Length);
        foreach (var level in levels)
        {
            entries.Next();
            entries.Price = ToE9(level.Price);
            entries.Size = level.Size;
            entries.OrderCount = 1;
            entries.Level = (sbyte)level.Position;
            entries.EntryType = (byte)level.Entry;
        }

        return Close(writer.EncodedLength);
    }

    public CmePackets OrderSnapshot(
        uint lastPacket, uint chunk, uint chunks, params (ulong Id, char Entry, double Price, int Lots)[] orders)
    {
        var writer = new OrderSnapshotWriter(Room)
        {
            LastPacket = lastPacket,
            Reports = 1,
            SecurityId = Es,
            Chunks = chunks,
            Chunk = chunk,
            EventTime = Event,
        };
        var entries = writer.BeginEntries(orders.Length);
        foreach (var order in orders)
        {
            entries.Next();
            entries.OrderId = order.Id;
            entries.OrderPriority = order.Id;
            entries.Price = ToE9(order.Price);
            entries.DisplayLots = order.Lots;
            entries.BookEntry = (BookEntry)order.Entry;
        }

        return Close(writer.EncodedLength);
    }

    private static MatchEvent Ends(bool isEnd) => isEnd ? MatchEvent.EndOfEvent : MatchEvent.LastQuote;

    private static long ToE9(double price) => (long)Math.Round(price * 1e9);

    private CmePackets Close(int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_length), (ushort)(length + 2));
        _length += length + 2;
        return this;
    }
}
