using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers;

/// <summary>
/// The normalised messages of one record, cut into venue packets: a message never spans two of them, a large one is
/// written in parts. Reused from record to record.
/// </summary>
internal sealed class NormalisedRun
{
    private const int MaxEntries = 1200;
    private const int LargestMessageLength = 40_000;
    private const int MaxSymbolLength = 64;

    private readonly List<int> _ends = [];
    private readonly ushort _venue;
    private byte[] _bytes = new byte[2 * LargestMessageLength];
    private int _length;
    private int _packetStart;
    private int _taken;

    public NormalisedRun(ushort venue) => _venue = venue;

    /// <summary>When the record was captured, nanoseconds since epoch.</summary>
    public long CaptureTimeNs { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _ends.Clear();
        _length = 0;
        _packetStart = 0;
        _taken = 0;
    }

    /// <summary>What follows goes into a packet of its own.</summary>
    public void Break()
    {
        if (_length > _packetStart)
        {
            _ends.Add(_length);
            _packetStart = _length;
        }
    }

    /// <summary>Takes the next packet out, in its envelope.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryTake(Span<byte> destination, out int length)
    {
        Break();
        length = 0;
        if (_taken == _ends.Count)
        {
            return false;
        }

        int start = _taken == 0 ? 0 : _ends[_taken - 1];
        length = VenueEnvelope.Write(
            destination, CaptureTimeNs, _venue, 0, 0, FeedFormat.Normalised, _bytes.AsSpan(start.._ends[_taken]));
        _taken++;
        return true;
    }

