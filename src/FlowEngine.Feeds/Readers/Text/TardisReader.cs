using System.Runtime.InteropServices;
using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>Tardis CSV; what its rows tell, and where its columns are, the first line says.</summary>
internal sealed class TardisReader : FileReader
{
    private const long MicrosecondNs = 1000;
    private const long LatestMicroseconds = 4_000_000_000_000_000;
    private const int FixedDigits = 9;
    private const int MaxInstruments = 100_000;

    private readonly LineReader _lines;
    private readonly Dictionary<string, TardisInstrument> _instruments = [];
    private readonly Dictionary<string, (int Price, int Lots)> _digits = [];
    private readonly TardisUpdates _updates = new();
    private readonly List<RunLevel> _levels = [];
    private readonly bool _isLiquidations;
    private Range[] _cells = [];
    private TardisColumns? _columns;
    private bool _ended;

    /// <summary>A reader that owns the stream; the head tells how many digits prices and sizes have.</summary>
    public TardisReader(string path, Stream stream, ReadOnlySpan<byte> head)
        : base(path, FeedVenue.Other)
    {
        _isLiquidations = System.IO.Path.GetFileName(path).Contains("liquidations", StringComparison.OrdinalIgnoreCase);
        _lines = new LineReader(stream);
        Learn(head);
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Tardis;

    /// <inheritdoc/>
    public override string Place => _lines.Place;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lines.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        if (_ended || !_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            bool hasLast = !_ended && _updates.End(Run);
            _ended = true;
            return hasLast;
        }

        if (_columns is null)
        {
            _columns = TardisColumns.TryParse(line, _isLiquidations);
            _cells = new Range[_columns?.Count ?? 0];
            if (_columns is null)
            {
                Statistics.Refuse(Place, "columns of no type that is read here: the file is passed over");
            }

            return _columns is not null;
        }

        Statistics.Records++;
        string? fault = _columns.TryRead(line, _cells, out TardisRow row) ? Write(in row) : "another number of fields";
        if (fault is not null)
        {
            Statistics.Refuse(Place, fault);
        }

        return true;
    }

    private string? Write(in TardisRow row)
    {
        if (!TryTime(row.Time, out long timeNs) || !TryTime(row.LocalTime, out long localNs) || row.Symbol.IsEmpty)
        {
            return "no symbol or no time";
        }

        Run.CaptureTimeNs = localNs;
        string key = $"{Encoding.UTF8.GetString(row.Exchange)} {Encoding.UTF8.GetString(row.Symbol)}";
        if (!_instruments.TryGetValue(key, out TardisInstrument? instrument))
        {
            if (_instruments.Count >= MaxInstruments)
            {
                return $"more than {MaxInstruments} instruments";
            }

            Learn(_columns!, in row);
            (int priceDigits, int lotDigits) = _digits[key];
            instrument = new TardisInstrument(
                Encoding.UTF8.GetString(row.Symbol), key, priceDigits, lotDigits, _columns!.Depth);
            _instruments.Add(key, instrument);
            Run.Define(instrument.Definition);
        }

        return _columns!.Kind switch
        {
            TardisKind.Trades or TardisKind.Liquidations => ReadTrade(in row, instrument, timeNs),
            TardisKind.IncrementalBook => ReadLevel(in row, instrument, timeNs),
            TardisKind.DerivativeTicker => ReadTicker(in row, instrument, timeNs),
            _ => ReadBook(in row, instrument, timeNs),
        };
    }

    // price, amount, side, id
    private string? ReadTrade(in TardisRow row, TardisInstrument instrument, long timeNs)
    {
        if (!TryLevel(SideOf(row[6]), row[4], row[5], instrument, out RunLevel level) || level.Lots == 0)
        {
            return "no trade";
        }

        if (_columns!.Kind == TardisKind.Liquidations)
        {
            if (level.Side == Side.Unknown)
            {
                return "a forced order without its side";
            }

            Run.Liquidation(instrument.Definition, timeNs, Wire.UpdateFlags.EndOfEvent, in level);
            return null;
        }

        _ = CsvFields.TryWhole(row[7], out long id);
        Run.Trade(instrument.Definition, timeNs, Wire.UpdateFlags.EndOfEvent,
            new RunTrade((ulong)id, level.Side, level.Price, level.Lots));
        return null;
    }

    // price, amount, side, is_snapshot
    private string? ReadLevel(in TardisRow row, TardisInstrument instrument, long timeNs)
    {
        Side side = row[6].SequenceEqual("bid"u8) ? Side.Bid : row[6].SequenceEqual("ask"u8) ? Side.Ask : Side.Unknown;
        if (side == Side.Unknown || !TryLevel(side, row[4], row[5], instrument, out RunLevel level))
        {
            return "no level";
        }

        _updates.Add(Run, instrument, timeNs, Run.CaptureTimeNs, row[7].SequenceEqual("true"u8), in level);
        return null;
    }

