using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>
/// A recording of BitMEX's websocket: <c>receive time: message</c>. Levels have ids; a change names the id alone, so
/// the prices of all levels that rest are kept. Units come from an instrument's first whole book.
/// </summary>
internal sealed class BitmexReader : JsonRecording
{
    private const int NanosecondDigits = 9;
    private const long TooLateNs = 4_000_000_000_000_000_000;
    private const int MaxLevels = 2_000_000;

    private readonly Dictionary<string, Contract> _contracts = [];
    private readonly List<(Contract Contract, List<RunLevel> Levels)> _changed = [];
    private int _resting;

    /// <summary>A reader that owns the stream.</summary>
    public BitmexReader(string path, Stream stream)
        : base(path, stream, FeedVenue.Bitmex)
    {
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Bitmex;

    /// <inheritdoc/>
    private protected override string? ReadLine(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line.StartsWith("wss:"u8))
        {
            Statistics.Skipped++;
            return colon < 0 ? "a line without its time" : null;
        }

        if (!Text.DecimalText.TryRound(line[..colon], NanosecondDigits, out long timeNs)
            || timeNs is <= 0 or > TooLateNs)
        {
            return "a line without its time";
        }

        Run.CaptureTimeNs = timeNs;
        using JsonDocument document = Parse(line[(colon + 1)..]);
        JsonElement message = document.RootElement;
        string? action = message.Field("action").Text();
        JsonElement data = message.Field("data");
        return message.Field("table").Text() switch
        {
            "orderBookL2" => ReadBook(action, message, data, timeNs),
            // The partial is what was traded before the recording began.
            "trade" when action == "insert" => ReadTrades(data, timeNs),
            _ => Skip(),
        };
    }

    private string? Skip()
    {
        Statistics.Skipped++;
        return null;
    }

    private string? ReadBook(string? action, JsonElement message, JsonElement data, long timeNs)
    {
        if (action == "partial")
        {
            return ReadSnapshot(message, data, timeNs);
        }

        string? fault = null;
        _changed.Clear();
        for (var i = 0; i < data.Length(); i++)
        {
            fault ??= ReadChange(action, data[i]);
        }

        foreach ((Contract contract, List<RunLevel> levels) in _changed)
        {
            ReaderInstrument definition = contract.Definition;
            ulong previous = definition.Sequence;
            if (fault is null)
            {
                Run.Levels(definition, timeNs, previous + 1, previous, Wire.UpdateFlags.EndOfEvent,
                    CollectionsMarshal.AsSpan(levels));
            }
            else
            {
                Run.Lost(definition, timeNs, previous + 1);
            }
        }

        return fault;
    }

    private string? ReadSnapshot(JsonElement message, JsonElement data, long timeNs)
    {
        string? symbol = message.Field("filter").Field("symbol").Text() ?? data.Item(0).Field("symbol").Text();
        if (string.IsNullOrWhiteSpace(symbol))
        {
            return "a book without its symbol";
        }

        if (!_contracts.TryGetValue(symbol, out Contract? contract))
        {
            var digits = 0;
            for (var i = 0; i < data.Length(); i++)
            {
                digits = data[i].Field("price").Digits(digits);
            }

            contract = new Contract(symbol, Math.Min(digits, 12), (ulong)timeNs);
            _contracts.Add(symbol, contract);
            Run.Define(contract.Definition);
        }

        _resting -= contract.Prices.Count;
        contract.Prices.Clear();
        LevelList.Clear();
        for (var i = 0; i < data.Length(); i++)
        {
            if (!TryLevel(contract, data[i], out ulong id, out RunLevel level))
            {
                return "a level off the grid";
            }

            contract.Prices[id] = level.Price;
            LevelList.Add(level);
        }

        _resting += contract.Prices.Count;
        Run.Snapshot(contract.Definition, timeNs, contract.Definition.Sequence + 1, Levels);
        return null;
    }

