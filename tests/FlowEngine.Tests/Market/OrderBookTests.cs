using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

public class OrderBookTests
{
    [Fact]
    public void Orders_queue_in_the_order_of_arrival_and_sum_up_to_levels()
    {
        using var book = new OrderBook(16, 8, 64);
        book.Add(1, Side.Bid, 100, 5);
        book.Add(2, Side.Bid, 100, 7);
        book.Add(3, Side.Bid, 99, 1);
        book.Add(4, Side.Ask, 101, 2);

        Assert.Equal([1, 2], Ids(book, Side.Bid, 100));
        Assert.Equal([new(100, 12), new(99, 1)], PriceLevelBookTests.Held(book.Levels, Side.Bid));
        Assert.True(book.TryFindInQueue(2, out var position));
        Assert.Equal(new QueuePosition(new RestingOrder(2, Side.Bid, 100, 7), 5, 1, 12, 2), position);
        Assert.Equal(4, book.Count);
        Assert.Null(BookCheck.Find(book));
    }

    [Fact]
    public void Place_is_kept_for_fewer_lots_and_lost_for_more_unless_the_venue_says_otherwise()
    {
        using var book = new OrderBook(16, 8, 64);
        Refill();
        book.Modify(1, Side.Unknown, 100, 3, EventFlags.None);
        Assert.Equal([1, 2, 3], Ids(book, Side.Ask, 100));
        book.Modify(1, Side.Ask, 100, 4, EventFlags.None);
        Assert.Equal([2, 3, 1], Ids(book, Side.Ask, 100));
        book.Modify(2, Side.Ask, 100, 9, EventFlags.KeepsPriority);
        Assert.Equal([2, 3, 1], Ids(book, Side.Ask, 100));
        book.Modify(2, Side.Ask, 100, 1, EventFlags.LosesPriority);
        Assert.Equal([3, 1, 2], Ids(book, Side.Ask, 100));
        book.Modify(3, Side.Ask, 101, 1, EventFlags.KeepsPriority);
        book.Modify(3, Side.Ask, 100, 1, EventFlags.KeepsPriority);
        Assert.Equal([1, 2, 3], Ids(book, Side.Ask, 100));
        Assert.Equal(4 + 1 + 1, book.Levels.LotsAt(Side.Ask, 100));
        Assert.Null(BookCheck.Find(book));

        void Refill()
        {
            for (ulong id = 1; id <= 3; id++)
            {
                book.Add(id, Side.Ask, 100, 3);
            }
        }
    }

    [Fact]
    public void Execution_leaves_the_rest_its_place_and_the_last_lot_ends_the_order()
    {
        using var book = new OrderBook(16, 8, 64);
        book.Add(1, Side.Bid, 50, 10);
        book.Add(2, Side.Bid, 50, 10);
        Assert.True(book.Execute(1, 4));
        Assert.Equal([1, 2], Ids(book, Side.Bid, 50));
        Assert.Equal(16, book.Levels.LotsAt(Side.Bid, 50));
        Assert.True(book.Execute(1, 6));
        Assert.True(book.Execute(2, 11)); // more than there was
        Assert.Equal((0, 0, 1), (book.Count, book.Levels.Bids.Count, book.Counters.OverExecuted));
    }

    [Fact]
    public void Unknown_ids_and_impossible_orders_are_counted_and_change_nothing()
    {
        using var book = new OrderBook(16, 8, 64);
        Assert.False(book.Delete(7));
        Assert.False(book.Execute(7, 1));
        Assert.False(book.Modify(7, Side.Bid, 1, 1, EventFlags.None));
        Assert.False(book.Add(7, Side.Unknown, 1, 1));
        Assert.False(book.Add(7, (Side)9, 1, 1));
        Assert.False(book.Add(7, Side.Bid, 1, 0));
        book.Add(7, Side.Bid, 1, long.MaxValue);
        Assert.False(book.Add(8, Side.Bid, 1, 1)); // the level can't count that far
        Assert.False(book.Modify(7, Side.Ask, 1, 1, EventFlags.None));
        Assert.False(book.Modify(7, Side.Bid, 1, 0, EventFlags.None));
        Assert.False(book.Execute(7, 0));

        Assert.Equal((3, 7), (book.Counters.UnknownOrders, book.Counters.Refused));
        Assert.Equal([new(1, long.MaxValue)], PriceLevelBookTests.Held(book.Levels, Side.Bid));
        Assert.Null(BookCheck.Find(book));
    }

