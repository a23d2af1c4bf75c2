using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Itch;

/// <summary>
/// ITCH messages → orders, trades and status, one message one venue event. Keeps the orders that rest: executions tell
/// no price and cancellations only what is taken away. Instruments are defined when something first happens to them.
/// </summary>
internal sealed class ItchBooks
{
    private const int PriceExponent = -4;
    private const int CentQuanta = 100;
    private const int DollarQuanta = 10_000;

    // More than a whole day of all stocks has at one time.
    private const int MaxOrders = 32_000_000;

    private readonly NormalisedRun _run;
    private readonly ReadStatistics _statistics;
    private readonly Dictionary<ushort, string> _names = [];
    private readonly Dictionary<ushort, ReaderInstrument> _instruments = [];
    private readonly Dictionary<ulong, Resting> _orders = [];
    private bool _isFromStart;

    public ItchBooks(NormalisedRun run, ReadStatistics statistics)
    {
        _run = run;
        _statistics = statistics;
    }

    /// <summary>Reads one message.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="midnightNs">Midnight in New York of its day, nanoseconds since epoch.</param>
    /// <param name="isFirst">Whether nothing was sent before it in this session.</param>
    /// <returns>Why it was refused; null when it was not.</returns>
    public string? Read(ReadOnlySpan<byte> bytes, long midnightNs, bool isFirst)
    {
        var message = new ItchMessage(bytes);
        if (!message.IsWhole)
        {
            return bytes.IsEmpty ? "an empty message" : $"a message of type {bytes[0]} in {bytes.Length} bytes";
        }

        _isFromStart |= isFirst;
        long timeNs = midnightNs + message.TimeOfDayNs;
        switch (message.Type)
        {
            case ItchType.Directory:
                _names[message.Locate] = Encoding.ASCII.GetString(message.Stock);
                return null;
            case ItchType.SystemEvent:
                OnSystemEvent(in message, timeNs);
                return null;
            case ItchType.TradingAction when message.TradingState == 'T' && !_instruments.ContainsKey(message.Locate):
                // Every stock is told to trade when the day begins: that alone is no reason for a book.
                _statistics.Skipped++;
                return null;
            case ItchType.Add or ItchType.AddAttributed or ItchType.Trade or ItchType.Cross or ItchType.TradingAction
                or ItchType.OperationalHalt:
                return Find(in message, timeNs) is { } instrument
                    ? OnNamed(in message, instrument, timeNs)
                    : "a stock without a name";
            case ItchType.Executed or ItchType.ExecutedWithPrice or ItchType.Cancel or ItchType.Delete
                or ItchType.Replace:
                return OnKnownOrder(in message, timeNs);
            default:
                _statistics.Skipped++;
                return null;
        }
    }

    /// <summary>Messages were lost: no book can be right any more, and nothing is known of its orders.</summary>
    public void Lose(long timeNs)
    {
        _isFromStart = false;
        _orders.Clear();
        foreach (ReaderInstrument instrument in _instruments.Values)
        {
            _run.Lost(instrument, timeNs, instrument.Sequence + 1);
        }
    }

    private string? OnNamed(in ItchMessage message, ReaderInstrument instrument, long timeNs)
    {
        switch (message.Type)
        {
            case ItchType.Add or ItchType.AddAttributed:
                return Add(message.OrderId, new Resting(message.Locate, message.Side, message.Price, message.Lots),
                    instrument, timeNs);
            case ItchType.Trade:
                // The side that it tells has been the same for all since 2014.
                return Print(in message, message.Price, Side.Unknown, Wire.UpdateFlags.EndOfEvent, instrument, timeNs);
            case ItchType.Cross:
                return message.Lots == 0
                    ? null
                    : Print(in message, message.Price, Side.Unknown,
                        Wire.UpdateFlags.EndOfEvent | Wire.UpdateFlags.OffBook, instrument, timeNs);
            default:
                return OnStatus(message.TradingState, instrument, timeNs);
        }
    }

    private string? Add(ulong id, in Resting order, ReaderInstrument instrument, long timeNs)
    {
        if (!IsSound(in order, instrument))
        {
            return "an order without side or shares, or off the price grid";
        }

        if (_orders.Count >= MaxOrders)
        {
            return $"more than {MaxOrders} orders rest";
        }

        _orders[id] = order;
        Write(instrument, timeNs, [Entry(Wire.OrderAction.Add, id, in order)]);
        return null;
    }