    public void Define(ReaderInstrument instrument)
    {
        var writer = new Wire.InstrumentDefinitionWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            Venue = (Wire.Venue)instrument.Venue,
            ContractKind = (Wire.ContractKind)instrument.Contract,
            Status = Wire.TradingStatus.Open,
            TickQuanta = (uint)instrument.TickQuanta,
            FeedDepthLevels = (ushort)instrument.DepthLevels,
            ExpiryTime = 0,
            BookKind = (Wire.BookKind)instrument.Book,
            DepthRule = (Wire.DepthRule)instrument.DepthRule,
            HasImpliedBook = 0,
        };
        Write(writer.PriceQuantum, instrument.Quantum);
        Write(writer.Lot, instrument.Lot);
        Write(writer.ContractMultiplier, instrument.Multiplier);
        Span<byte> symbol = stackalloc byte[MaxSymbolLength];
        int length = Encoding.ASCII.GetBytes(instrument.Symbol, symbol);
        writer.SetSymbol(symbol[..length]);
        _length += writer.EncodedLength;
    }

    /// <summary>Changed levels; areDeltas: lots are changes, else totals with 0 for a level that is gone.</summary>
    public void Levels(
        ReaderInstrument instrument,
        long timeNs,
        ulong sequence,
        ulong previous,
        Wire.UpdateFlags flags,
        ReadOnlySpan<RunLevel> levels,
        bool areDeltas = false)
    {
        instrument.Sequence = sequence;
        do
        {
            ReadOnlySpan<RunLevel> part = levels[..Math.Min(levels.Length, MaxEntries)];
            levels = levels[part.Length..];
            var writer = new Wire.LevelUpdateWriter(Reserve())
            {
                InstrumentId = instrument.Id,
                VenueTime = timeNs,
                Sequence = sequence,
                PreviousSequence = previous,
                Flags = levels.IsEmpty ? flags : flags & ~Wire.UpdateFlags.EndOfEvent,
            };
            var group = writer.BeginLevels(part.Length);
            foreach (RunLevel level in part)
            {
                group.Next();
                group.Action = areDeltas ? Wire.LevelAction.Delta
                    : level.Lots == 0 ? Wire.LevelAction.Delete
                    : Wire.LevelAction.Set;
                group.Side = (Wire.Side)level.Side;
                group.Price = level.Price;
                group.Lots = level.Lots;
            }

            _length += writer.EncodedLength;
        }
        while (!levels.IsEmpty);
    }

    /// <summary>A whole book.</summary>
    public void Snapshot(ReaderInstrument instrument, long timeNs, ulong sequence, ReadOnlySpan<RunLevel> levels)
    {
        instrument.Sequence = sequence;
        var isFirst = true;
        do
        {
            ReadOnlySpan<RunLevel> part = levels[..Math.Min(levels.Length, MaxEntries)];
            levels = levels[part.Length..];
            var writer = new Wire.SnapshotPieceWriter(Reserve())
            {
                InstrumentId = instrument.Id,
                VenueTime = timeNs,
                Sequence = sequence,
                IsFirst = isFirst ? (byte)1 : (byte)0,
                IsLast = levels.IsEmpty ? (byte)1 : (byte)0,
            };
            isFirst = false;
            var group = writer.BeginLevels(part.Length);
            foreach (RunLevel level in part)
            {
                group.Next();
                group.Side = (Wire.Side)level.Side;
                group.Price = level.Price;
                group.Lots = level.Lots;
            }

            _length += writer.EncodedLength;
        }
        while (!levels.IsEmpty);
    }

    /// <summary>Changed orders.</summary>
    public void Orders(
        ReaderInstrument instrument,
        long timeNs,
        ulong sequence,
        Wire.UpdateFlags flags,
        ReadOnlySpan<RunOrder> orders)
    {
        instrument.Sequence = sequence;
        do
        {
            ReadOnlySpan<RunOrder> part = orders[..Math.Min(orders.Length, MaxEntries)];
            orders = orders[part.Length..];
            var writer = new Wire.OrderUpdateWriter(Reserve())
            {
                InstrumentId = instrument.Id,
                VenueTime = timeNs,
                Sequence = sequence,
                Flags = orders.IsEmpty ? flags : flags & ~Wire.UpdateFlags.EndOfEvent,
            };
            var group = writer.BeginOrders(part.Length);
            foreach (RunOrder order in part)
            {
                group.Next();
                group.OrderId = order.Id;
                group.Action = order.Action;
                group.Side = (Wire.Side)order.Side;
                group.Price = order.Price;
                group.Lots = order.Lots;
            }

            _length += writer.EncodedLength;
        }
        while (!orders.IsEmpty);
    }

    /// <summary>A whole book by order, each level's orders in queue order.</summary>
    public void OrderSnapshot(ReaderInstrument instrument, long timeNs, ulong sequence, ReadOnlySpan<RunOrder> orders)
    {
        instrument.Sequence = sequence;
        var isFirst = true;
        do
        {
            ReadOnlySpan<RunOrder> part = orders[..Math.Min(orders.Length, MaxEntries)];
            orders = orders[part.Length..];
            var writer = new Wire.OrderSnapshotPieceWriter(Reserve())
            {
                InstrumentId = instrument.Id,
                VenueTime = timeNs,
                Sequence = sequence,
                IsFirst = isFirst ? (byte)1 : (byte)0,
                IsLast = orders.IsEmpty ? (byte)1 : (byte)0,
            };
            isFirst = false;
            var group = writer.BeginOrders(part.Length);
            foreach (RunOrder order in part)
            {
                group.Next();
                group.OrderId = order.Id;
                group.Side = (Wire.Side)order.Side;
                group.Price = order.Price;
                group.Lots = order.Lots;
            }

            _length += writer.EncodedLength;
        }
        while (!orders.IsEmpty);
    }

    /// <summary>One trade.</summary>
    public void Trade(ReaderInstrument instrument, long timeNs, Wire.UpdateFlags flags, in RunTrade trade)
    {
        var writer = new Wire.TradesWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Flags = flags,
        };
        var group = writer.BeginPrints(1);
        group.Next();
        group.TradeId = trade.Id;
        group.Aggressor = (Wire.Side)trade.Aggressor;
        group.Liquidation = trade.Liquidation;
        group.Price = trade.Price;
        group.Lots = trade.Lots;
        _length += writer.EncodedLength;
    }

    /// <summary>A forced order.</summary>
    public void Liquidation(ReaderInstrument instrument, long timeNs, Wire.UpdateFlags flags, in RunLevel order)
    {
        var writer = new Wire.LiquidationOrderWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Side = (Wire.Side)order.Side,
            Flags = flags,
            Price = order.Price,
            Lots = order.Lots,
        };
        _length += writer.EncodedLength;
    }

    /// <summary>Mark, index and funding at 1e-9 and open interest in lots, as far as they are told.</summary>
    public void Ticker(ReaderInstrument instrument, long timeNs, long? mark, long? index, long? funding, long? interest)
    {
        var writer = new Wire.DerivativeTickerWriter(Reserve()) { InstrumentId = instrument.Id, VenueTime = timeNs };
        if (mark is { } m)
        {
            writer.MarkPrice = m;
        }

        if (index is { } i)
        {
            writer.IndexPrice = i;
        }

        if (funding is { } f)
        {
            writer.FundingRate = f;
        }

        if (interest is { } o)
        {
            writer.OpenInterest = o;
        }

        _length += writer.EncodedLength;
    }

    /// <summary>Whether it trades.</summary>
    public void Status(ReaderInstrument instrument, long timeNs, TradingStatus status)
    {
        var writer = new Wire.InstrumentStatusWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Status = (Wire.TradingStatus)status,
        };
        _length += writer.EncodedLength;
    }

    /// <summary>The venue emptied the book.</summary>
    public void ClearBook(ReaderInstrument instrument, long timeNs, ulong sequence)
    {
        instrument.Sequence = sequence;
        var writer = new Wire.ClearBookWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Sequence = sequence,
        };
        _length += writer.EncodedLength;
    }

    /// <summary>The venue's best bid and ask; 0 lots: there is none.</summary>
    public void Quote(ReaderInstrument instrument, long timeNs, ulong sequence, PriceLevel bid, PriceLevel ask)
    {
        var writer = new Wire.BestQuoteWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Sequence = sequence,
            BidPrice = bid.Price,
            BidLots = bid.Lots,
            AskPrice = ask.Price,
            AskLots = ask.Lots,
        };
        _length += writer.EncodedLength;
    }

    /// <summary>The source's own picture of the best levels; at most 600 a side.</summary>
    public void Row(
        ReaderInstrument instrument, long timeNs, int depth, bool isFirst, ReadOnlySpan<RunLevel> levels)
    {
        var writer = new Wire.BookRowWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Sequence = instrument.Sequence,
            Depth = (ushort)depth,
            IsFirst = isFirst ? (byte)1 : (byte)0,
        };
        var group = writer.BeginLevels(levels.Length);
        foreach (RunLevel level in levels)
        {
            group.Next();
            group.Side = (Wire.Side)level.Side;
            group.Price = level.Price;
            group.Lots = level.Lots;
        }

        _length += writer.EncodedLength;
    }

    /// <summary>The venue's checksum of the book as of now.</summary>
    public void Checksum(
        ReaderInstrument instrument, long timeNs, Wire.ChecksumKind kind, uint value, int priceDigits, int lotDigits)
    {
        var writer = new Wire.BookChecksumWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Sequence = instrument.Sequence,
            Kind = kind,
            Value = value,
            PriceDigits = (byte)priceDigits,
            LotDigits = (byte)lotDigits,
        };
        _length += writer.EncodedLength;
    }

    /// <summary>The book can no longer be right.</summary>
    public void Lost(ReaderInstrument instrument, long timeNs, ulong sequence)
    {
        var writer = new Wire.BookLostWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Sequence = sequence,
            Reason = Wire.LossReason.Gap,
        };
        _length += writer.EncodedLength;
    }

    /// <summary>A new session: the book is empty and live.</summary>
    public void Reset(ReaderInstrument instrument, long timeNs, ulong sequence)
    {
        instrument.Sequence = sequence;
        var writer = new Wire.SessionResetWriter(Reserve())
        {
            InstrumentId = instrument.Id,
            VenueTime = timeNs,
            Sequence = sequence,
        };
        _length += writer.EncodedLength;
    }

    // Room for the largest message there is: whether it still fits into the packet is decided before it is written.
    private Span<byte> Reserve()
    {
        if (_length - _packetStart > VenueEnvelope.MaxPayloadLength - LargestMessageLength)
        {
            Break();
        }

        if (_bytes.Length - _length < LargestMessageLength)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        return _bytes.AsSpan(_length);
    }

    private static void Write(Wire.DecimalScaleWriter writer, DecimalScale scale)
    {
        writer.Mantissa = scale.Mantissa;
        writer.Exponent = scale.Exponent;
    }
}