    [Fact]
    public void Order_that_rests_already_is_counted_and_the_new_one_stands()
    {
        using var book = new OrderBook(2, 8, 64);
        book.Add(1, Side.Bid, 50, 10);
        book.Add(2, Side.Bid, 50, 10);
        Assert.True(book.Add(1, Side.Ask, 60, 3));
        Assert.Equal(1, book.Counters.DuplicateOrders);
        Assert.True(book.TryGet(1, out var order));
        Assert.Equal(new RestingOrder(1, Side.Ask, 60, 3), order);
        Assert.Equal((2, 10), (book.Count, book.Levels.LotsAt(Side.Bid, 50)));
    }

    [Fact]
    public void Over_capacity_orders_are_refused_counted_and_flagged_until_the_book_is_cleared()
    {
        using var book = new OrderBook(3, 2, 64);
        book.Add(1, Side.Bid, 50, 1);
        book.Add(2, Side.Bid, 51, 1);
        Assert.False(book.IsPartial);
        Assert.False(book.Add(3, Side.Bid, 52, 1)); // a third level
        Assert.True(book.Add(3, Side.Ask, 52, 1));
        Assert.False(book.Add(4, Side.Ask, 52, 1)); // a fourth order
        Assert.Equal((2, true), (book.Counters.OverCapacity, book.IsPartial));
        Assert.True(book.Modify(1, Side.Bid, 49, 1, EventFlags.None)); // its level makes room for the next
        Assert.Null(BookCheck.Find(book));

        book.Clear();
        Assert.False(book.IsPartial);
        Assert.True(book.Add(5, Side.Bid, 52, 1));
    }

    [Fact]
    public void Thousands_of_ids_are_found_while_the_table_grows_and_shrinks()
    {
        using var book = new OrderBook(5000, 64, 64);
        var model = new ModelOrders();
        var random = new Random(11);
        for (ulong i = 1; i <= 5000; i++)
        {
            // Ids as venues make them: in sequence, in strides, and with a day in the upper half.
            ulong id = i % 3 == 0 ? i << 32 : i % 3 == 1 ? i * 4096 : (0xABCDUL << 48) + i;
            long price = random.Next(-20, 20);
            book.Add(id, Side.Bid, price, 1);
            model.Add(id, Side.Bid, price, 1);
        }

        Assert.Equal(5000, book.Count);
        Assert.Null(BookCheck.Find(book));
        foreach (ulong id in model.Ids.Where(id => id % 5 != 0).ToArray())
        {
            Assert.True(book.Delete(id));
            model.Delete(id);
        }

        Assert.Equal(model.Orders(Side.Bid), Orders(book, Side.Bid));
        Assert.Null(BookCheck.Find(book));
    }

    [Fact]
    public void Nothing_is_allocated_by_orders_that_come_trade_move_and_go()
    {
        using var book = new OrderBook(256, 64, 64);
        long sum = 0;
        Round(50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round(500);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);

        void Round(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                for (ulong id = 1; id <= 300; id++)
                {
                    book.Add(id, id % 2 == 0 ? Side.Bid : Side.Ask, (long)(id * 7 % 90), 5); // over capacity too
                }

                for (ulong id = 1; id <= 300; id++)
                {
                    book.Execute(id, 1);
                    book.Modify(id, Side.Unknown, (long)(id * 5 % 70), 9, EventFlags.None);
                    book.TryFindInQueue(id, out var position);
                    sum += position.LotsAhead + (book.TryGet(id, out var order) ? order.Lots : 0);
                    foreach (var other in book.QueueAt(Side.Bid, (long)id))
                    {
                        sum += other.Lots;
                    }
                }

                for (ulong id = 1; id <= 300; id += 2)
                {
                    book.Delete(id);
                }

                book.Clear();
            }
        }
    }

    internal static RestingOrder[] Orders(OrderBook book, Side side)
    {
        List<RestingOrder> orders = [];
        foreach (var level in PriceLevelBookTests.Held(book.Levels, side))
        {
            foreach (var order in book.QueueAt(side, level.Price))
            {
                orders.Add(order);
            }
        }

        return [.. orders];
    }

    private static ulong[] Ids(OrderBook book, Side side, long price)
    {
        List<ulong> ids = [];
        foreach (var order in book.QueueAt(side, price))
        {
            ids.Add(order.Id);
        }

        return [.. ids];
    }
}