    private string? OnKnownOrder(in ItchMessage message, long timeNs)
    {
        if (!_orders.TryGetValue(message.OrderId, out Resting order)
            || !_instruments.TryGetValue(order.Locate, out ReaderInstrument? instrument))
        {
            _statistics.UnknownOrders++;
            return null;
        }

        long taken = message.Type is ItchType.Delete or ItchType.Replace ? order.Lots : message.Lots;
        if (taken <= 0 || taken > order.Lots)
        {
            return "more shares than rest, or none";
        }

        Resting left = order with { Lots = order.Lots - taken };
        switch (message.Type)
        {
            case ItchType.Executed or ItchType.ExecutedWithPrice:
                bool hasPrice = message.Type == ItchType.ExecutedWithPrice;
                string? fault = hasPrice && !message.IsPrintable
                    ? null
                    : Print(in message, hasPrice ? message.Price : order.Price,
                        order.Side == Side.Bid ? Side.Sell : Side.Buy, Wire.UpdateFlags.None, instrument, timeNs);
                Keep(message.OrderId, in left);
                Resting part = order with { Lots = taken };
                Write(instrument, timeNs, [Entry(Wire.OrderAction.Execute, message.OrderId, in part)]);
                return fault;
            case ItchType.Replace:
                Resting next = order with { Price = message.Price, Lots = message.Lots };
                bool isSound = IsSound(in next, instrument);
                _orders.Remove(message.OrderId);
                RunOrder gone = Entry(Wire.OrderAction.Delete, message.OrderId, in order);
                if (!isSound)
                {
                    Write(instrument, timeNs, [gone]);
                    return "a replacement without shares, or off the price grid";
                }

                _orders[message.NewOrderId] = next;
                Write(instrument, timeNs, [gone, Entry(Wire.OrderAction.Add, message.NewOrderId, in next)]);
                return null;
            default:
                Keep(message.OrderId, in left);
                Wire.OrderAction action = left.Lots > 0 ? Wire.OrderAction.Modify : Wire.OrderAction.Delete;
                Write(instrument, timeNs, [Entry(action, message.OrderId, in left)]);
                return null;
        }
    }

    private string? Print(in ItchMessage message, long price, Side aggressor, Wire.UpdateFlags flags,
        ReaderInstrument instrument, long timeNs)
    {
        if (price <= 0 || message.Lots is <= 0 or > FeedLimits.MaxLots)
        {
            return "a trade without price or shares";
        }

        _run.Trade(instrument, timeNs, flags, new RunTrade(message.Match, aggressor, price, message.Lots));
        return null;
    }

    private string? OnStatus(byte state, ReaderInstrument instrument, long timeNs)
    {
        TradingStatus status = state switch
        {
            (byte)'T' => TradingStatus.Open,
            (byte)'Q' => TradingStatus.Auction,
            (byte)'H' or (byte)'P' => TradingStatus.Halted,
            _ => TradingStatus.Unknown,
        };
        if (status == TradingStatus.Unknown)
        {
            return $"trading state {state}";
        }

        _run.Status(instrument, timeNs, status);
        return null;
    }

    // O begins the messages of a day, E ends what can be matched.
    private void OnSystemEvent(in ItchMessage message, long timeNs)
    {
        _isFromStart |= message.SystemEvent == 'O';
        if (message.SystemEvent == 'E')
        {
            foreach (ReaderInstrument instrument in _instruments.Values)
            {
                _run.Status(instrument, timeNs, TradingStatus.Closed);
            }
        }
    }

    // The grid is a cent from one dollar on; stocks below one dollar have a finer one.
    private ReaderInstrument? Find(in ItchMessage message, long timeNs)
    {
        if (_instruments.TryGetValue(message.Locate, out ReaderInstrument? instrument))
        {
            return instrument;
        }

        string name = _names.GetValueOrDefault(message.Locate) ?? Encoding.ASCII.GetString(message.Stock);
        if (name.Length == 0)
        {
            return null;
        }

        bool hasPrice = message.Type is ItchType.Add or ItchType.AddAttributed;
        instrument = new ReaderInstrument(FeedVenue.Nasdaq, name, $"ITCH {name}")
        {
            Quantum = new DecimalScale(1, PriceExponent),
            TickQuanta = hasPrice && message.Price is > 0 and < DollarQuanta ? 1 : CentQuanta,
            Contract = ContractKind.Spot,
            Book = BookKind.Orders,
        };
        _instruments.Add(message.Locate, instrument);
        _run.Define(instrument);
        if (_isFromStart)
        {
            _run.Reset(instrument, timeNs, 1);
        }

        return instrument;
    }

    private void Keep(ulong id, in Resting left)
    {
        if (left.Lots > 0)
        {
            _orders[id] = left;
        }
        else
        {
            _orders.Remove(id);
        }
    }

    private void Write(ReaderInstrument instrument, long timeNs, ReadOnlySpan<RunOrder> orders) =>
        _run.Orders(instrument, timeNs, instrument.Sequence + 1, Wire.UpdateFlags.EndOfEvent, orders);

    private static RunOrder Entry(Wire.OrderAction action, ulong id, in Resting order) =>
        new(action, id, order.Side, order.Price, order.Lots);

    private static bool IsSound(in Resting order, ReaderInstrument instrument) =>
        order.Side != Side.Unknown && order.Lots > 0 && order.Price > 0 && order.Price % instrument.TickQuanta == 0;

    private readonly record struct Resting(ushort Locate, Side Side, long Price, long Lots);
}
