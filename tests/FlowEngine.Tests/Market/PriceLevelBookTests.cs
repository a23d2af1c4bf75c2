using System.Runtime.Intrinsics;
using CsCheck;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

public class PriceLevelBookTests
{
    private enum Op
    {
        Set,
        Delta,
        Delete,
        Clear,
    }

    [Fact]
    public void Roomy_book_equals_the_dictionary_after_every_change() => CompareWithModel(
        capacity: 512,
        price: Gen.Long[-60, 60],
        length: 400,
        countersToo: true);

    [Fact]
    public void Book_that_overflows_holds_exactly_the_best_levels_that_it_knows()
    {
        CompareWithModel(capacity: 1, price: Gen.Long[-3, 3], length: 80, countersToo: false);
        CompareWithModel(capacity: 3, price: Gen.Long[-6, 6], length: 120, countersToo: false);
        CompareWithModel(capacity: 20, price: Gen.Long[-40, 40], length: 300, countersToo: false);
    }

    [Fact]
    public void Window_of_many_summary_words_equals_the_dictionary() => CompareWithModel(
        capacity: 100,
        price: Gen.OneOf(Gen.Long[-20_000, 20_000], Gen.Long[-70, 70], Gen.Long[4_000, 4_200]),
        length: 200,
        countersToo: false,
        windows: Gen.OneOf(8_192, 16_384, BookOptions.MaxWindowTicks),
        iterations: 40);