    private string? ReadChange(string? action, JsonElement row)
    {
        if (row.Field("symbol").Text() is not { } symbol || !_contracts.TryGetValue(symbol, out Contract? contract))
        {
            Statistics.UnknownOrders++;
            return null;
        }

        List<RunLevel> changes = ChangesOf(contract);
        if (action == "insert")
        {
            if (!TryLevel(contract, row, out ulong added, out RunLevel level) || _resting >= MaxLevels)
            {
                return "a level off the grid";
            }

            _resting += contract.Prices.TryAdd(added, level.Price) ? 1 : 0;
            contract.Prices[added] = level.Price;
            changes.Add(level);
            return null;
        }

        ulong id = row.Field("id").Sequence();
        Side side = SideOf(row);
        if (action is not ("update" or "delete") || side == Side.Unknown)
        {
            return "no change of a level";
        }

        if (!contract.Prices.TryGetValue(id, out long price))
        {
            Statistics.UnknownOrders++;
            return "a change of a level that was not told";
        }

        long lots = 0;
        if (action == "update" && (!row.Field("size").TryDecimal(0, out lots) || lots <= 0))
        {
            return "a level without its size";
        }

        if (action == "delete")
        {
            contract.Prices.Remove(id);
            _resting--;
        }

        changes.Add(new RunLevel(side, price, lots));
        return null;
    }

    private string? ReadTrades(JsonElement data, long timeNs)
    {
        for (var i = 0; i < data.Length(); i++)
        {
            JsonElement row = data[i];
            if (row.Field("symbol").Text() is not { } symbol || !_contracts.TryGetValue(symbol, out Contract? contract))
            {
                Statistics.Skipped++;
                continue;
            }

            if (!row.Field("price").TryDecimal(contract.PriceDigits, out long price)
                || !row.Field("size").TryDecimal(0, out long lots) || lots <= 0)
            {
                return "a trade off the grid";
            }

            // An aggressor that bought hit an ask: the venue tells the aggressor's side.
            Side aggressor = SideOf(row) == Side.Bid ? Side.Buy : Side.Sell;
            Run.Trade(contract.Definition, TimeOf(row, timeNs), Wire.UpdateFlags.EndOfEvent,
                new RunTrade(0, aggressor, price, lots));
        }

        return null;
    }

    private List<RunLevel> ChangesOf(Contract contract)
    {
        foreach ((Contract other, List<RunLevel> levels) in _changed)
        {
            if (other == contract)
            {
                return levels;
            }
        }

        List<RunLevel> added = [];
        _changed.Add((contract, added));
        return added;
    }

    private static bool TryLevel(Contract contract, JsonElement row, out ulong id, out RunLevel level)
    {
        id = row.Field("id").Sequence();
        bool isPrice = row.Field("price").TryDecimal(contract.PriceDigits, out long price);
        bool isSize = row.Field("size").TryDecimal(0, out long lots);
        level = new RunLevel(SideOf(row), price, lots);
        return isPrice && isSize && lots > 0 && level.Side != Side.Unknown;
    }

    private static Side SideOf(JsonElement row) => row.Field("side").Text() switch
    {
        "Buy" => Side.Bid,
        "Sell" => Side.Ask,
        _ => Side.Unknown,
    };

    private static long TimeOf(JsonElement row, long otherwise) => DateTimeOffset.TryParse(
        row.Field("timestamp").Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
        out DateTimeOffset time) && time > DateTimeOffset.UnixEpoch && time.Year < 2090
        ? (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100
        : otherwise;

    private sealed class Contract
    {
        public Contract(string symbol, int priceDigits, ulong sequence)
        {
            PriceDigits = priceDigits;
            // What pays in bitcoin by the dollar: other contracts' kinds are not in the recording.
            ContractKind kind = symbol == "XBTUSD" ? ContractKind.Inverse : ContractKind.Unknown;
            Definition = new ReaderInstrument(FeedVenue.Bitmex, symbol)
            {
                Quantum = new DecimalScale(1, (sbyte)-priceDigits),
                Contract = kind,
                Sequence = sequence,
            };
        }

        public int PriceDigits { get; }

        public ReaderInstrument Definition { get; }

        /// <summary>Prices of the levels that rest, by the venue's ids.</summary>
        public Dictionary<ulong, long> Prices { get; } = [];
    }
}
