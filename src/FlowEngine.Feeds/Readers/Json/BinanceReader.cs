using System.Text.Json;
using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>
/// Recordings of Binance's streams, spot, USD-M and COIN-M: a line is the local time and the message. A REST snapshot
/// stands among the updates, behind some newer ones: the book buffers those and applies what the snapshot lacks.
/// </summary>
internal sealed class BinanceReader : JsonRecording
{
    private const int NanosecondDigits = 19;
    private const int Fixed9 = 9;

    private readonly Dictionary<string, BinanceInstrument> _instruments = [];
    private readonly Dictionary<string, (int Price, int Lots)> _digits = [];
    private string? _newestBookSymbol;

    /// <summary>A reader that owns the stream; the head tells how many digits prices and sizes have.</summary>
    public BinanceReader(string path, Stream stream, ReadOnlySpan<byte> head)
        : base(path, stream, FeedVenue.Binance) => Learn(head);

    /// <inheritdoc/>
    public override bool TellsVenueSequence => true;

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Binance;

    /// <inheritdoc/>
    private protected override string? ReadLine(ReadOnlySpan<byte> line)
    {
        if (!TrySplit(line, out long timeNs, out ReadOnlySpan<byte> json))
        {
            return "no local time and message";
        }

        Run.CaptureTimeNs = timeNs;
        using JsonDocument document = Parse(json);
        JsonElement root = document.RootElement;
        if (root.Field("lastUpdateId").ValueKind == JsonValueKind.Number)
        {
            return ReadSnapshot(root, timeNs);
        }

        JsonElement message = root.Field("data").ValueKind == JsonValueKind.Object ? root.Field("data") : root;
        return message.Field("e").Text() switch
        {
            "depthUpdate" => ReadDepth(message, timeNs),
            "trade" or "aggTrade" => ReadTrade(message, timeNs),
            "markPriceUpdate" => ReadMark(message, timeNs),
            "forceOrder" => ReadForced(message.Field("o"), timeNs),
            "bookTicker" => ReadQuote(message, timeNs),
            null when message.Field("u").ValueKind == JsonValueKind.Number => ReadQuote(message, timeNs),
            _ => Skip(),
        };
    }

    private string? Skip()
    {
        Statistics.Skipped++;
        return null;
    }

    private string? ReadSnapshot(JsonElement snapshot, long timeNs)
    {
        // Only COIN-M snapshots name their symbol; the others were asked for after the first updates of theirs.
        string? symbol = snapshot.Field("symbol").Text() ?? _newestBookSymbol
            ?? (_instruments.Count == 1 ? _instruments.Keys.First() : null);
        if (symbol is null || !_instruments.TryGetValue(symbol, out BinanceInstrument? instrument))
        {
            return "a snapshot before any update of its symbol";
        }

        if (!TryLevels(instrument, snapshot.Field("bids"), snapshot.Field("asks"))
            || LevelList.Exists(l => l.Lots == 0))
        {
            return "a snapshot with a level off the grid";
        }

        Run.Snapshot(instrument.Definition, snapshot.Field("T").TimeNs(timeNs),
            snapshot.Field("lastUpdateId").Sequence(), Levels);
        return null;
    }

    private string? ReadDepth(JsonElement message, long timeNs)
    {
        if (Find(message) is not { } instrument)
        {
            return "an update without symbol";
        }

        ulong first = message.Field("U").Sequence();
        ulong last = message.Field("u").Sequence();
        ulong previous = message.Field("pu").ValueKind == JsonValueKind.Number
            ? message.Field("pu").Sequence()
            : first - 1;
        if (first == 0 || last < first || !TryLevels(instrument, message.Field("b"), message.Field("a")))
        {
            return "an update without sequence, or with a level off the grid";
        }

        _newestBookSymbol = message.Field("s").Text();
        Run.Levels(instrument.Definition, message.Field("T").TimeNs(message.Field("E").TimeNs(timeNs)), last, previous,
            Wire.UpdateFlags.EndOfEvent, Levels);
        return null;
    }

    private string? ReadTrade(JsonElement message, long timeNs)
    {
        if (Find(message) is not { } instrument)
        {
            return "a trade without symbol";
        }

        if (!message.Field("p").TryDecimal(instrument.PriceDigits, out long price)
            || !message.Field("q").TryDecimal(instrument.LotDigits, out long lots) || lots < 0)
        {
            return "a trade off the grid";
        }

        if (lots == 0)
        {
            return Skip();
        }

        bool isAggregate = message.Field("e").Text() == "aggTrade";
        string? kind = message.Field("X").Text();
        Run.Trade(
            instrument.Definition,
            message.Field("T").TimeNs(timeNs),
            Wire.UpdateFlags.EndOfEvent | (kind is null or "MARKET" ? 0 : Wire.UpdateFlags.OffBook),
            new RunTrade(message.Field(isAggregate ? "a" : "t").Sequence(),
                message.Field("m").IsTrue() ? Side.Sell : Side.Buy, price, lots));
        return null;
    }

    private string? ReadMark(JsonElement message, long timeNs)
    {
        if (Find(message) is not { } instrument)
        {
            return "a mark price without symbol";
        }

        Run.Ticker(instrument.Definition, message.Field("E").TimeNs(timeNs), Optional(message.Field("p")),
            Optional(message.Field("i")), Optional(message.Field("r")), null);
        return null;
    }