    [Fact]
    public void Prices_may_be_any_long() => CompareWithModel(
        capacity: 6,
        price: Gen.OneOf(
            long.MinValue, long.MinValue + 1, -1_000_000_007, -1, 0, 1, 3, 1L << 40, long.MaxValue - 1, long.MaxValue),
        length: 80,
        countersToo: false);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trending_market_moves_through_the_storage_many_times(bool up)
    {
        using var book = new PriceLevelBook(64);
        var bids = new ModelSide(Side.Bid, 64);
        var asks = new ModelSide(Side.Ask, 64);
        for (var step = 0; step < 2000; step++)
        {
            long touch = up ? step : -step;
            Both(touch - 1, bids, asks, book, Side.Bid);
            Both(touch + 1, bids, asks, book, Side.Ask);
        }

        Assert.Null(BookCheck.Find(book));

        static void Both(long price, ModelSide bids, ModelSide asks, PriceLevelBook book, Side side)
        {
            var model = side == Side.Bid ? bids : asks;
            model.Set(price, 5);
            book.Set(side, price, 5);
            long far = price + (side == Side.Bid ? -40 : 40);
            long crossed = price + (side == Side.Bid ? 1 : -1);
            foreach (long gone in (ReadOnlySpan<long>)[far, crossed])
            {
                model.Delete(gone);
                book.Delete(side, gone);
            }

            Assert.Equal(model.Held, Held(book, side));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sorted_levels_fill_a_side_to_its_capacity_and_no_further(bool bestFirst)
    {
        using var book = new PriceLevelBook(1000);
        for (var i = 0; i < 1500; i++)
        {
            book.Set(Side.Ask, bestFirst ? i : 1499 - i, 1);
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), Held(book, Side.Ask).Select(level => level.Price));
        Assert.True(book.IsTruncated);
        Assert.Equal(bestFirst ? (0, 500) : (500, 0), (book.Counters.Evicted, book.Counters.BeyondDepth));
    }

    [Fact]
    public void Level_beyond_the_horizon_stays_out_even_when_there_is_room_again()
    {
        using var book = new PriceLevelBook(2);
        book.Set(Side.Bid, 100, 1);
        book.Set(Side.Bid, 99, 1);
        book.Set(Side.Bid, 98, 1); // left out: horizon 98
        Assert.True(book.Delete(Side.Bid, 100));

        // 97 would now be second, but the venue still holds 98 before it.
        Assert.False(book.Set(Side.Bid, 97, 1));
        Assert.False(book.Set(Side.Bid, 98, 4));
        Assert.Equal([new PriceLevel(99, 1)], Held(book, Side.Bid));
        Assert.Equal(ValidityFlags.PartialDepth | ValidityFlags.OneSided, book.Shape);

        book.Clear();
        Assert.True(book.Set(Side.Bid, 97, 1));
        Assert.Equal(ValidityFlags.OneSided, book.Shape);
    }

    [Fact]
    public void Shape_tells_empty_one_sided_locked_and_crossed()
    {
        using var book = new PriceLevelBook(4);
        Assert.Equal(ValidityFlags.Empty, book.Shape);
        book.Set(Side.Bid, 10, 1);
        Assert.Equal(ValidityFlags.OneSided, book.Shape);
        book.Set(Side.Ask, 11, 1);
        Assert.Equal(ValidityFlags.None, book.Shape);
        book.Set(Side.Ask, 10, 1);
        Assert.Equal(ValidityFlags.Locked, book.Shape);
        Assert.False(book.IsCrossed);
        book.Set(Side.Ask, 9, 1);
        Assert.Equal(ValidityFlags.Crossed, book.Shape);
        Assert.True(book.IsCrossed);
    }

    [Fact]
    public void What_cannot_be_applied_is_counted_by_reason()
    {
        using var book = new PriceLevelBook(4);
        Assert.False(book.Set(Side.Bid, 10, 0));
        Assert.False(book.Set(Side.Bid, 10, -5));
        Assert.False(book.Set(Side.Unknown, 10, 5));
        Assert.False(book.Set((Side)9, 10, 5));
        Assert.False(book.Delete(Side.Bid, 10));
        Assert.False(book.Add(Side.Bid, 10, 0));
        Assert.False(book.Add(Side.Bid, 10, -1));
        Assert.True(book.Set(Side.Bid, 10, 5));
        Assert.False(book.Add(Side.Bid, 10, long.MaxValue));
        Assert.Equal([new PriceLevel(10, 5)], Held(book, Side.Bid));
        Assert.True(book.Add(Side.Bid, 10, -6)); // the level is gone, and was less than the venue thought

        Assert.Equal(0, book.Bids.Count);
        Assert.Equal((5, 2, 2), (book.Counters.Refused, book.Counters.UnknownDeletes, book.Counters.NegativeResults));
    }

    [Fact]
    public void Book_without_its_memory_holds_nothing_and_takes_nothing()
    {
        var book = new PriceLevelBook(4);
        book.Set(Side.Bid, 10, 5);
        book.Dispose();

        Assert.False(book.Set(Side.Bid, 10, 5));
        Assert.False(book.Add(Side.Ask, 10, 5));
        Assert.Equal((0, 0), (book.Bids.Count, book.Asks.Count));
    }

    [Fact]
    public void Capacity_has_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PriceLevelBook(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PriceLevelBook(BookOptions.MaxLevelsPerSide + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BookOptions { LevelsPerSide = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BookOptions { BufferedEvents = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BookOptions { CrossedMaxNs = -1 });
    }

    internal static PriceLevel[] Held(PriceLevelBook book, Side side)
    {
        var levels = side == Side.Bid ? book.Bids : book.Asks;
        var held = new PriceLevel[levels.Count];
        for (var rank = 0; rank < held.Length; rank++)
        {
            held[rank] = levels[rank];
        }

        return held;
    }

    private static void CompareWithModel(
        int capacity, Gen<long> price, int length, bool countersToo, Gen<int>? windows = null, int iterations = 400)
    {
        windows ??= Gen.OneOf(0, 64, 128, 1024);
        var lots = Gen.Frequency((20, Gen.Long[-6, 9]), (1, Gen.OneOf(long.MaxValue, long.MinValue)));
        var op = Gen.Select(
            Gen.Frequency((8, Op.Set), (5, Op.Delta), (5, Op.Delete)), Gen.Bool, price, lots, Gen.Int[0, 199]);

        Gen.Select(op.Array[1, length], windows, Gen.OneOf(1, 2, 5, 12)).Sample(
            (ops, window, tick) =>
            {
                using var book = new PriceLevelBook(capacity, window, tick);
                var bids = new ModelSide(Side.Bid, capacity);
                var asks = new ModelSide(Side.Ask, capacity);
                foreach (var (kind, isBid, at, quantity, die) in ops)
                {
                    Apply(die == 0 ? Op.Clear : kind, isBid, at, quantity, book, bids, asks);
                    Assert.Null(BookCheck.Find(book));
                    Assert.Equal(bids.Held, Held(book, Side.Bid));
                    Assert.Equal(asks.Held, Held(book, Side.Ask));
                    Assert.Equal(bids.IsTruncated || asks.IsTruncated, book.IsTruncated);
                    AssertBands(book.Bids, bids.Held, -1, at, die);
                    AssertBands(book.Asks, asks.Held, 1, at, die);
                    if (countersToo)
                    {
                        var counts = book.Counters;
                        Assert.Equal(
                            (bids.Unknown + asks.Unknown, bids.Refused + asks.Refused, bids.Negative + asks.Negative),
                            (counts.UnknownDeletes, counts.Refused, counts.NegativeResults));
                    }
                }
            },
            iter: iterations);
    }

    // Mostly at the prices asked for before, so that sums are kept up over changes, now and then elsewhere.
    private static void AssertBands(BookSide side, PriceLevel[] held, int sign, long at, int die)
    {
        long centre = die % 4 == 0 && at is > -100_000 and < 100_000 ? at : 0;
        var worst = Vector256.Create(centre - (sign * 9), centre, centre + (sign * 3), centre + (sign * 30));
        Assert.Equal(held.Take(10), side.Best(new PriceLevel[10]).ToArray());
        if (held.Length > 0)
        {
            Assert.Equal(held[^1].Price, side.WorstPrice);
        }

        if (!side.TryLotsWithin(worst, out var lots))
        {
            return;
        }

        for (var band = 0; band < 4; band++)
        {
            long limit = worst[band];
            Assert.Equal(
                held.Where(level => sign > 0 ? level.Price <= limit : level.Price >= limit).Sum(level => level.Lots),
                lots[band]);
        }
    }

    private static void Apply(
        Op kind, bool isBid, long price, long lots, PriceLevelBook book, ModelSide bids, ModelSide asks)
    {
        var model = isBid ? bids : asks;
        var e = new MarketEvent { Side = isBid ? Side.Bid : Side.Ask, Price = price, Quantity = lots };
        var before = model.Held;
        switch (kind)
        {
            case Op.Set:
                e.Kind = EventKind.LevelSet;
                model.Set(price, lots);
                break;
            case Op.Delta:
                e.Kind = EventKind.LevelDelta;
                model.Add(price, lots);
                break;
            case Op.Delete:
                e.Kind = EventKind.LevelDelete;
                model.Delete(price);
                break;
            default:
                e.Kind = EventKind.Clear;
                bids.Clear();
                asks.Clear();
                break;
        }

        bool changed = book.Apply(in e);
        if (!model.Held.SequenceEqual(before))
        {
            Assert.True(changed);
        }
    }
}
