using System.Runtime.InteropServices;
using System.Text.Json;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>
/// A recording of Bitfinex's raw book (R0, order by order): one JSON array of messages. It has no times: the n-th
/// message is taken to be n microseconds after 1970-01-01. Orders that leave the 25 that the venue shows are deleted by
/// the venue itself.
/// </summary>
internal sealed class BitfinexReader : FileReader
{
    private const int Digits = 8;
    private const long MessageNs = 1000;
    private const int MaxOrders = 1_000_000;

    private readonly JsonItems _items;
    private readonly Dictionary<long, Channel> _channels = [];
    private readonly List<RunOrder> _orders = [];

    /// <summary>A reader that owns the stream.</summary>
    public BitfinexReader(string path, Stream stream)
        : base(path, FeedVenue.Bitfinex) => _items = new JsonItems(stream);

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Bitfinex;

    /// <inheritdoc/>
    public override string Place => _items.Place;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _items.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        if (!_items.TryRead(out ReadOnlySpan<byte> item))
        {
            if (_items.IsCutOff && !Statistics.IsCutOff)
            {
                Statistics.IsCutOff = true;
                Statistics.Refuse(Place, "the file ends in its array");
            }

            return false;
        }

        Statistics.Records++;
        Run.CaptureTimeNs = _items.Number * MessageNs;
        try
        {
            var reader = new Utf8JsonReader(item);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (Read(document.RootElement) is { } fault)
            {
                Statistics.Refuse(Place, fault);
            }
        }
        catch (JsonException exception)
        {
            Statistics.Refuse(Place, $"no JSON ({exception.Message})");
        }
        catch (InvalidOperationException exception)
        {
            // What the base library says of strings that are no valid UTF-8.
            Statistics.Refuse(Place, $"no text ({exception.Message})");
        }

        return true;
    }

    // {"event": …} or [channel, [[id, price, amount], …]] or [channel, [id, price, amount]] or [channel, "hb"]
    private string? Read(JsonElement message)
    {
        if (message.Field("event").Text() is { } name)
        {
            return name == "subscribed" ? Subscribe(message) : Skip();
        }

        JsonElement content = message.Item(1);
        if (!message.Item(0).TryDecimal(0, out long number) || content.ValueKind != JsonValueKind.Array
            || !_channels.TryGetValue(number, out Channel? channel))
        {
            return content.ValueKind == JsonValueKind.String ? Skip() : "a message of a channel that was not told";
        }

        return content.Item(0).ValueKind == JsonValueKind.Array || content.Length() == 0
            ? ReadSnapshot(channel, content)
            : ReadOrder(channel, content);
    }

    private string? Skip()
    {
        Statistics.Skipped++;
        return null;
    }

    private string? Subscribe(JsonElement message)
    {
        if (message.Field("channel").Text() != "book" || message.Field("prec").Text() != "R0"
            || !message.Field("chanId").TryDecimal(0, out long number)
            || message.Field("symbol").Text() is not { Length: > 0 } symbol || symbol.Contains(' '))
        {
            return "a channel that is no raw book";
        }

        var channel = new Channel(new ReaderInstrument(FeedVenue.Bitfinex, symbol)
        {
            Quantum = new DecimalScale(1, -Digits),
            Lot = new DecimalScale(1, -Digits),
            Contract = ContractKind.Spot,
            Book = BookKind.Orders,
        });
        _channels[number] = channel;
        Run.Define(channel.Definition);
        return null;
    }

    private string? ReadSnapshot(Channel channel, JsonElement orders)
    {
        _orders.Clear();
        channel.Orders.Clear();
        for (var i = 0; i < orders.Length(); i++)
        {
            if (!TryOrder(orders[i], Wire.OrderAction.Add, out RunOrder order) || order.Price == 0)
            {
                return "a snapshot with an order that is none";
            }

            channel.Orders[order.Id] = order;
            _orders.Add(order);
        }

        Run.OrderSnapshot(channel.Definition, Run.CaptureTimeNs, channel.Definition.Sequence + 1,
            CollectionsMarshal.AsSpan(_orders));
        return null;
    }

    // Price 0: the order is gone; the sign of the amount is its side.
    private string? ReadOrder(Channel channel, JsonElement item)
    {
        if (!TryOrder(item, Wire.OrderAction.Add, out RunOrder order))
        {
            return "an order off the grid";
        }

        bool isKnown = channel.Orders.TryGetValue(order.Id, out RunOrder before);
        _orders.Clear();
        if (order.Price == 0)
        {
            if (!isKnown)
            {
                Statistics.UnknownOrders++;
                return null;
            }

            channel.Orders.Remove(order.Id);
            _orders.Add(before with { Action = Wire.OrderAction.Delete, Lots = 0 });
        }
        else
        {
            if (!isKnown && channel.Orders.Count >= MaxOrders)
            {
                return $"more than {MaxOrders} orders rest";
            }

            channel.Orders[order.Id] = order;
            bool isChange = isKnown && before.Side == order.Side;
            if (isKnown && !isChange)
            {
                _orders.Add(before with { Action = Wire.OrderAction.Delete, Lots = 0 });
            }

            _orders.Add(isChange ? order with { Action = Wire.OrderAction.Modify } : order);
        }

        Run.Orders(channel.Definition, Run.CaptureTimeNs, channel.Definition.Sequence + 1,
            Wire.UpdateFlags.EndOfEvent, CollectionsMarshal.AsSpan(_orders));
        return null;
    }

    private static bool TryOrder(JsonElement item, Wire.OrderAction action, out RunOrder order)
    {
        bool isId = item.Item(0).TryDecimal(0, out long id) && id > 0;
        bool isPrice = item.Item(1).TryDecimal(Digits, out long price) && price >= 0;
        bool isAmount = item.Item(2).TryDecimal(Digits, out long amount) && amount != 0 && amount != long.MinValue;
        order = new RunOrder(action, (ulong)id, amount > 0 ? Side.Bid : Side.Ask, price, Math.Abs(amount));
        return isId && isPrice && isAmount && price <= FeedLimits.MaxPriceQuanta
            && order.Lots <= FeedLimits.MaxLots;
    }

    private sealed class Channel(ReaderInstrument definition)
    {
        public ReaderInstrument Definition { get; } = definition;

        /// <summary>The orders that rest.</summary>
        public Dictionary<ulong, RunOrder> Orders { get; } = [];
    }
}