    private string? ReadForced(JsonElement order, long timeNs)
    {
        if (Find(order) is not { } instrument)
        {
            return "a forced order without symbol";
        }

        if (!order.Field("p").TryDecimal(instrument.PriceDigits, out long price)
            || !order.Field("q").TryDecimal(instrument.LotDigits, out long lots) || lots <= 0
            || order.Field("S").Text() is not ("BUY" or "SELL"))
        {
            return "a forced order without side, or off the grid";
        }

        Side side = order.Field("S").Text() == "SELL" ? Side.Ask : Side.Bid;
        Run.Liquidation(instrument.Definition, order.Field("T").TimeNs(timeNs),
            Wire.UpdateFlags.EndOfEvent | Wire.UpdateFlags.Throttled, new RunLevel(side, price, lots));
        return null;
    }

    private string? ReadQuote(JsonElement message, long timeNs)
    {
        if (Find(message) is not { } instrument)
        {
            return "a quote without symbol";
        }

        (int price, int lots) = (instrument.PriceDigits, instrument.LotDigits);
        if (!message.Field("b").TryDecimal(price, out long bid)
            || !message.Field("B").TryDecimal(lots, out long bidLots)
            || !message.Field("a").TryDecimal(price, out long ask)
            || !message.Field("A").TryDecimal(lots, out long askLots))
        {
            return "a quote off the grid";
        }

        Run.Quote(instrument.Definition, message.Field("T").TimeNs(timeNs), message.Field("u").Sequence(),
            new PriceLevel(bid, bidLots), new PriceLevel(ask, askLots));
        return null;
    }

    private bool TryLevels(BinanceInstrument instrument, JsonElement bids, JsonElement asks)
    {
        LevelList.Clear();
        return TryAddLevels(bids, Side.Bid, instrument.PriceDigits, instrument.LotDigits)
            && TryAddLevels(asks, Side.Ask, instrument.PriceDigits, instrument.LotDigits);
    }

    private BinanceInstrument? Find(JsonElement message)
    {
        if (message.Field("s").Text() is not { Length: > 0 } symbol)
        {
            return null;
        }

        if (!_instruments.TryGetValue(symbol, out BinanceInstrument? instrument))
        {
            if (!_digits.TryGetValue(symbol, out (int Price, int Lots) digits))
            {
                Learn(message);
                digits = _digits[symbol];
            }

            instrument = new BinanceInstrument(symbol, KindOf(message), digits.Price, digits.Lots);
            _instruments.Add(symbol, instrument);
            Run.Define(instrument.Definition);
        }

        return instrument;
    }

    private static ContractKind KindOf(JsonElement message)
    {
        if (message.Field("ps").ValueKind == JsonValueKind.String)
        {
            return ContractKind.Inverse;
        }

        // Spot messages have no time of the matching engine, and say best match of their trades.
        bool isSpot = message.Field("T").ValueKind != JsonValueKind.Number || message.Field("M").IsTrue();
        return isSpot ? ContractKind.Spot : ContractKind.Linear;
    }

    private static long? Optional(JsonElement field) => field.TryDecimal(Fixed9, out long value) ? value : null;

    private static bool TrySplit(ReadOnlySpan<byte> line, out long timeNs, out ReadOnlySpan<byte> json)
    {
        int blank = line.IndexOf((byte)' ');
        json = blank > 0 ? line[(blank + 1)..] : default;
        timeNs = 0;
        if (blank is <= 0 or > NanosecondDigits || !CsvFields.TryWhole(line[..blank], out timeNs) || timeNs <= 0)
        {
            return false;
        }

        // Recorders write seconds, milli-, micro- or nanoseconds: all since this century began have so many digits.
        for (int digits = blank; digits < NanosecondDigits; digits++)
        {
            timeNs *= 10;
        }

        return true;
    }

    private void Learn(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf((byte)'\n') is var end and >= 0)
        {
            ReadOnlySpan<byte> line = head[..end];
            head = head[(end + 1)..];
            try
            {
                if (TrySplit(line, out _, out ReadOnlySpan<byte> json))
                {
                    using JsonDocument document = Parse(json);
                    JsonElement data = document.RootElement.Field("data");
                    Learn(data.Field("o").ValueKind == JsonValueKind.Object ? data.Field("o") : data);
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // It is told when the line is read in its turn.
                continue;
            }
        }
    }

    private void Learn(JsonElement message)
    {
        if (message.Field("s").Text() is not { Length: > 0 } symbol)
        {
            return;
        }

        (int price, int lots) = _digits.GetValueOrDefault(symbol);
        if (message.Field("e").Text() != "markPriceUpdate")
        {
            price = message.Field("p").Digits(price);
        }

        // Sizes are counted in what is written, prices in what it says: a book wants its ticks close together.
        lots = message.Field("q").WrittenDigits(lots);
        foreach (string side in (ReadOnlySpan<string>)["b", "a"])
        {
            JsonElement levels = message.Field(side);
            price = levels.Digits(price);
            for (var i = 0; i < levels.Length(); i++)
            {
                price = levels[i].Item(0).Digits(price);
                lots = levels[i].Item(1).WrittenDigits(lots);
            }
        }

        lots = message.Field("B").WrittenDigits(message.Field("A").WrittenDigits(lots));
        _digits[symbol] = (price, lots);
    }

    private sealed class BinanceInstrument(string symbol, ContractKind kind, int priceDigits, int lotDigits)
    {
        public int PriceDigits { get; } = Math.Min(priceDigits, 18);

        public int LotDigits { get; } = Math.Min(lotDigits, 18);

        public ReaderInstrument Definition { get; } = new(FeedVenue.Binance, symbol, $"{symbol} {kind}")
        {
            Quantum = new DecimalScale(1, (sbyte)-Math.Min(priceDigits, 18)),
            Lot = new DecimalScale(1, (sbyte)-Math.Min(lotDigits, 18)),
            Contract = kind,
        };
    }
}