    // Bid price and size, ask price and size, from the best rank on; what is not there is empty.
    private string? ReadBook(in TardisRow row, TardisInstrument instrument, long timeNs)
    {
        _levels.Clear();
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Bid, Side.Ask])
        {
            for (int at = TardisColumns.FirstOwn + (side == Side.Bid ? 0 : 2); at < row.Length; at += 4)
            {
                if (row[at].IsEmpty)
                {
                    continue;
                }

                if (!TryLevel(side, row[at], row[at + 1], instrument, out RunLevel level))
                {
                    return "no level";
                }

                if (level.Lots > 0)
                {
                    _levels.Add(level);
                }
            }
        }

        instrument.Picture.Write(Run, timeNs, Wire.UpdateFlags.None,
            CollectionsMarshal.AsSpan(_levels));
        return null;
    }

    // mark, open interest, index, funding; each may be empty.
    private string? ReadTicker(in TardisRow row, TardisInstrument instrument, long timeNs)
    {
        if (!TryOptional(row[4], FixedDigits, out long? mark) || !TryOptional(row[6], FixedDigits, out long? index)
            || !TryOptional(row[7], FixedDigits, out long? funding)
            || !TryOptional(row[5], instrument.LotDigits, out long? interest) || interest < 0)
        {
            return "no ticker";
        }

        if (mark is null && index is null && funding is null && interest is null)
        {
            Statistics.Skipped++;
            return null;
        }

        Run.Ticker(instrument.Definition, timeNs, mark, index, funding, interest);
        return null;
    }

    private static bool TryOptional(ReadOnlySpan<byte> text, int digits, out long? value)
    {
        value = null;
        if (text.IsEmpty)
        {
            return true;
        }

        bool isNumber = DecimalText.TryRound(text, digits, out long parsed);
        value = parsed;
        return isNumber;
    }

    private static bool TryTime(ReadOnlySpan<byte> field, out long timeNs)
    {
        bool isTime = CsvFields.TryWhole(field, out long time) && time is > 0 and <= LatestMicroseconds;
        timeNs = isTime ? time * MicrosecondNs : 0;
        return isTime;
    }

    private static Side SideOf(ReadOnlySpan<byte> side) => side.SequenceEqual("buy"u8) ? Side.Buy
        : side.SequenceEqual("sell"u8) ? Side.Sell
        : Side.Unknown;

    private static bool TryLevel(Side side, ReadOnlySpan<byte> price, ReadOnlySpan<byte> size,
        TardisInstrument instrument, out RunLevel level)
    {
        bool isPrice = DecimalText.TryParse(price, instrument.PriceDigits, out long quanta);
        bool isSize = DecimalText.TryParse(size, instrument.LotDigits, out long lots);
        level = new RunLevel(side, quanta, lots);
        return isPrice && isSize && lots >= 0;
    }

    private void Learn(ReadOnlySpan<byte> head)
    {
        TardisColumns? columns = null;
        Range[] cells = [];
        while (head.IndexOf((byte)'\n') is var end and >= 0)
        {
            ReadOnlySpan<byte> line = head[..end].TrimEnd((byte)'\r');
            head = head[(end + 1)..];
            if (columns is null)
            {
                columns = TardisColumns.TryParse(line, _isLiquidations);
                cells = new Range[columns?.Count ?? 0];
            }

            if (columns is null)
            {
                return;
            }

            if (columns.TryRead(line, cells, out TardisRow row))
            {
                Learn(columns, in row);
            }
        }
    }

    private void Learn(TardisColumns columns, in TardisRow row)
    {
        string key = $"{Encoding.UTF8.GetString(row.Exchange)} {Encoding.UTF8.GetString(row.Symbol)}";
        (int price, int lots) = _digits.GetValueOrDefault(key);
        // A ticker's prices are at 1e-9 whatever their digits; its open interest is in lots.
        bool isTicker = columns.Kind == TardisKind.DerivativeTicker;
        int step = columns.Kind is TardisKind.Quotes or TardisKind.BookSnapshot ? 2 : row.Length;
        for (int at = TardisColumns.FirstOwn; at + 1 < row.Length; at += step)
        {
            price = isTicker ? price : Math.Max(price, DecimalText.SignificantDigits(row[at]));
            lots = Math.Max(lots, DecimalText.SignificantDigits(row[at + 1]));
        }

        _digits[key] = (price, lots);
    }
}
