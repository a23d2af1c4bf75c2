using System.Text;
using FlowEngine.Feeds.Cme;
using Own = FlowEngine.Messages.MarketData;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Captures;

/// <summary>
/// What the first part of a CME capture says of its instruments, and the assumptions that stand in for what it does not
/// say: the price step of instruments that it does not define, and empty books where it has no snapshot. Cold.
/// </summary>
internal sealed class CmeSurvey
{
    private const int MaxRunLength = 60_000;
    private const int MaxEntryLength = 512;
    private const int FewPrices = 8;
    private const long CoarsestQuantumE9 = 100_000;
    private const long QuantumOfFewE9 = 100;

    private readonly Dictionary<int, Seen> _instruments = [];

    /// <summary>Takes note of a datagram.</summary>
    public void See(ReadOnlySpan<byte> datagram)
    {
        ReadOnlySpan<byte> rest = datagram[CmeFraming.PacketHeaderLength..];
        while (CmeFraming.TryNext(ref rest, out ReadOnlySpan<byte> message))
        {
            if (CmeDefinition.TryRead(message, out CmeDefinition definition))
            {
                Of(definition.SecurityId).IsDefined = true;
            }
            else if (!TrySeeBooks(message) && !TrySeeOrders(message) && !TrySeeStatistics(message))
            {
                SeeSnapshots(message);
            }
        }
    }

    /// <summary>Runs of messages of <c>market-data.xml</c> that say what is assumed; none where nothing is.</summary>
    public IEnumerable<byte[]> Assumptions(long timeNs)
    {
        byte[] run = new byte[MaxRunLength];
        var length = 0;
        foreach ((int id, Seen seen) in _instruments.OrderBy(pair => pair.Key))
        {
            if (seen.IsDefined)
            {
                continue;
            }

            if (length > MaxRunLength - MaxEntryLength)
            {
                yield return run[..length];
                length = 0;
            }

            length += WriteDefinition(run.AsSpan(length), id, seen);
            length += seen.HasSnapshot ? 0 : WriteReset(run.AsSpan(length), id, timeNs);
        }

        if (length > 0)
        {
            yield return run[..length];
        }
    }

    private static int WriteDefinition(Span<byte> destination, int id, Seen seen)
    {
        long quantum = QuantumOfFewE9;
        long tick = 1;
        if (seen.Prices >= FewPrices && seen.CommonE9 > 0)
        {
            quantum = 1;
            while (quantum < CoarsestQuantumE9 && seen.CommonE9 % (quantum * 10) == 0)
            {
                quantum *= 10;
            }

            tick = Math.Min(seen.CommonE9 / quantum, int.MaxValue);
        }

        var writer = new Own.InstrumentDefinitionWriter(destination)
        {
            InstrumentId = (uint)id,
            Venue = Own.Venue.Cme,
            ContractKind = Own.ContractKind.Unknown,
            Status = Own.TradingStatus.Unknown,
            TickQuanta = (uint)tick,
            FeedDepthLevels = CmeDefinition.DefaultDepth,
            ExpiryTime = 0,
            BookKind = Own.BookKind.PriceLevels,
            DepthRule = Own.DepthRule.AtOnce,
            HasImpliedBook = seen.HasImplied ? (byte)1 : (byte)0,
        };
        Write(writer.PriceQuantum, (sbyte)(Digits(quantum) - 9));
        Write(writer.Lot, 0);
        Write(writer.ContractMultiplier, 0);
        writer.SetSymbol(Encoding.ASCII.GetBytes($"CME:{(uint)id}"));
        return writer.EncodedLength;
    }

    private static int WriteReset(Span<byte> destination, int id, long timeNs)
    {
        var writer = new Own.SessionResetWriter(destination)
        {
            InstrumentId = (uint)id,
            VenueTime = timeNs,
            Sequence = 0,
        };
        return writer.EncodedLength;
    }

    private static void Write(Own.DecimalScaleWriter writer, sbyte exponent)
    {
        writer.Mantissa = 1;
        writer.Exponent = exponent;
    }

    private static int Digits(long powerOfTen)
    {
        var digits = 0;
        for (; powerOfTen >= 10; powerOfTen /= 10)
        {
            digits++;
        }

        return digits;
    }

