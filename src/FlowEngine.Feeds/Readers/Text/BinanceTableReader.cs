using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>
/// Tables without a header that people keep of Binance's USD-M futures: forced orders (symbol without USDT, side, type,
/// time in force, quantity, price, average price, status, last filled, accumulated, trade time in ms, USD) and large
/// trades (receive time in ms, symbol, id, price, quantity, trade time in ms, whether the buyer rested). A row that
/// repeats one of the 4,096 before it is left out and counted.
/// </summary>
internal sealed class BinanceTableReader : FileReader
{
    private const int Remembered = 4096;
    private const int MaxInstruments = 100_000;
    private const int MaxDigits = 12;
    private const int SparePriceDigits = 8;
    private const int SpareLotDigits = 3;
    private const int MinOrderFields = 11;
    private const int MinTradeFields = 7;
    private const int MaxFields = 16;
    private const long MillisecondNs = 1_000_000;
    private const long LatestMs = 4_000_000_000_000;

    private readonly LineReader _lines;
    private readonly Dictionary<string, (int Price, int Lots)> _digits = [];
    private readonly Dictionary<string, ReaderInstrument> _instruments = [];
    private readonly HashSet<string> _rows = [];
    private readonly Queue<string> _oldest = new();

    /// <summary>A reader that owns the stream; the head tells how many digits prices and sizes have.</summary>
    public BinanceTableReader(string path, Stream stream, ReadOnlySpan<byte> head)
        : base(path, FeedVenue.Binance)
    {
        _lines = new LineReader(stream);
        while (head.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (TryRead(head[..end].TrimEnd((byte)'\r'), out Row row))
            {
                Learn(in row);
            }

            head = head[(end + 1)..];
        }
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.BinanceTable;

    /// <inheritdoc/>
    public override string Place => _lines.Place;

    /// <summary>Whether a line is a row of one of the two tables.</summary>
    public static bool Detect(ReadOnlySpan<byte> line) => TryRead(line, out _);

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

        Statistics.Records++;
        if (!TryRead(line, out Row row))
        {
            Statistics.Refuse(Place, "neither a forced order nor a trade");
        }
        else if (IsRepeated(line))
        {
            Statistics.Duplicates++;
        }
        else if (Write(in row) is { } fault)
        {
            Statistics.Refuse(Place, fault);
        }

        return true;
    }

    private string? Write(in Row row)
    {
        Run.CaptureTimeNs = row.ReceiveMs * MillisecondNs;
        string symbol = SymbolOf(in row);
        if (!_instruments.TryGetValue(symbol, out ReaderInstrument? instrument))
        {
            if (_instruments.Count >= MaxInstruments)
            {
                return $"more than {MaxInstruments} instruments";
            }

            Learn(in row);
            (int priceDigits, int lotDigits) = _digits[symbol];
            // Some symbols are Chinese; the wire has ASCII.
            instrument = new ReaderInstrument(FeedVenue.Binance, Uri.EscapeDataString(symbol), symbol)
            {
                Quantum = new DecimalScale(1, (sbyte)-priceDigits),
                Lot = new DecimalScale(1, (sbyte)-lotDigits),
                Contract = ContractKind.Linear,
            };
            _instruments.Add(symbol, instrument);
            Run.Define(instrument);
        }

        if (!DecimalText.TryParse(row.Price, -instrument.Quantum.Exponent, out long price)
            || !DecimalText.TryParse(row.Size, -instrument.Lot.Exponent, out long lots)
            || price is <= 0 or > FeedLimits.MaxPriceQuanta || lots is <= 0 or > FeedLimits.MaxLots)
        {
            return "a price or a size off the grid";
        }

        long timeNs = row.TimeMs * MillisecondNs;
        if (row.IsOrder)
        {
            // The venue tells at most one a symbol and second.
            Run.Liquidation(instrument, timeNs, Wire.UpdateFlags.EndOfEvent | Wire.UpdateFlags.Throttled,
                new RunLevel(row.Side, price, lots));
        }
        else
        {
            Run.Trade(instrument, timeNs, Wire.UpdateFlags.EndOfEvent, new RunTrade(row.Id, row.Side, price, lots));
        }

        return null;
    }

