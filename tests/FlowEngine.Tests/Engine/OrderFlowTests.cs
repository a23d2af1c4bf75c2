using CsCheck;
using FlowEngine.Disruptor;
using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>B8 and B9 from books of orders: by what the venue said of each order, not by what levels lost.</summary>
public sealed class OrderFlowTests
{
    private const long Start = 1_700_000_000L * 1_000_000_000;

    private static readonly Gen<(int What, int Pick, long Away, long Lots)[][]> s_events = Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 1_000], Gen.Long[0, 9], Gen.Long[1, 40]).Array[1, 4].Array[1, 40];

    [Fact]
    public void Level_of_the_worked_example_lost_fifteen_to_trades_and_seven_to_a_cancellation()
    {
        using var run = new Venue();
        run.Add(1, Side.Bid, 1000, 15, snapshot: true);
        run.Add(2, Side.Bid, 1000, 7, snapshot: true);
        run.Add(3, Side.Bid, 1000, 8, snapshot: true);
        run.Live();
        run.Trade(Side.Sell, 1000, 15);
        run.Send(EventKind.OrderExecute, 1, Side.Bid, 1000, 15);
        run.Send(EventKind.OrderDelete, 2, Side.Bid, 1000, 0, isEnd: true);
        Assert.Equal((0.0, 7.0, 15.0, 0.0), run.Bid);

        // One trade and one new order of the same size: the level is as it was, and the difference of books blind.
        run.Trade(Side.Sell, 1000, 8);
        run.Send(EventKind.OrderExecute, 3, Side.Bid, 1000, 8);
        run.Send(EventKind.OrderAdd, 4, Side.Bid, 1000, 8, isEnd: true);
        Assert.Equal((8.0, 7.0, 23.0, 8.0), run.Bid);

        // What loses size is cancelled, what changes its price both cancelled and added.
        run.Send(EventKind.OrderModify, 4, Side.Bid, 1000, 5, isEnd: true);
        Assert.Equal((8.0, 10.0, 23.0, 8.0), run.Bid);
        run.Send(EventKind.OrderModify, 4, Side.Bid, 999, 6, isEnd: true);
        Assert.Equal((14.0, 15.0, 23.0, 14.0), run.Bid);
    }

    [Fact]
    public void Trades_say_what_traded_where_executions_are_not_told()
    {
        using var run = new Venue();
        run.Add(1, Side.Bid, 1000, 15, snapshot: true);
        run.Add(2, Side.Bid, 1000, 7, snapshot: true);
        run.Live();
        run.Trade(Side.Sell, 1000, 15);
        run.Send(EventKind.OrderDelete, 1, Side.Bid, 1000, 0);
        run.Send(EventKind.OrderModify, 2, Side.Bid, 1000, 3);
        run.Send(EventKind.OrderAdd, 3, Side.Bid, 1000, 9, isEnd: true);
        Assert.Equal((9.0, 4.0, 15.0, 9.0), run.Bid);
    }

    [Fact]
    public void Sums_are_those_of_a_dictionary_of_orders() => s_events.Sample(events =>
    {
        using var run = new Venue();
        run.Live();
        var orders = new Dictionary<ulong, (Side Side, long Price, long Lots)>();
        var sums = new Dictionary<Side, (long Added, long Cancelled, long Traded)>
        {
            [Side.Bid] = default,
            [Side.Ask] = default,
        };
        ulong next = 100;

        // One execution first: from then on the venue's word is all that counts.
        run.Send(EventKind.OrderAdd, 99, Side.Ask, 1003, 1, isEnd: true);
        run.Send(EventKind.OrderExecute, 99, Side.Ask, 1003, 1, isEnd: true);
        sums[Side.Ask] = (1, 0, 1);
        foreach ((int, int, long, long)[] one in events)
        {
            for (var i = 0; i < one.Length; i++)
            {
                Apply(run, orders, sums, ref next, one[i], isEnd: i == one.Length - 1);
            }
        }

        (long added, long cancelled, long traded) = sums[Side.Bid];
        Assert.Equal(((double)added, (double)cancelled, (double)traded, (double)added), run.Bid);
        (added, cancelled, traded) = sums[Side.Ask];
        Assert.Equal(((double)added, (double)cancelled, (double)traded, (double)added), run.Ask);
    }, iter: 300, threads: 1);

    [Fact]
    public void Too_many_levels_at_once_are_told_and_a_gap_forgets_the_running_event()
    {
        var ledger = new OrderLedger();
        for (var i = 0; i <= OrderLedger.MostLevels; i++)
        {
            Assert.True(ledger.IsWhole || i == 0);
            ledger.Take(EventKind.OrderAdd, default, new RestingOrder((ulong)i, Side.Bid, 1000 - i, 5));
        }

        Assert.Equal((false, 1L, 64), (ledger.IsWhole, ledger.Overflows, ledger.Flows.Length));
        ledger.Clear();
        Assert.Equal(0, ledger.Flows.Length);

        using var run = new Venue();
        run.Live();
        run.Send(EventKind.OrderAdd, 7, Side.Bid, 990, 5);
        run.Send(EventKind.Gap, 0, Side.Unknown, 0, 0, isEnd: true);
        run.Send(EventKind.OrderAdd, 8, Side.Bid, 990, 5, isEnd: true);
        Assert.Equal((0.0, 0.0, 0.0, 0.0), run.Bid);
    }

    [Fact]
    public void Orders_allocate_nothing()
    {
        using var run = new Venue();
        run.Live();
        long before = 0;
        for (ulong i = 0; i < 4_000; i++)
        {
            before = i == 1_000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            run.Send(EventKind.OrderAdd, 100 + i, Side.Bid, 990 + (long)(i % 8), 5);
            run.Send(EventKind.OrderModify, 100 + i, Side.Bid, 990 + (long)(i % 5), 9);
            run.Send(EventKind.OrderExecute, 100 + i, Side.Bid, 990, 4);
            run.Send(EventKind.OrderDelete, 100 + i, Side.Bid, 990, 0, isEnd: true);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(run.Bid.Taken > 1_000);
    }

    private static void Apply(
        Venue run,
        Dictionary<ulong, (Side Side, long Price, long Lots)> orders,
        Dictionary<Side, (long Added, long Cancelled, long Traded)> sums,
        ref ulong next,
        (int What, int Pick, long Away, long Lots) op,
        bool isEnd)
    {
        ulong[] ids = [.. orders.Keys.Order()];
        if (op.What < 2 || ids.Length == 0)
        {
            var side = op.What % 2 == 0 ? Side.Bid : Side.Ask;
            var price = side == Side.Bid ? 1000 - op.Away : 1001 + op.Away;
            orders[next] = (side, price, op.Lots);
            Count(sums, side, op.Lots, 0, 0);
            run.Send(EventKind.OrderAdd, next++, side, price, op.Lots, isEnd);
            return;
        }

        var id = ids[op.Pick % ids.Length];
        var order = orders[id];
        switch (op.What)
        {
            case 2:
                orders.Remove(id);
                Count(sums, order.Side, 0, order.Lots, 0);
                run.Send(EventKind.OrderDelete, id, order.Side, order.Price, 0, isEnd);
                break;
            case 3:
                var traded = Math.Min(op.Lots, order.Lots);
                orders[id] = order with { Lots = order.Lots - traded };
                if (traded == order.Lots)
                {
                    orders.Remove(id);
                }

                Count(sums, order.Side, 0, 0, traded);
                run.Send(EventKind.OrderExecute, id, order.Side, order.Price, traded, isEnd);
                break;
            case 4:
                orders[id] = order with { Lots = op.Lots };
                Count(sums, order.Side, Math.Max(0, op.Lots - order.Lots), Math.Max(0, order.Lots - op.Lots), 0);
                run.Send(EventKind.OrderModify, id, order.Side, order.Price, op.Lots, isEnd);
                break;
            default:
                var to = order.Side == Side.Bid ? 1000 - op.Away : 1001 + op.Away;
                orders[id] = (order.Side, to, op.Lots);
                Count(
                    sums,
                    order.Side,
                    to == order.Price ? Math.Max(0, op.Lots - order.Lots) : op.Lots,
                    to == order.Price ? Math.Max(0, order.Lots - op.Lots) : order.Lots,
                    0);
                run.Send(EventKind.OrderModify, id, order.Side, to, op.Lots, isEnd);
                break;
        }
    }

    private static void Count(
        Dictionary<Side, (long Added, long Cancelled, long Traded)> sums, Side side, long added, long cancelled,
        long traded)
    {
        var sum = sums[side];
        sums[side] = (sum.Added + added, sum.Cancelled + cancelled, sum.Traded + traded);
    }

    /// <summary>The stages of the default set on one book of orders, all at one moment.</summary>
    private sealed class Venue : IDisposable
    {
        private readonly RingBuffer<MarketEvent> _ring = new(16);
        private readonly FlowEngine.Engine.Egress _egress;
        private readonly EngineState _state;
        private BookStage _books;
        private SignalStage<DefaultSet> _signals;
        private long _sequence;

        public Venue()
        {
            var options = new EngineOptions
            {
                RingCapacity = 16384,
                InstrumentCapacity = 1,
                Sets = new SetOptions { WithdrawalBandBps = 10_000, RefillTicks = 1_000 },
            };
            var table = new InstrumentTable(1);
            _state = new EngineState(options, table);
            _egress = new FlowEngine.Engine.Egress(
                _state,
                options,
                new EngineIdentity(1, 1),
                new SignalOutput(publication: null),
                null,
                new StatusSource(new Ingress(_ring, new InstrumentTable(1)), _state));
            _books = new BookStage(_state);
            _signals = new SignalStage<DefaultSet>(_state, _egress, options.StaleAfterMs);
            Assert.True(table.TryAdd(
                new Instrument
                {
                    Venue = 1,
                    VenueInstrumentId = 7,
                    Symbol = "ORDERS",
                    PriceQuantum = DecimalScale.One,
                    Lot = DecimalScale.One,
                    Book = BookKind.Orders,
                },
                out _));
            _state.Define(0);
            Send(EventKind.SnapshotBegin, 0, Side.Unknown, 0, 0, flags: EventFlags.Snapshot);

            // These keep both sides there.
            Add(1_000_001, Side.Bid, 998, 1_000, snapshot: true);
            Add(1_000_002, Side.Ask, 1003, 1_000, snapshot: true);
        }

        public (double Added, double Cancelled, double Taken, double Refilled) Bid
        {
            get
            {
                ref readonly var flow = ref _state.SetOf(0).DepthFlow;
                return (flow.Withdrawal.Bid.AddedLots, flow.Withdrawal.Bid.CancelledLots,
                    flow.BidRefill.TakenLots, flow.BidRefill.AddedLots);
            }
        }

        public (double Added, double Cancelled, double Taken, double Refilled) Ask
        {
            get
            {
                ref readonly var flow = ref _state.SetOf(0).DepthFlow;
                return (flow.Withdrawal.Ask.AddedLots, flow.Withdrawal.Ask.CancelledLots,
                    flow.AskRefill.TakenLots, flow.AskRefill.AddedLots);
            }
        }

        public void Add(ulong id, Side side, long price, long lots, bool snapshot) => Send(
            EventKind.OrderAdd, id, side, price, lots, flags: snapshot ? EventFlags.Snapshot : EventFlags.None);

        public void Live() => Send(
            EventKind.SnapshotEnd, 0, Side.Unknown, 0, 0, isEnd: true, EventFlags.Snapshot);

        public void Trade(Side side, long price, long lots) => Send(EventKind.Trade, 0, side, price, lots);

        public void Send(
            EventKind kind, ulong id, Side side, long price, long lots, bool isEnd = false,
            EventFlags flags = EventFlags.None)
        {
            var evt = new MarketEvent
            {
                Kind = kind,
                Id = id,
                Side = side,
                Price = price,
                Quantity = lots,
                Flags = flags | (isEnd ? EventFlags.EndOfEvent : EventFlags.None),
                VenueTime = Start,
                ReceiveTime = Start,
            };
            _books.OnEvent(ref evt, ++_sequence, endOfBatch: true);
            _signals.OnEvent(ref evt, _sequence, endOfBatch: true);
        }

        public void Dispose()
        {
            _egress.Dispose();
            _state.Dispose();
            _ring.Dispose();
        }
    }
}
