using System.Text.Json;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>Recordings of OKX's public websocket: books with checksums, and trades.</summary>
internal sealed class OkxReader : FeedRecording
{
    /// <summary>A reader that owns the stream.</summary>
    public OkxReader(string path, Stream stream)
        : base(path, stream, FeedVenue.Okx)
    {
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Okx;

    /// <inheritdoc/>
    private protected override void ReadAnswer(JsonElement answer)
    {
        JsonElement instruments = answer.Field("data");
        for (var i = 0; i < instruments.Length(); i++)
        {
            JsonElement instrument = instruments[i];
            if (instrument.Field("instId").Text() is { } symbol)
            {
                ContractKind kind = instrument.Field("ctType").Text() switch
                {
                    "inverse" => ContractKind.Inverse,
                    "linear" => ContractKind.Linear,
                    _ => instrument.Field("instType").Text() == "SPOT" ? ContractKind.Spot : ContractKind.Unknown,
                };
                SetUnits(
                    symbol, UnitOf(instrument.Field("tickSz").Raw()), UnitOf(instrument.Field("lotSz").Raw()), kind);
            }
        }
    }

    /// <inheritdoc/>
    private protected override string? ReadMessage(JsonElement message, long timeNs)
    {
        JsonElement argument = message.Field("arg");
        JsonElement items = message.Field("data");
        string? channel = argument.Field("channel").Text();
        if (items.Length() == 0 || channel is not ("books" or "trades"))
        {
            return Skip();
        }

        if (Find(argument.Field("instId").Text(), 0, DepthRule.AtOnce) is not { } instrument)
        {
            return "an instrument whose units were not recorded";
        }

        for (var i = 0; i < items.Length(); i++)
        {
            string? fault = channel == "trades"
                ? ReadTrade(items[i], instrument, timeNs)
                : ReadBook(items[i], instrument, message.Field("action").Text() == "snapshot", timeNs);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private string? ReadBook(JsonElement book, FeedInstrument instrument, bool isSnapshot, long timeNs)
    {
        LevelList.Clear();
        if (!TryAddLevels(book.Field("bids"), Side.Bid, instrument.PriceDigits, instrument.LotDigits)
            || !TryAddLevels(book.Field("asks"), Side.Ask, instrument.PriceDigits, instrument.LotDigits))
        {
            return "a level off the grid";
        }

        // The checksum is sent as a signed number of 32 bits.
        uint? checksum = book.Field("checksum").TryDecimal(0, out long value) ? (uint)value : null;
        WriteBook(instrument, isSnapshot, book.Field("ts").TimeNs(timeNs), Wire.ChecksumKind.Okx, checksum);
        Run.Break();
        return null;
    }

    private string? ReadTrade(JsonElement trade, FeedInstrument instrument, long timeNs)
    {
        if (!trade.Field("px").TryDecimal(instrument.PriceDigits, out long price)
            || !trade.Field("sz").TryDecimal(instrument.LotDigits, out long lots) || lots <= 0)
        {
            return "a trade off the grid";
        }

        Side aggressor = trade.Field("side").Text() switch
        {
            "buy" => Side.Buy,
            "sell" => Side.Sell,
            _ => Side.Unknown,
        };
        Run.Trade(instrument.Definition, trade.Field("ts").TimeNs(timeNs), Wire.UpdateFlags.EndOfEvent,
            new RunTrade(trade.Field("tradeId").Sequence(), aggressor, price, lots));
        return null;
    }
}