    private bool IsRepeated(ReadOnlySpan<byte> line)
    {
        string text = Encoding.UTF8.GetString(line);
        if (!_rows.Add(text))
        {
            return true;
        }

        _oldest.Enqueue(text);
        if (_oldest.Count > Remembered)
        {
            _rows.Remove(_oldest.Dequeue());
        }

        return false;
    }

    private void Learn(in Row row)
    {
        string symbol = SymbolOf(in row);
        // A table has no book: finer units than its head needs cost nothing, and what follows fits.
        (int price, int lots) = _digits.GetValueOrDefault(symbol, (SparePriceDigits, SpareLotDigits));
        price = Math.Max(price, DecimalText.SignificantDigits(row.Price));
        lots = Math.Max(lots, DecimalText.SignificantDigits(row.Size));
        _digits[symbol] = (Math.Min(price, MaxDigits), Math.Min(lots, MaxDigits));
    }

    private static string SymbolOf(in Row row) => Encoding.UTF8.GetString(row.Symbol) + (row.IsOrder ? "USDT" : "");

    private static bool TryRead(ReadOnlySpan<byte> line, out Row row)
    {
        row = default;
        Span<Range> cells = stackalloc Range[MaxFields];
        int count = Split(line, cells);
        if (count < MinTradeFields)
        {
            return false;
        }

        ReadOnlySpan<byte> side = Cell(line, cells[1]);
        bool isOrder = count >= MinOrderFields && (side.SequenceEqual("SELL"u8) || side.SequenceEqual("BUY"u8));
        long id = 0;
        bool isRow = isOrder
            ? TryTime(Cell(line, cells[10]), out long timeMs)
            : TryTime(Cell(line, cells[5]), out timeMs);
        long receiveMs = timeMs;
        ReadOnlySpan<byte> buyerRests = Cell(line, cells[6]);
        isRow &= isOrder || (TryTime(Cell(line, cells[0]), out receiveMs)
            && CsvFields.TryWhole(Cell(line, cells[2]), out id)
            && (buyerRests.SequenceEqual("True"u8) || buyerRests.SequenceEqual("False"u8)));
        bool isSell = isOrder ? side.SequenceEqual("SELL"u8) : buyerRests.SequenceEqual("True"u8);
        row = new Row
        {
            IsOrder = isOrder,
            Symbol = Cell(line, cells[isOrder ? 0 : 1]),
            Price = Cell(line, cells[isOrder ? 5 : 3]),
            Size = Cell(line, cells[4]),
            Side = isSell ? Side.Ask : Side.Bid,
            Id = (ulong)id,
            TimeMs = timeMs,
            ReceiveMs = receiveMs,
        };
        return isRow && !row.Symbol.IsEmpty && !row.Symbol.ContainsAnyInRange((byte)0, (byte)0x20)
            && DecimalText.SignificantDigits(row.Price) >= 0 && DecimalText.SignificantDigits(row.Size) >= 0;
    }

    private static int Split(ReadOnlySpan<byte> line, Span<Range> cells)
    {
        (int count, int start) = (0, 0);
        while (count < cells.Length)
        {
            int comma = line[start..].IndexOf((byte)',');
            cells[count++] = start..(comma < 0 ? line.Length : start + comma);
            if (comma < 0)
            {
                return count;
            }

            start += comma + 1;
        }

        return 0;
    }

    private static ReadOnlySpan<byte> Cell(ReadOnlySpan<byte> line, Range cell) => line[cell].Trim((byte)' ');

    private static bool TryTime(ReadOnlySpan<byte> field, out long ms) =>
        CsvFields.TryWhole(field, out ms) && ms is > 1_000_000_000_000 and < LatestMs;

    private ref struct Row
    {
        public bool IsOrder;
        public ReadOnlySpan<byte> Symbol;
        public ReadOnlySpan<byte> Price;
        public ReadOnlySpan<byte> Size;
        public Side Side;
        public ulong Id;
        public long TimeMs;
        public long ReceiveMs;
    }
}