    private bool TrySeeBooks(ReadOnlySpan<byte> message)
    {
        if (Wire.BookUpdateReader.TryWrap(message, out var book))
        {
            foreach (var x in book.Entries) { Of(x.SecurityId).See(x.BookEntry, x.Price, 1); }
        }
        else if (Wire.BookUpdate7Reader.TryWrap(message, out var book7))
        {
            foreach (var x in book7.Entries) { Of(x.SecurityId).See(x.BookEntry, x.Price, CmeInstrument.From7); }
        }
        else if (Wire.BookUpdateLongReader.TryWrap(message, out var bookLong))
        {
            foreach (var x in bookLong.Entries) { Of(x.SecurityId).See(x.BookEntry, x.Price, 1); }
        }
        else if (Wire.TradeSummaryReader.TryWrap(message, out var trade))
        {
            foreach (var x in trade.Entries) { Of(x.SecurityId).See(default, x.Price, 1); }
        }
        else if (Wire.TradeSummary7Reader.TryWrap(message, out var trade7))
        {
            foreach (var x in trade7.Entries) { Of(x.SecurityId).See(default, x.Price, CmeInstrument.From7); }
        }
        else if (Wire.TradeSummaryLongReader.TryWrap(message, out var tradeLong))
        {
            foreach (var x in tradeLong.Entries) { Of(x.SecurityId).See(default, x.Price, 1); }
        }
        else if (Wire.TradeOldReader.TryWrap(message, out var tradeOld))
        {
            foreach (var x in tradeOld.Entries) { Of(x.SecurityId).See(default, x.Price, CmeInstrument.From7); }
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool TrySeeOrders(ReadOnlySpan<byte> message)
    {
        if (Wire.OrderUpdateReader.TryWrap(message, out var orders))
        {
            foreach (var x in orders.Entries) { Of(x.SecurityId).See(x.BookEntry, x.Price, 1); }
        }
        else if (Wire.OrderUpdate7Reader.TryWrap(message, out var orders7))
        {
            foreach (var x in orders7.Entries) { Of(x.SecurityId).See(x.BookEntry, x.Price, CmeInstrument.From7); }
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool TrySeeStatistics(ReadOnlySpan<byte> message)
    {
        if (Wire.VolumeReader.TryWrap(message, out var volume))
        {
            foreach (var x in volume.Entries) { Of(x.SecurityId); }
        }
        else if (Wire.VolumeLongReader.TryWrap(message, out var volumeLong))
        {
            foreach (var x in volumeLong.Entries) { Of(x.SecurityId); }
        }
        else if (Wire.SessionStatistics7Reader.TryWrap(message, out var session7))
        {
            foreach (var x in session7.Entries) { Of(x.SecurityId); }
        }
        else if (Wire.SessionStatisticsReader.TryWrap(message, out var session))
        {
            foreach (var x in session.Entries) { Of(x.SecurityId); }
        }
        else if (Wire.SessionStatisticsLongReader.TryWrap(message, out var sessionLong))
        {
            foreach (var x in sessionLong.Entries) { Of(x.SecurityId); }
        }
        else
        {
            return false;
        }

        return true;
    }

    private void SeeSnapshots(ReadOnlySpan<byte> message)
    {
        if (Wire.SnapshotReader.TryWrap(message, out var book))
        {
            Of(book.SecurityId).HasSnapshot = true;
            foreach (var x in book.Entries) { Of(book.SecurityId).See((Wire.BookEntry)x.EntryType, x.Price, 1); }
        }
        else if (Wire.Snapshot7Reader.TryWrap(message, out var book7))
        {
            Of(book7.SecurityId).HasSnapshot = true;
            foreach (var x in book7.Entries)
            {
                Of(book7.SecurityId).See((Wire.BookEntry)x.EntryType, x.Price, CmeInstrument.From7);
            }
        }
        else if (Wire.SnapshotLongReader.TryWrap(message, out var bookLong))
        {
            Of(bookLong.SecurityId).HasSnapshot = true;
            foreach (var x in bookLong.Entries)
            {
                Of(bookLong.SecurityId).See((Wire.BookEntry)x.EntryType, x.Price, 1);
            }
        }
        else if (Wire.OrderSnapshotReader.TryWrap(message, out var orders))
        {
            Of(orders.SecurityId).HasSnapshot = true;
            foreach (var x in orders.Entries) { Of(orders.SecurityId).See(x.BookEntry, x.Price, 1); }
        }
        else if (Wire.OrderSnapshot7Reader.TryWrap(message, out var orders7))
        {
            Of(orders7.SecurityId).HasSnapshot = true;
            foreach (var x in orders7.Entries)
            {
                Of(orders7.SecurityId).See(x.BookEntry, x.Price, CmeInstrument.From7);
            }
        }
    }

    private Seen Of(int securityId)
    {
        if (!_instruments.TryGetValue(securityId, out Seen? seen))
        {
            seen = new Seen();
            _instruments.Add(securityId, seen);
        }

        return seen;
    }

    private sealed class Seen
    {
        public bool IsDefined { get; set; }

        public bool HasSnapshot { get; set; }

        public bool HasImplied { get; private set; }

        public int Prices { get; private set; }

        /// <summary>Greatest common divisor of all prices, in 1e-9.</summary>
        public long CommonE9 { get; private set; }

        public void See(Wire.BookEntry entry, long mantissa, int toE9)
        {
            HasImplied |= entry is Wire.BookEntry.ImpliedBid or Wire.BookEntry.ImpliedOffer;
            if (mantissa == long.MaxValue || Int128.Abs(mantissa) > FeedLimits.MaxFixed9 / toE9)
            {
                return;
            }

            Prices++;
            long left = Math.Abs(mantissa * toE9);
            long right = CommonE9;
            while (right != 0)
            {
                (left, right) = (right, left % right);
            }

            CommonE9 = left;
        }
    }
}
