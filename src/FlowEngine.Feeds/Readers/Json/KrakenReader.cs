using System.Text.Json;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>Recordings of Kraken's public websocket: books with checksums, and trades.</summary>
internal sealed class KrakenReader : FeedRecording
{
    private const int NanosecondDigits = 9;
    private const int BookDepth = 1000;

    /// <summary>A reader that owns the stream.</summary>
    public KrakenReader(string path, Stream stream)
        : base(path, stream, FeedVenue.Kraken)
    {
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Kraken;

    /// <inheritdoc/>
    private protected override void ReadAnswer(JsonElement answer)
    {
        if (answer.Field("result").ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty pair in answer.Field("result").EnumerateObject())
        {
            if (pair.Value.Field("wsname").Text() is { } name
                && pair.Value.Field("pair_decimals").TryDecimal(0, out long priceDigits)
                && pair.Value.Field("lot_decimals").TryDecimal(0, out long lotDigits))
            {
                SetUnits(name, UnitOf(priceDigits), UnitOf(lotDigits), ContractKind.Spot);
            }
        }
    }

    // [channel, {…}, {…}?, "book-1000", "XMR/USD"]
    private protected override string? ReadMessage(JsonElement message, long timeNs)
    {
        int length = message.Length();
        string? channel = message.Item(length - 2).Text();
        if (length < 4 || channel is null)
        {
            return Skip();
        }

        string? symbol = message.Item(length - 1).Text();
        return channel.StartsWith("book-", StringComparison.Ordinal)
            ? ReadBook(message, symbol, channel, timeNs)
            : channel == "trade" ? ReadTrades(message.Item(1), symbol, timeNs) : Skip();
    }

    private string? ReadBook(JsonElement message, string? symbol, string channel, long timeNs)
    {
        _ = int.TryParse(channel.AsSpan("book-".Length), out int depth);
        if (Find(symbol, Math.Clamp(depth, 0, ushort.MaxValue), DepthRule.AtEventEnd) is not { } instrument)
        {
            return "a book of a pair whose units were not recorded";
        }

        LevelList.Clear();
        var isSnapshot = false;
        uint? checksum = null;
        for (var i = 1; i < message.Length() - 2; i++)
        {
            JsonElement part = message[i];
            isSnapshot |= part.Field("as").ValueKind == JsonValueKind.Array
                || part.Field("bs").ValueKind == JsonValueKind.Array;
            // The feed pads prices beyond the tick, and its checksums are over the padded digits.
            foreach ((string name, Side side) in (ReadOnlySpan<(string, Side)>)
                [("as", Side.Ask), ("bs", Side.Bid), ("a", Side.Ask), ("b", Side.Bid)])
            {
                JsonElement first = part.Field(name).Item(0);
                instrument.WrittenPriceDigits = first.Item(0).WrittenDigits(instrument.WrittenPriceDigits);
                instrument.WrittenLotDigits = first.Item(1).WrittenDigits(instrument.WrittenLotDigits);
                if (!TryAddLevels(part.Field(name), side, instrument.PriceDigits, instrument.LotDigits))
                {
                    return "a level off the grid";
                }
            }

            checksum = part.Field("c").TryDecimal(0, out long value) ? (uint)value : checksum;
        }

        WriteBook(instrument, isSnapshot, timeNs, Wire.ChecksumKind.Kraken, checksum);
        return null;
    }

    // ["price", "volume", "time", "b" or "s", "m" or "l", ""]
    private string? ReadTrades(JsonElement trades, string? symbol, long timeNs)
    {
        if (Find(symbol, BookDepth, DepthRule.AtEventEnd) is not { } instrument)
        {
            return "trades of a pair whose units were not recorded";
        }

        for (var i = 0; i < trades.Length(); i++)
        {
            JsonElement trade = trades[i];
            if (!trade.Item(0).TryDecimal(instrument.PriceDigits, out long price)
                || !trade.Item(1).TryDecimal(instrument.LotDigits, out long lots) || lots <= 0)
            {
                return "a trade off the grid";
            }

            _ = trade.Item(2).TryDecimal(NanosecondDigits, out long venueTimeNs);
            Side aggressor = trade.Item(3).Text() switch { "b" => Side.Buy, "s" => Side.Sell, _ => Side.Unknown };
            Run.Trade(instrument.Definition, venueTimeNs > 0 ? venueTimeNs : timeNs, Wire.UpdateFlags.EndOfEvent,
                new RunTrade(0, aggressor, price, lots));
        }

        return null;
    }
}
