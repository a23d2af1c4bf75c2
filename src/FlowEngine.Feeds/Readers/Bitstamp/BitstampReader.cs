using System.Text.Json;
using FlowEngine.Feeds.Readers.Json;
using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Bitstamp;

/// <summary>
/// Bitstamp's order log of BTCUSD as obanalytics has it: the raw lines <c>milliseconds kind JSON</c>, or the table of
/// orders made from them. The book begins empty: what rested before the log is not in it.
/// </summary>
internal sealed class BitstampReader : JsonRecording
{
    private const long MillisecondNs = 1_000_000;
    private const long LatestMs = 4_000_000_000_000;

    private readonly BitstampOrders _orders;
    private bool _isDefined;
    private bool _isTable;

    /// <summary>A reader that owns the stream.</summary>
    public BitstampReader(string path, Stream stream)
        : base(path, stream, FeedVenue.Bitstamp) => _orders = new BitstampOrders(Run, Statistics);

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Bitstamp;

    /// <summary>First line of a table of orders.</summary>
    public static ReadOnlySpan<byte> TableHeader => "id,timestamp,exchange.timestamp,price,volume,action,direction"u8;

    /// <summary>Orders taken to be gone since newer ones had crossed them for long.</summary>
    public long Overrun => _orders.Overrun;

    /// <inheritdoc/>
    private protected override string? ReadLine(ReadOnlySpan<byte> line)
    {
        if (!_isDefined && line.SequenceEqual(TableHeader))
        {
            _isTable = true;
            Statistics.Records--;
            return null;
        }

        return _isTable ? ReadRow(line) : ReadEvent(line);
    }

    private string? ReadEvent(ReadOnlySpan<byte> line)
    {
        int first = line.IndexOf((byte)' ');
        int second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)' ');
        if (second < 0 || !TryTime(line[..first], out long timeNs))
        {
            return "a line without its time";
        }

        ReadOnlySpan<byte> kind = line.Slice(first + 1, second);
        if (kind.SequenceEqual("order_book"u8))
        {
            // The twenty best levels, which lag behind the orders by an unknown time: nothing to hold a book against.
            Statistics.Skipped++;
            return null;
        }

        using JsonDocument document = Parse(line[(first + second + 2)..]);
        JsonElement order = document.RootElement;
        ulong id = order.Field("id").Sequence();
        if (id == 0 || !DecimalText.TryRound(order.Field("price").Raw(), BitstampOrders.PriceDigits, out long price)
            || !DecimalText.TryRound(order.Field("amount").Raw(), BitstampOrders.LotDigits, out long lots))
        {
            return "an order without id, price or amount";
        }

        Begin(timeNs);
        if (kind.SequenceEqual("trade"u8))
        {
            return ReadTrade(id, price, lots, timeNs);
        }

        Side side = order.Field("order_type").Sequence() == 1 ? Side.Ask : Side.Bid;
        return kind switch
        {
            _ when kind.SequenceEqual("order_created"u8) => _orders.Rest(id, side, price, lots, timeNs),
            _ when kind.SequenceEqual("order_changed"u8) => _orders.Rest(id, side, price, lots, timeNs),
            _ when kind.SequenceEqual("order_deleted"u8) => Delete(id, timeNs),
            _ => "a line of another kind",
        };
    }

    // id, timestamp, the venue's timestamp, price, volume in satoshis, action, direction
    private string? ReadRow(ReadOnlySpan<byte> line)
    {
        var fields = new CsvFields(line);
        bool isId = fields.TryWhole(out long id) && id > 0;
        bool isTime = TryTime(fields.Next(), out long timeNs);
        fields.Next();
        bool isPrice = DecimalText.TryParse(fields.Next(), BitstampOrders.PriceDigits, out long price);
        bool isVolume = fields.TryWhole(out long lots);
        if (!isId || !isTime || !isPrice || !isVolume)
        {
            return "no order";
        }

        ReadOnlySpan<byte> action = fields.Next();
        ReadOnlySpan<byte> direction = fields.Next();
        Side side = direction.SequenceEqual("bid"u8) ? Side.Bid
            : direction.SequenceEqual("ask"u8) ? Side.Ask
            : Side.Unknown;
        Begin(timeNs);
        return action switch
        {
            _ when action.SequenceEqual("created"u8) || action.SequenceEqual("changed"u8) =>
                _orders.Rest((ulong)id, side, price, lots, timeNs),
            _ when action.SequenceEqual("deleted"u8) => Delete((ulong)id, timeNs),
            _ => "an order of another action",
        };
    }

    private string? ReadTrade(ulong id, long price, long lots, long timeNs)
    {
        if (price <= 0 || lots is <= 0 or > FeedLimits.MaxLots)
        {
            return "a trade without price or amount";
        }

        Run.Trade(_orders.Definition, timeNs, Wire.UpdateFlags.EndOfEvent, new RunTrade(id, Side.Unknown, price, lots));
        return null;
    }

    private string? Delete(ulong id, long timeNs)
    {
        _orders.Remove(id, timeNs);
        return null;
    }

    private void Begin(long timeNs)
    {
        Run.CaptureTimeNs = timeNs;
        if (!_isDefined)
        {
            _isDefined = true;
            Run.Define(_orders.Definition);
            Run.Reset(_orders.Definition, timeNs, 1);
        }
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out long timeNs)
    {
        bool isTime = CsvFields.TryWhole(text, out long ms) && ms is > 0 and < LatestMs;
        timeNs = isTime ? ms * MillisecondNs : 0;
        return isTime;
    }
}
