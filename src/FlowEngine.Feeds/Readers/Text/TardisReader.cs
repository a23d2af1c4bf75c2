using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>Tardis CSV of trades or of quotes; which, and where its columns are, the first line tells.</summary>
internal sealed class TardisReader : FileReader
{
    private const long MicrosecondNs = 1000;
    private const long LatestMicroseconds = 4_000_000_000_000_000;

    private readonly LineReader _lines;
    private readonly Dictionary<string, TardisInstrument> _instruments = [];
    private readonly Dictionary<string, (int Price, int Lots)> _digits = [];
    private TardisColumns? _columns;

    /// <summary>A reader that owns the stream; the head tells how many digits prices and sizes have.</summary>
    public TardisReader(string path, Stream stream, ReadOnlySpan<byte> head)
        : base(path, FeedVenue.Other)
    {
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
        if (!_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (_columns is null)
        {
            _columns = TardisColumns.TryParse(line);
            if (_columns is null)
            {
                Statistics.Refuse(Place, "columns of neither trades nor quotes: the file cannot be read");
            }

            return _columns is not null;
        }

        Statistics.Records++;
        if (!_columns.TryRead(line, out TardisRow row) || !TryWrite(in row))
        {
            Statistics.Refuse(Place, _columns.IsTrades ? "no trade" : "no quote");
        }

        return true;
    }

    private bool TryWrite(in TardisRow row)
    {
        if (!CsvFields.TryWhole(row.Time, out long time) || time is <= 0 or > LatestMicroseconds
            || !CsvFields.TryWhole(row.LocalTime, out long local) || local is <= 0 or > LatestMicroseconds
            || row.Symbol.IsEmpty)
        {
            return false;
        }

        Run.CaptureTimeNs = local * MicrosecondNs;
        string key = $"{Encoding.UTF8.GetString(row.Exchange)} {Encoding.UTF8.GetString(row.Symbol)}";
        if (!_instruments.TryGetValue(key, out TardisInstrument? instrument))
        {
            Learn(in row);
            (int priceDigits, int lotDigits) = _digits[key];
            instrument = new TardisInstrument(Encoding.UTF8.GetString(row.Symbol), key, priceDigits, lotDigits);
            _instruments.Add(key, instrument);
            Run.Define(instrument.Definition);
        }

        return _columns!.IsTrades
            ? TryTrade(in row, instrument, time * MicrosecondNs)
            : TryQuote(in row, instrument, time * MicrosecondNs);
    }

    private bool TryTrade(in TardisRow row, TardisInstrument instrument, long timeNs)
    {
        if (!DecimalText.TryParse(row.Price, instrument.PriceDigits, out long price)
            || !DecimalText.TryParse(row.Lots, instrument.LotDigits, out long lots) || lots <= 0)
        {
            return false;
        }

        Side aggressor = row.Side.SequenceEqual("buy"u8) ? Side.Buy
            : row.Side.SequenceEqual("sell"u8) ? Side.Sell
            : Side.Unknown;
        _ = CsvFields.TryWhole(row.Id, out long id);
        Run.Trade(instrument.Definition, timeNs, Wire.UpdateFlags.EndOfEvent,
            new RunTrade((ulong)id, aggressor, price, lots));
        return true;
    }

    // A quote is the whole of a book one level deep.
    private bool TryQuote(in TardisRow row, TardisInstrument instrument, long timeNs)
    {
        Span<RunLevel> levels = stackalloc RunLevel[2];
        var count = 0;
        if (!row.Price.IsEmpty && !TryLevel(Side.Bid, row.Price, row.Lots, instrument, levels, ref count))
        {
            return false;
        }

        if (!row.AskPrice.IsEmpty && !TryLevel(Side.Ask, row.AskPrice, row.AskLots, instrument, levels, ref count))
        {
            return false;
        }

        instrument.Write(Run, timeNs, levels[..count]);
        return true;
    }

    private static bool TryLevel(Side side, ReadOnlySpan<byte> price, ReadOnlySpan<byte> size,
        TardisInstrument instrument, Span<RunLevel> levels, ref int count)
    {
        if (!DecimalText.TryParse(price, instrument.PriceDigits, out long quanta)
            || !DecimalText.TryParse(size, instrument.LotDigits, out long lots) || lots < 0)
        {
            return false;
        }

        if (lots > 0)
        {
            levels[count++] = new RunLevel(side, quanta, lots);
        }

        return true;
    }

    private void Learn(ReadOnlySpan<byte> head)
    {
        TardisColumns? columns = null;
        while (head.IndexOf((byte)'\n') is var end and >= 0)
        {
            ReadOnlySpan<byte> line = head[..end].TrimEnd((byte)'\r');
            head = head[(end + 1)..];
            columns ??= TardisColumns.TryParse(line);
            if (columns is null)
            {
                return;
            }

            if (columns.TryRead(line, out TardisRow row))
            {
                Learn(in row);
            }
        }
    }

    private void Learn(in TardisRow row)
    {
        string key = $"{Encoding.UTF8.GetString(row.Exchange)} {Encoding.UTF8.GetString(row.Symbol)}";
        (int price, int lots) = _digits.GetValueOrDefault(key);
        price = Math.Max(price, DecimalText.SignificantDigits(row.Price));
        price = Math.Max(price, DecimalText.SignificantDigits(row.AskPrice));
        lots = Math.Max(lots, DecimalText.SignificantDigits(row.Lots));
        _digits[key] = (price, Math.Max(lots, DecimalText.SignificantDigits(row.AskLots)));
    }
}
